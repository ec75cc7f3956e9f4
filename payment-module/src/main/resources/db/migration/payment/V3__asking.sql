-- What is to be done next about a payment that is not paid yet: its provider is asked, or it is closed. A table of its own, so
-- that asking writes nothing into the payment's row and its indexes. A row that is not needed any more goes when it is due.
CREATE TABLE payment.asking (
  out_trade_no text        PRIMARY KEY REFERENCES payment.payment ON DELETE CASCADE,
  provider     text        NOT NULL,
  account      text        NOT NULL,
  -- Whether there is anybody to ask; else the payment only expires here.
  askable      boolean     NOT NULL,
  -- Due then; while it is being done, the end of the lease.
  next_ask_at  timestamptz NOT NULL,
  asked        int         NOT NULL DEFAULT 0,
  closings     int         NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE INDEX asking_due ON payment.asking (provider, account, next_ask_at);

-- How often an account was asked in its last second, by all instances together.
CREATE TABLE payment.asking_budget (
  provider text        NOT NULL,
  account  text        NOT NULL,
  second   timestamptz NOT NULL,
  used     int         NOT NULL CHECK (used >= 0),
  PRIMARY KEY (provider, account)
) WITH (fillfactor = 50);

-- What a provider was asked, and what it said, in short. Written before it is asked, so that a question whose answer was lost
-- is seen too.
CREATE TABLE payment.question (
  out_trade_no text        NOT NULL REFERENCES payment.payment ON DELETE CASCADE,
  asked_at     timestamptz NOT NULL,
  provider     text        NOT NULL,
  account      text        NOT NULL,
  why          text        NOT NULL CHECK (why IN ('USUAL', 'EXPIRED', 'SIBLING_PAID', 'PERSON')),
  answered_at  timestamptz,
  answer       text        CHECK (answer IN ('PAID', 'REFUNDED', 'CLOSED', 'OPEN', 'UNKNOWN', 'UNCLEAR')),
  -- What the intake made of it; absent where there was nothing to book.
  outcome      text,
  detail       text        NOT NULL DEFAULT '',
  PRIMARY KEY (out_trade_no, asked_at),
  CHECK ((answered_at IS NULL) = (answer IS NULL))
);
CREATE INDEX question_by_time ON payment.question (asked_at);
-- Money that no callback told of.
CREATE INDEX question_found   ON payment.question (provider, account, asked_at)
  WHERE outcome IN ('CONFIRMED', 'LATE');

-- How many payments were opened per minute at each account; counted afterwards, once per minute.
CREATE TABLE payment.opening_tally (
  minute   timestamptz NOT NULL,
  provider text        NOT NULL,
  account  text        NOT NULL,
  n        bigint      NOT NULL CHECK (n > 0),
  PRIMARY KEY (minute, provider, account)
);

-- An account whose callbacks do not come although they should.
CREATE TABLE payment.silence (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  provider   text        NOT NULL,
  account    text        NOT NULL,
  began_at   timestamptz NOT NULL,
  ended_at   timestamptz CHECK (ended_at >= began_at),
  -- The last callback before it, if there was one.
  last_heard timestamptz,
  cause      text        NOT NULL CHECK (cause IN ('NONE_FOR_OPENED', 'FOUND_PAID')),
  opened     bigint      NOT NULL,
  expected   bigint      NOT NULL,
  found      bigint      NOT NULL
);
CREATE UNIQUE INDEX silence_open ON payment.silence (provider, account) WHERE ended_at IS NULL;

-- What a person may be recorded with, besides what could be recorded before.
DO $$
DECLARE
  so_far text;
BEGIN
  SELECT pg_get_expr(conbin, conrelid) INTO STRICT so_far FROM pg_constraint
  WHERE conrelid = 'payment.intervention'::regclass AND conname = 'intervention_action_check';
  ALTER TABLE payment.intervention DROP CONSTRAINT intervention_action_check;
  EXECUTE format('ALTER TABLE payment.intervention ADD CONSTRAINT intervention_action_check
                  CHECK (%s OR action IN (''ASK_PROVIDER''))', so_far);
END $$;

-- Payments that were opened before there was this table.
INSERT INTO payment.asking (out_trade_no, provider, account, askable, next_ask_at)
SELECT out_trade_no, provider, account, method <> 'external',
       CASE WHEN method <> 'external' THEN least(now(), expires_at) ELSE expires_at END
FROM payment.payment
WHERE state = 'PENDING' AND (method <> 'external' OR expires_at IS NOT NULL);

GRANT SELECT, INSERT, UPDATE, DELETE ON payment.asking, payment.opening_tally, payment.question TO "${runtimeRole}";
GRANT SELECT, INSERT, UPDATE ON payment.asking_budget, payment.silence TO "${runtimeRole}";
