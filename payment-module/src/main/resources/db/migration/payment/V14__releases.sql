-- A genuine delivery of another amount than was asked for can be released: by two people, or by a policy that gives all of it
-- back. The payment is then paid with what was received.

-- What was received, where that is not what was asked for; empty for all others.
ALTER TABLE payment.payment
  ADD COLUMN received_amount bigint,
  ADD CONSTRAINT received_other_than_asked
    CHECK (received_amount IS NULL
           OR received_amount BETWEEN 1 AND 10000000000 AND received_amount <> amount
              AND state IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED')),
  DROP CONSTRAINT refunded_within_amount,
  ADD CONSTRAINT refunded_within_amount
    CHECK (refunded_amount BETWEEN 0 AND coalesce(received_amount, amount)),
  DROP CONSTRAINT refunded_as_state_says,
  ADD CONSTRAINT refunded_as_state_says
    CHECK (CASE state WHEN 'REFUNDED'           THEN refunded_amount = coalesce(received_amount, amount)
                      WHEN 'PARTIALLY_REFUNDED' THEN refunded_amount BETWEEN 1 AND coalesce(received_amount, amount) - 1
                      ELSE refunded_amount = 0 END),
  DROP CONSTRAINT payment_fulfilment_reason_check,
  ADD CONSTRAINT payment_fulfilment_reason_check
    CHECK (fulfilment_reason IN
           ('LATE', 'SURPLUS', 'CANCELLED_BEFORE', 'OTHER_AMOUNT', 'RETRIES_EXHAUSTED', 'NO_LISTENER'));

-- One proposal to release one delivery, and what became of it. Kept for ever.
CREATE TABLE payment.release (
  id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  out_trade_no text        NOT NULL REFERENCES payment.payment,
  callback_id  uuid        NOT NULL,
  received     bigint      NOT NULL CHECK (received BETWEEN 1 AND 10000000000),
  action       text        NOT NULL CHECK (action IN ('REFUND', 'REOPEN', 'CREDIT_TO_WALLET')),
  reason       text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
  proposed_by  text        NOT NULL,
  proposed_at  timestamptz NOT NULL,
  by_policy    boolean     NOT NULL DEFAULT false,
  -- changing columns
  state        text        NOT NULL DEFAULT 'PROPOSED' CHECK (state IN ('PROPOSED', 'RELEASED', 'DECLINED', 'WITHDRAWN')),
  decided_by   text,
  decided_at   timestamptz,
  note         text        CHECK (length(note) BETWEEN 1 AND 200),
  CONSTRAINT decided_by_somebody
    CHECK ((state = 'PROPOSED') = (decided_at IS NULL)
           AND (decided_by IS NOT NULL) = (state <> 'PROPOSED' AND NOT by_policy)),
  CONSTRAINT released_by_another
    CHECK (state <> 'RELEASED' OR by_policy OR decided_by <> proposed_by),
  CONSTRAINT declined_by_another
    CHECK (state <> 'DECLINED' OR decided_by <> proposed_by),
  CONSTRAINT withdrawn_by_the_same
    CHECK (state <> 'WITHDRAWN' OR decided_by = proposed_by),
  -- Money may go back to where it came from without a person, and nothing else may.
  CONSTRAINT policy_only_gives_back
    CHECK (NOT by_policy OR action = 'REFUND' AND state = 'RELEASED')
);
CREATE INDEX release_of ON payment.release (out_trade_no, id);
-- One at a time, and never a second one.
CREATE UNIQUE INDEX release_open ON payment.release (out_trade_no) WHERE state = 'PROPOSED';
CREATE UNIQUE INDEX release_done ON payment.release (out_trade_no) WHERE state = 'RELEASED';

CREATE FUNCTION payment.refuse_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'release % of payment %: what was proposed cannot be changed, and is decided once', NEW.id, NEW.out_trade_no
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER release_terms BEFORE UPDATE ON payment.release
  FOR EACH ROW WHEN (
    OLD.state <> 'PROPOSED' OR NEW.state = 'PROPOSED'
    OR (OLD.id, OLD.out_trade_no, OLD.callback_id, OLD.received, OLD.action, OLD.reason, OLD.proposed_by, OLD.proposed_at,
        OLD.by_policy)
         IS DISTINCT FROM
       (NEW.id, NEW.out_trade_no, NEW.callback_id, NEW.received, NEW.action, NEW.reason, NEW.proposed_by, NEW.proposed_at,
        NEW.by_policy))
  EXECUTE FUNCTION payment.refuse_release();
-- Nobody writes a release that another person was never asked about.
CREATE TRIGGER release_proposed_before BEFORE INSERT ON payment.release
  FOR EACH ROW WHEN (NEW.state <> 'PROPOSED' AND NOT NEW.by_policy) EXECUTE FUNCTION payment.refuse_release();

-- Another amount is received only by a release of just that amount, in the moment in which the payment becomes paid; and what
-- is to go back is not due to be handed out.
CREATE FUNCTION payment.require_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (TG_OP = 'INSERT' OR OLD.state IN ('PENDING', 'CLOSED'))
     AND EXISTS (SELECT FROM payment.release r
                 WHERE r.out_trade_no = NEW.out_trade_no AND r.state = 'RELEASED' AND r.received = NEW.received_amount
                   AND (r.action = 'REOPEN' OR NEW.fulfilment = 'PARKED' AND NEW.fulfilment_reason = 'OTHER_AMOUNT')) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'payment %: nobody has released a delivery of %', NEW.out_trade_no, NEW.received_amount
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payment_received BEFORE UPDATE OF received_amount ON payment.payment
  FOR EACH ROW WHEN (OLD.received_amount IS DISTINCT FROM NEW.received_amount) EXECUTE FUNCTION payment.require_release();
CREATE TRIGGER payment_received_at_once BEFORE INSERT ON payment.payment
  FOR EACH ROW WHEN (NEW.received_amount IS NOT NULL) EXECUTE FUNCTION payment.require_release();

-- What was released to go back is not handed out after all, and becomes balance only if it was released for that.
CREATE FUNCTION payment.refuse_other_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.credited_as IS NOT NULL
     AND EXISTS (SELECT FROM payment.release r
                 WHERE r.out_trade_no = NEW.out_trade_no AND r.state = 'RELEASED' AND r.action = 'CREDIT_TO_WALLET') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'payment % of another amount was not released to become %', NEW.out_trade_no, NEW.fulfilment
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payment_released_use BEFORE UPDATE OF fulfilment ON payment.payment
  FOR EACH ROW WHEN (
    OLD.fulfilment = 'PARKED' AND coalesce(OLD.held_reason, OLD.fulfilment_reason) = 'OTHER_AMOUNT'
    AND NEW.fulfilment IN ('PENDING', 'FAILED', 'SUCCEEDED'))
  EXECUTE FUNCTION payment.refuse_other_use();

-- We never ask for more to be given back than was received.
CREATE OR REPLACE FUNCTION payment.refuse_refund_beyond_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  paid     bigint;
  promised bigint;
BEGIN
  SELECT coalesce(received_amount, amount) INTO paid FROM payment.payment
  WHERE out_trade_no = NEW.out_trade_no AND state IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED') FOR NO KEY UPDATE;
  SELECT coalesce(sum(amount), 0) INTO promised FROM payment.refund
  WHERE out_trade_no = NEW.out_trade_no AND state <> 'FAILED';
  IF paid IS NULL OR promised + NEW.amount > paid THEN
    RAISE EXCEPTION 'refund % would give back more than was paid by payment %', NEW.refund_no, NEW.out_trade_no
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- The refund that comes with a release is asked for as one that a policy has decided on.
ALTER TABLE payment.policy_decision
  DROP CONSTRAINT policy_decision_reason_check,
  ADD CONSTRAINT policy_decision_reason_check
    CHECK (reason IN ('LATE', 'SURPLUS', 'CANCELLED_BEFORE', 'OTHER_AMOUNT')),
  DROP CONSTRAINT policy_decision_why_check,
  ADD CONSTRAINT policy_decision_why_check CHECK (why IN ('SETTING', 'TOO_MUCH', 'PARKED_AGAIN', 'RELEASED'));

GRANT SELECT, INSERT ON payment.release TO "${runtimeRole}";
GRANT UPDATE (state, decided_by, decided_at, note) ON payment.release TO "${runtimeRole}";
