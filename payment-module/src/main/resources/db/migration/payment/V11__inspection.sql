-- What the standing inspection of all modules has found: payments that contradict what was handed out for them.
CREATE TABLE payment.finding (
  out_trade_no text        PRIMARY KEY,
  cause        text        NOT NULL CHECK (cause IN ('HANDED_OUT_UNPAID', 'REFUNDED_BUT_GRANTED', 'UNKNOWN_TO_MODULE')),
  purpose      text        NOT NULL,
  reference    text        NOT NULL,
  user_id      text        NOT NULL,
  amount       bigint      NOT NULL,
  currency     text        NOT NULL,
  since        timestamptz NOT NULL,
  found_at     timestamptz NOT NULL
);

-- One row: who inspects, when the next is due, and when all of it was inspected last.
CREATE TABLE payment.inspection (
  only_one    boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
  lease_until timestamptz,
  next_at     timestamptz NOT NULL DEFAULT now(),
  full_at     timestamptz
);
INSERT INTO payment.inspection DEFAULT VALUES;

GRANT SELECT, INSERT, UPDATE, DELETE ON payment.finding TO "${runtimeRole}";
GRANT SELECT, UPDATE ON payment.inspection TO "${runtimeRole}";
