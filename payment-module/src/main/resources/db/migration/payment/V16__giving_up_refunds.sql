-- A refund that never gets a clear answer is given up by two persons: one says how it ended and how he knows, another confirms.
-- Whether it is time for that is known by who books.
ALTER TABLE payment.refund
  -- What it is to be: nothing has gone and nothing will, or the money was given back in another way, with a reference.
  ADD COLUMN give_up_as        text CHECK (give_up_as IN ('FAILED', 'SUCCEEDED')),
  ADD COLUMN give_up_reason    text CHECK (length(give_up_reason) BETWEEN 1 AND 200),
  ADD COLUMN give_up_reference text CHECK (length(give_up_reference) BETWEEN 1 AND 64),
  ADD COLUMN give_up_by        text,
  ADD COLUMN give_up_at        timestamptz,
  ADD COLUMN given_up_by       text,
  ADD COLUMN given_up_at       timestamptz,
  ADD CONSTRAINT give_up_whole
    CHECK (num_nulls(give_up_as, give_up_reason, give_up_by, give_up_at) IN (0, 4)
           AND (give_up_reference IS NOT NULL) = (give_up_as IS NOT DISTINCT FROM 'SUCCEEDED')),
  ADD CONSTRAINT give_up_of_our_own
    CHECK (give_up_as IS NULL OR requested_by IS NOT NULL),
  ADD CONSTRAINT given_up_by_another
    CHECK (given_up_by IS NULL OR given_up_by <> give_up_by),
  -- It ends with the confirmation, as was proposed; so what has ended otherwise cannot be given up any more.
  ADD CONSTRAINT given_up_as_proposed
    CHECK ((given_up_by IS NULL) = (given_up_at IS NULL)
           AND (given_up_at IS NULL OR give_up_as IS NOT NULL AND state = give_up_as AND settled_at = given_up_at));

CREATE INDEX refund_give_up ON payment.refund (give_up_at) WHERE give_up_as IS NOT NULL AND due_at IS NOT NULL;

-- What was confirmed stays, and nothing is proposed and confirmed, or changed and confirmed, at once.
CREATE FUNCTION payment.refuse_refund_giving_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'refund %: what was decided about giving it up cannot be changed', NEW.refund_no
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER refund_given_up
  BEFORE UPDATE OF give_up_as, give_up_reason, give_up_reference, give_up_by, give_up_at, given_up_by, given_up_at
  ON payment.refund
  FOR EACH ROW WHEN (
    (OLD.given_up_at IS NOT NULL OR NEW.given_up_at IS NOT NULL)
    AND ((OLD.give_up_as, OLD.give_up_reason, OLD.give_up_reference, OLD.give_up_by, OLD.give_up_at)
           IS DISTINCT FROM
         (NEW.give_up_as, NEW.give_up_reason, NEW.give_up_reference, NEW.give_up_by, NEW.give_up_at)
         OR OLD.given_up_at IS NOT NULL
            AND (OLD.given_up_by, OLD.given_up_at) IS DISTINCT FROM (NEW.given_up_by, NEW.given_up_at)))
  EXECUTE FUNCTION payment.refuse_refund_giving_up();
CREATE TRIGGER refund_given_up_before BEFORE INSERT ON payment.refund
  FOR EACH ROW WHEN (NEW.give_up_as IS NOT NULL) EXECUTE FUNCTION payment.refuse_refund_giving_up();
