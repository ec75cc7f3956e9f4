-- The registry of Spring Modulith 2.1 (structure v2): one row per event and listener until the listener is done.
-- A notebook for retries, not the source of truth: that is payment.payment (fulfilment, due_at).
CREATE TABLE event_publication (
  id                     uuid        PRIMARY KEY,
  listener_id            text        NOT NULL,
  event_type             text        NOT NULL,
  serialized_event       text        NOT NULL,
  publication_date       timestamptz NOT NULL,
  completion_date        timestamptz,
  status                 text,
  completion_attempts    int,
  last_resubmission_date timestamptz
);

CREATE INDEX event_publication_by_date  ON event_publication (publication_date);
CREATE INDEX event_publication_by_event ON event_publication USING hash (serialized_event);

GRANT SELECT, INSERT, UPDATE, DELETE ON event_publication TO "${runtimeRole}";
