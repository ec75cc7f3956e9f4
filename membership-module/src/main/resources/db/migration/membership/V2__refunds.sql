-- What a refund of the payment that was granted has taken back: days, in whole. Kept, so that a repeat finds what the first did.
CREATE TABLE membership.refund (
  out_trade_no  text        NOT NULL,
  refund_no     text        NOT NULL CHECK (length(refund_no) BETWEEN 1 AND 64),
  -- ASKED: before the money was sent; TOLD: it was gone when we heard of it.
  way           text        NOT NULL CHECK (way IN ('ASKED', 'TOLD')),
  purchase_no   text        COLLATE "C" NOT NULL,
  amount        bigint      NOT NULL CHECK (amount BETWEEN 1 AND 10000000000),
  due_days      int         NOT NULL CHECK (due_days BETWEEN 0 AND 36500),  -- what the amount stands for
  days          int         NOT NULL,                                       -- what of it was unused, and is taken
  taken_at      timestamptz NOT NULL,
  -- changing column
  given_back_at timestamptz,
  PRIMARY KEY (out_trade_no, refund_no, way),
  UNIQUE (out_trade_no, refund_no, way, days),
  CONSTRAINT of_the_payment_that_was_granted
    FOREIGN KEY (purchase_no, out_trade_no) REFERENCES membership.membership_grant (purchase_no, out_trade_no),
  CONSTRAINT never_more_than_due CHECK (days BETWEEN 0 AND due_days),
  CONSTRAINT only_what_was_asked_for_can_fail CHECK (way = 'ASKED' OR given_back_at IS NULL)
);

CREATE FUNCTION membership.refuse_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'refund % of payment %: what was taken back cannot be changed, and is given back once',
    OLD.refund_no, OLD.out_trade_no USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER refund_kept BEFORE DELETE ON membership.refund
  FOR EACH ROW EXECUTE FUNCTION membership.refuse_refund();
CREATE TRIGGER refund_terms BEFORE UPDATE ON membership.refund
  FOR EACH ROW WHEN (
    OLD.given_back_at IS NOT NULL OR NEW.given_back_at IS NULL
    OR (OLD.out_trade_no, OLD.refund_no, OLD.way, OLD.purchase_no, OLD.amount, OLD.due_days, OLD.days, OLD.taken_at)
         IS DISTINCT FROM
       (NEW.out_trade_no, NEW.refund_no, NEW.way, NEW.purchase_no, NEW.amount, NEW.due_days, NEW.days, NEW.taken_at))
  EXECUTE FUNCTION membership.refuse_refund();

-- All refunds of a purchase together stand for no more days than it gave.
CREATE FUNCTION membership.require_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM membership.purchase WHERE purchase_no = NEW.purchase_no FOR NO KEY UPDATE;
  IF NEW.due_days + (SELECT coalesce(sum(r.due_days), 0) FROM membership.refund r
                     WHERE r.out_trade_no = NEW.out_trade_no AND r.given_back_at IS NULL)
     > (SELECT g.days FROM membership.membership_grant g WHERE g.out_trade_no = NEW.out_trade_no) THEN
    RAISE EXCEPTION 'refunds of payment % take more days than it gave', NEW.out_trade_no USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refund_within_grant BEFORE INSERT ON membership.refund
  FOR EACH ROW EXECUTE FUNCTION membership.require_days();

-- The line goes on as before, and has entries of two more kinds. TAKEN begins at the line's end and ends earlier, so the
-- line is shorter from then on; GIVEN_BACK is like a grant. So the end of the last entry is the end of the line, always.
ALTER TABLE membership.membership_grant
  ALTER COLUMN out_trade_no DROP NOT NULL,
  ALTER COLUMN purchase_no DROP NOT NULL,
  ADD COLUMN kind          text NOT NULL DEFAULT 'GRANT' CHECK (kind IN ('GRANT', 'TAKEN', 'GIVEN_BACK')),
  ADD COLUMN refund_of     text,  -- the payment
  ADD COLUMN refund_no     text,
  ADD COLUMN refund_way    text,
  ADD COLUMN refunded_days int  GENERATED ALWAYS AS (CASE WHEN kind <> 'GRANT' THEN abs(days) END) STORED,
  DROP CONSTRAINT membership_grant_days_check,
  DROP CONSTRAINT begins_when_the_one_before_has_ended,
  ADD CONSTRAINT only_what_is_taken_is_less_than_nothing
    CHECK (CASE kind WHEN 'GRANT' THEN days BETWEEN 1 AND 36500
                     WHEN 'TAKEN' THEN days BETWEEN -36500 AND 0 AND ends_at < starts_at
                     ELSE days BETWEEN 0 AND 36500 AND ends_at > starts_at END),
  -- The last refund takes the rest of the day that has begun, too.
  DROP CONSTRAINT a_day_is_24_hours,
  ADD CONSTRAINT a_day_is_24_hours
    CHECK (CASE kind WHEN 'GRANT' THEN extract(epoch FROM ends_at) - extract(epoch FROM starts_at) = days * 86400
                     ELSE trunc((extract(epoch FROM ends_at) - extract(epoch FROM starts_at)) / 86400) = days END),
  ADD CONSTRAINT begins_when_the_one_before_has_ended
    CHECK (CASE kind WHEN 'TAKEN' THEN starts_at = previous_ends_at ELSE starts_at >= previous_ends_at END),
  ADD CONSTRAINT something_must_be_there_to_be_taken
    CHECK (kind <> 'TAKEN' OR seq > 1),
  ADD CONSTRAINT only_days_ahead_are_taken
    CHECK (kind <> 'TAKEN' OR ends_at >= granted_at),
  ADD CONSTRAINT a_grant_by_a_payment
    CHECK ((kind = 'GRANT') = (out_trade_no IS NOT NULL) AND (kind = 'GRANT') = (purchase_no IS NOT NULL)),
  ADD CONSTRAINT the_rest_by_a_refund
    CHECK ((kind <> 'GRANT') = (refund_of IS NOT NULL) AND (kind <> 'GRANT') = (refund_no IS NOT NULL)
           AND (kind <> 'GRANT') = (refund_way IS NOT NULL)),
  ADD CONSTRAINT as_many_days_as_the_refund_says
    FOREIGN KEY (refund_of, refund_no, refund_way, refunded_days)
    REFERENCES membership.refund (out_trade_no, refund_no, way, days),
  ADD CONSTRAINT once_per_refund UNIQUE (refund_of, refund_no, refund_way, kind);

-- A refund moves the line of its own member; it takes before it is given back, and gives back just what it took.
CREATE FUNCTION membership.require_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
       SELECT FROM membership.refund r JOIN membership.membership_grant g ON g.out_trade_no = r.out_trade_no
       WHERE r.out_trade_no = NEW.refund_of AND r.refund_no = NEW.refund_no AND r.way = NEW.refund_way
         AND g.member_id = NEW.member_id AND (r.given_back_at IS NULL) = (NEW.kind = 'TAKEN'))
     OR NEW.kind = 'GIVEN_BACK' AND NOT EXISTS (
       SELECT FROM membership.membership_grant t
       WHERE t.refund_of = NEW.refund_of AND t.refund_no = NEW.refund_no AND t.refund_way = NEW.refund_way
         AND t.kind = 'TAKEN' AND t.starts_at - t.ends_at = NEW.ends_at - NEW.starts_at) THEN
    RAISE EXCEPTION 'refund % of payment % has nothing of the kind % for member %',
      NEW.refund_no, NEW.refund_of, NEW.kind, NEW.member_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grant_by_refund BEFORE INSERT ON membership.membership_grant
  FOR EACH ROW WHEN (NEW.kind <> 'GRANT') EXECUTE FUNCTION membership.require_refund();

-- As before; and REFUNDED is entered by a refund of the payment that was granted, and left in the moment in which such a
-- refund was given back.
CREATE OR REPLACE FUNCTION membership.refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (OLD.state, NEW.state) IN (('AWAITING_PAYMENT', 'GRANTED'), ('AWAITING_PAYMENT', 'CANCELLED'))
       OR (OLD.state, NEW.state) = ('GRANTED', 'REFUNDED')
          AND EXISTS (SELECT FROM membership.refund r WHERE r.out_trade_no = NEW.paid_by AND r.given_back_at IS NULL)
       OR (OLD.state, NEW.state) = ('REFUNDED', 'GRANTED')
          AND EXISTS (SELECT FROM membership.refund r WHERE r.out_trade_no = NEW.paid_by AND r.given_back_at = NEW.changed_at) THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'purchase % cannot go from % to %', OLD.purchase_no, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RAISE EXCEPTION 'purchase % must begin as AWAITING_PAYMENT, not as %', NEW.purchase_no, NEW.state
    USING ERRCODE = 'check_violation';
END $$;

GRANT SELECT, INSERT ON membership.refund TO "${runtimeRole}";
GRANT UPDATE (given_back_at) ON membership.refund TO "${runtimeRole}";
