-- A refund above the set limit needs a second person: it is booked like any other, and not sent before he has approved it.
-- Where the limit lies is known by who books.
ALTER TABLE payment.refund
  ADD COLUMN needs_approval boolean NOT NULL DEFAULT false,
  ADD COLUMN approved_by    text,
  ADD COLUMN approved_at    timestamptz,
  ADD CONSTRAINT approval_of_our_own
    CHECK (NOT needs_approval OR requested_by IS NOT NULL),
  ADD CONSTRAINT approval_where_needed
    CHECK ((approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL OR needs_approval)),
  ADD CONSTRAINT approved_by_another
    CHECK (approved_by IS NULL OR approved_by <> requested_by),
  -- Without an approval it waits, or has failed. Its turn never comes.
  ADD CONSTRAINT unsent_before_approval
    CHECK (NOT needs_approval OR approved_at IS NOT NULL OR state = 'FAILED'
           OR state = 'REQUESTED' AND due_at = 'infinity' AND attempts = 0);

CREATE INDEX refund_waiting ON payment.refund (created_at)
  WHERE needs_approval AND approved_at IS NULL AND state = 'REQUESTED';

-- Whether somebody must approve never changes, and an approval neither goes, nor comes too late, nor before it was asked for.
CREATE FUNCTION payment.refuse_refund_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'refund %: what was decided about it cannot be changed', NEW.refund_no USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER refund_approval BEFORE UPDATE OF needs_approval, approved_by, approved_at ON payment.refund
  FOR EACH ROW WHEN (
    OLD.needs_approval <> NEW.needs_approval
    OR (OLD.approved_by, OLD.approved_at) IS DISTINCT FROM (NEW.approved_by, NEW.approved_at)
       AND (OLD.approved_by IS NOT NULL OR OLD.state <> 'REQUESTED'))
  EXECUTE FUNCTION payment.refuse_refund_approval();
CREATE TRIGGER refund_approved_before BEFORE INSERT ON payment.refund
  FOR EACH ROW WHEN (NEW.approved_by IS NOT NULL) EXECUTE FUNCTION payment.refuse_refund_approval();
