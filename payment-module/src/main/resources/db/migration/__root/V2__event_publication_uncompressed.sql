-- A row is there for as long as a listener works. Its event is a few kilobytes, and to compress it costs more than to write it.
ALTER TABLE event_publication ALTER COLUMN serialized_event SET STORAGE EXTERNAL;
