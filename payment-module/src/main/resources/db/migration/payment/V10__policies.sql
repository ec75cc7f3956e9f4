-- What a policy decides about payments that are paid and parked, and what the board of money without goods reads.

-- Since when a parked payment waits for a policy; empty once one has decided, and for what was parked before there were
-- policies: that is for people, who may have begun with it.
ALTER TABLE payment.payment ADD COLUMN undecided_since timestamptz;

CREATE FUNCTION payment.note_parking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.undecided_since := now();
  RETURN NEW;
END $$;
CREATE TRIGGER payment_parking BEFORE UPDATE OF fulfilment, fulfilment_reason, held_fulfilment ON payment.payment
  FOR EACH ROW WHEN (
    NEW.fulfilment = 'PARKED' AND NEW.state = 'PAID' AND NEW.held_fulfilment IS NULL
    AND NEW.fulfilment_reason IN ('LATE', 'SURPLUS', 'CANCELLED_BEFORE')
    AND (OLD.fulfilment, OLD.fulfilment_reason, OLD.held_fulfilment)
          IS DISTINCT FROM (NEW.fulfilment, NEW.fulfilment_reason, NEW.held_fulfilment))
  EXECUTE FUNCTION payment.note_parking();

-- Nearly empty at rest: what is decided, handed out or being given back is not in it.
CREATE INDEX payment_undecided ON payment.payment (undecided_since)
  WHERE fulfilment = 'PARKED' AND held_fulfilment IS NULL AND undecided_since IS NOT NULL;

CREATE TABLE payment.policy_decision (
  id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  out_trade_no text        NOT NULL REFERENCES payment.payment,
  reason       text        NOT NULL CHECK (reason IN ('LATE', 'SURPLUS', 'CANCELLED_BEFORE')),
  action       text        NOT NULL CHECK (action IN ('REOPEN', 'REFUND', 'ASK')),
  why          text        NOT NULL CHECK (why IN ('SETTING', 'TOO_MUCH', 'PARKED_AGAIN')),
  decided_at   timestamptz NOT NULL,
  decided_by   text        NOT NULL,
  result       text        NOT NULL CHECK (result IN ('STARTED', 'REFUNDING', 'DONE', 'ASKS')),
  refund_no    text,
  detail       text,
  attempts     int         NOT NULL DEFAULT 1,
  due_at       timestamptz,
  CONSTRAINT asks_when_told_to   CHECK (action <> 'ASK' OR result = 'ASKS'),
  CONSTRAINT refund_has_a_number CHECK ((action = 'REFUND') = (refund_no IS NOT NULL)),
  CONSTRAINT due_when_started    CHECK ((result = 'STARTED') = (due_at IS NOT NULL))
);
-- Nothing is done twice for the same reason.
CREATE UNIQUE INDEX policy_acts_once   ON payment.policy_decision (out_trade_no, reason) WHERE action <> 'ASK';
CREATE INDEX policy_decision_of        ON payment.policy_decision (out_trade_no, id);
CREATE INDEX policy_decision_due       ON payment.policy_decision (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX policy_decision_refunding ON payment.policy_decision (id) WHERE result = 'REFUNDING';

-- What a person has looked into and settled outside of this system, so that it leaves the board.
CREATE TABLE payment.dealt_with (
  line         text        PRIMARY KEY,
  out_trade_no text        NOT NULL,
  at           timestamptz NOT NULL,
  actor        text        NOT NULL,
  note         text        NOT NULL CHECK (length(note) BETWEEN 1 AND 200)
);

-- Where the board begins to read. None of them holds a payment that is handed out at the first attempt.
CREATE INDEX payment_parked_because ON payment.payment (fulfilment_reason, paid_at) WHERE fulfilment = 'PARKED';
CREATE INDEX payment_hard_to_hand_out ON payment.payment (paid_at)
  WHERE due_at IS NOT NULL AND (attempts > 0 OR fulfilment_error IS NOT NULL);

GRANT SELECT, INSERT, UPDATE ON payment.policy_decision TO "${runtimeRole}";
GRANT SELECT, INSERT ON payment.dealt_with TO "${runtimeRole}";
