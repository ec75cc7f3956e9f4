-- Refunds that we ask for: an intent first, then sent, then settled, then what was handed out is unwound.

-- A payment that is not handed out yet is kept from it while a refund of it is under way, and remembers what it was.
ALTER TABLE payment.payment
  ADD COLUMN held_fulfilment text CHECK (held_fulfilment IN ('PENDING', 'FAILED', 'PARKED')),
  ADD COLUMN held_reason     text,
  ADD CONSTRAINT held_while_not_handed_out
    CHECK (held_fulfilment IS NULL OR fulfilment IN ('PARKED', 'CANCELLED')),
  ADD CONSTRAINT held_reason_when_parked
    CHECK ((held_fulfilment IS NOT DISTINCT FROM 'PARKED') = (held_reason IS NOT NULL));

ALTER TABLE payment.refund
  -- Who asked for it; nobody here where it was started in a provider's console.
  ADD COLUMN requested_by    text,
  -- What other refunds had given back, or were about to, when this one was booked.
  ADD COLUMN gone_before     bigint,
  -- Whether what was handed out was taken back with the intent.
  ADD COLUMN taken           boolean     NOT NULL DEFAULT false,
  -- Sending and asking.
  ADD COLUMN attempts        int         NOT NULL DEFAULT 0,
  ADD COLUMN due_at          timestamptz,
  ADD COLUMN error           text,
  ADD COLUMN stuck_at        timestamptz,
  -- By the provider's clock.
  ADD COLUMN paid_out_at     timestamptz,
  -- Telling the module what has become of it.
  ADD COLUMN unwind_due_at   timestamptz,
  ADD COLUMN unwind_attempts int         NOT NULL DEFAULT 0,
  ADD COLUMN unwind_error    text,
  ADD COLUMN short_amount    bigint,
  ADD CONSTRAINT due_while_under_way
    CHECK ((due_at IS NOT NULL) = (state IN ('REQUESTED', 'PROCESSING') AND requested_by IS NOT NULL)),
  ADD CONSTRAINT stuck_while_processing
    CHECK (stuck_at IS NULL OR state = 'PROCESSING'),
  ADD CONSTRAINT unwound_when_ended
    CHECK (unwind_due_at IS NULL OR state IN ('SUCCEEDED', 'FAILED')),
  ADD CONSTRAINT taken_only_by_us
    CHECK (NOT taken OR requested_by IS NOT NULL),
  ADD CONSTRAINT short_within_amount
    CHECK (short_amount IS NULL OR short_amount BETWEEN 0 AND amount),
  ADD CONSTRAINT number_and_reason_of_our_own
    CHECK (requested_by IS NULL
           OR refund_no ~ '^[0-9A-Za-z_-]{6,32}$' AND length(reason) BETWEEN 1 AND 200 AND gone_before IS NOT NULL);

-- Numbers that we make are unique for ever, over all payments.
CREATE UNIQUE INDEX refund_of_our_own ON payment.refund (refund_no) WHERE requested_by IS NOT NULL;
-- What is under way, and what the modules are still to be told; nearly empty at rest.
CREATE INDEX refund_due    ON payment.refund (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX refund_unwind ON payment.refund (unwind_due_at) WHERE unwind_due_at IS NOT NULL;
-- What a person must look at.
CREATE INDEX refund_short  ON payment.refund (settled_at) WHERE short_amount > 0;
CREATE INDEX refund_stuck  ON payment.refund (stuck_at) WHERE stuck_at IS NOT NULL;

-- The modules have not heard of the refunds that were booked until now.
UPDATE payment.refund SET unwind_due_at = now() WHERE state = 'SUCCEEDED';

-- We never ask for more to be given back than was paid. A provider's notice is not refused here: it tells what has happened.
CREATE FUNCTION payment.refuse_refund_beyond_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  paid     bigint;
  promised bigint;
BEGIN
  SELECT amount INTO paid FROM payment.payment
  WHERE out_trade_no = NEW.out_trade_no AND state IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED') FOR NO KEY UPDATE;
  SELECT coalesce(sum(amount), 0) INTO promised FROM payment.refund
  WHERE out_trade_no = NEW.out_trade_no AND state <> 'FAILED';
  IF paid IS NULL OR promised + NEW.amount > paid THEN
    RAISE EXCEPTION 'refund % would give back more than was paid by payment %', NEW.refund_no, NEW.out_trade_no
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refund_within_payment BEFORE INSERT ON payment.refund
  FOR EACH ROW WHEN (NEW.requested_by IS NOT NULL) EXECUTE FUNCTION payment.refuse_refund_beyond_payment();

-- What was asked for never changes.
CREATE FUNCTION payment.refuse_refund_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'refund %: what was asked for cannot be changed', OLD.refund_no USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER refund_terms BEFORE UPDATE OF out_trade_no, refund_no, amount, reason, requested_by, taken, created_at
  ON payment.refund
  FOR EACH ROW WHEN (
    (OLD.out_trade_no, OLD.refund_no, OLD.amount, OLD.reason, OLD.requested_by, OLD.taken, OLD.created_at)
      IS DISTINCT FROM
    (NEW.out_trade_no, NEW.refund_no, NEW.amount, NEW.reason, NEW.requested_by, NEW.taken, NEW.created_at))
  EXECUTE FUNCTION payment.refuse_refund_rewriting();

-- Which interventions there are is known by who makes them.
ALTER TABLE payment.intervention
  DROP CONSTRAINT intervention_action_check,
  ADD CONSTRAINT intervention_action_check CHECK (action ~ '^[A-Z_]{3,40}$');
