-- The horizon of a month is the number of the transaction that notes it: all numbers given out before are below that, also those
-- of postings in flight. The upper end of a snapshot is above those only that have ended.
CREATE OR REPLACE FUNCTION wallet.only_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.state = 'CLOSING' AND NEW.horizon_xid IS NULL THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'CLOSING' AND NEW.month = OLD.month
     AND NEW.horizon_xid IS NOT DISTINCT FROM coalesce(OLD.horizon_xid, pg_current_xact_id()::text::bigint)
     AND (NEW.state = 'CLOSING' OR OLD.horizon_xid IS NOT NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the month % is closed in the order CLOSING, CLOSED, and not opened again', coalesce(OLD.month, NEW.month)
    USING ERRCODE = 'LG003';
END $$;
