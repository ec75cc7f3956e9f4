CREATE SCHEMA payment;

-- One attempt to pay one order, recharge or purchase. The source of truth for what is still due.
CREATE TABLE payment.payment (
  out_trade_no            text        PRIMARY KEY CHECK (out_trade_no ~ '^[0-9A-Za-z_-]{6,32}$'),
  purpose                 text        NOT NULL,
  reference               text        NOT NULL,
  user_id                 text        NOT NULL,
  shard                   smallint    NOT NULL CHECK (shard BETWEEN 0 AND 1023),
  provider                text        NOT NULL,
  account                 text        NOT NULL,
  method                  text        NOT NULL,
  description             text        NOT NULL,
  amount                  bigint      NOT NULL CHECK (amount BETWEEN 1 AND 10000000000),
  currency                text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  created_at              timestamptz NOT NULL,
  expires_at              timestamptz,
  method_fields           jsonb       NOT NULL DEFAULT '{}',
  pay_params              jsonb,
  -- changing columns
  state                   text        NOT NULL DEFAULT 'PENDING'
                          CHECK (state IN ('PENDING', 'PAID', 'CLOSED', 'PARTIALLY_REFUNDED', 'REFUNDED')),
  version                 int         NOT NULL DEFAULT 0,
  provider_transaction_id text,
  paid_at                 timestamptz,
  closed_at               timestamptz,
  refunded_amount         bigint      NOT NULL DEFAULT 0,
  fulfilment              text        NOT NULL DEFAULT 'NONE'
                          CHECK (fulfilment IN
                                 ('NONE', 'PENDING', 'SUCCEEDED', 'FAILED', 'PARKED', 'CANCELLED', 'REVERSED')),
  fulfilment_reason       text        CHECK (fulfilment_reason IN
                                 ('LATE', 'SURPLUS', 'CANCELLED_BEFORE', 'RETRIES_EXHAUSTED', 'NO_LISTENER')),
  fulfilment_error        text,
  attempts                int         NOT NULL DEFAULT 0,
  due_at                  timestamptz,
  fulfilled_at            timestamptz,

  CONSTRAINT paid_by_somebody
    CHECK (state IN ('PENDING', 'CLOSED') OR (provider_transaction_id IS NOT NULL AND paid_at IS NOT NULL)),
  CONSTRAINT refunded_within_amount
    CHECK (refunded_amount BETWEEN 0 AND amount),
  CONSTRAINT refunded_as_state_says
    CHECK (CASE state WHEN 'REFUNDED'           THEN refunded_amount = amount
                      WHEN 'PARTIALLY_REFUNDED' THEN refunded_amount BETWEEN 1 AND amount - 1
                      ELSE refunded_amount = 0 END),
  CONSTRAINT fulfilment_only_when_paid
    CHECK ((fulfilment = 'NONE') = (state IN ('PENDING', 'CLOSED'))),
  CONSTRAINT reason_when_parked
    CHECK ((fulfilment = 'PARKED') = (fulfilment_reason IS NOT NULL)),
  CONSTRAINT due_only_when_waiting
    CHECK ((due_at IS NOT NULL) = (fulfilment IN ('PENDING', 'FAILED')))
) WITH (fillfactor = 80);

CREATE INDEX payment_by_reference   ON payment.payment (purpose, reference);
CREATE INDEX payment_by_time        ON payment.payment (created_at, out_trade_no);
CREATE INDEX payment_by_transaction ON payment.payment (provider_transaction_id)
  WHERE provider_transaction_id IS NOT NULL;
CREATE INDEX payment_by_user        ON payment.payment (user_id, created_at);
-- What is waiting; nearly empty at rest.
CREATE INDEX payment_due            ON payment.payment (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX payment_parked         ON payment.payment (paid_at) WHERE fulfilment = 'PARKED';

-- The table of transitions of PaymentState, once more: the database refuses all others.
CREATE FUNCTION payment.refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) IN (('PENDING', 'PAID'), ('PENDING', 'CLOSED'), ('CLOSED', 'PAID'),
                                ('PAID', 'PARTIALLY_REFUNDED'), ('PAID', 'REFUNDED'),
                                ('PARTIALLY_REFUNDED', 'REFUNDED')) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'payment % cannot go from % to %', OLD.out_trade_no, OLD.state, NEW.state
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payment_transition BEFORE UPDATE OF state ON payment.payment
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION payment.refuse_transition();

-- What was agreed when the payment was opened, and who paid it, never changes.
CREATE FUNCTION payment.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'payment %: what was agreed cannot be changed', OLD.out_trade_no USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payment_terms BEFORE UPDATE OF
    out_trade_no, purpose, reference, user_id, shard, provider, account, method, amount, currency, created_at,
    provider_transaction_id, paid_at
  ON payment.payment
  FOR EACH ROW WHEN (
    (OLD.out_trade_no, OLD.purpose, OLD.reference, OLD.user_id, OLD.shard, OLD.provider, OLD.account, OLD.method,
     OLD.amount, OLD.currency, OLD.created_at)
      IS DISTINCT FROM
    (NEW.out_trade_no, NEW.purpose, NEW.reference, NEW.user_id, NEW.shard, NEW.provider, NEW.account, NEW.method,
     NEW.amount, NEW.currency, NEW.created_at)
    OR (OLD.provider_transaction_id IS NOT NULL
        AND (OLD.provider_transaction_id, OLD.paid_at) IS DISTINCT FROM (NEW.provider_transaction_id, NEW.paid_at)))
  EXECUTE FUNCTION payment.refuse_rewriting();

-- Money given back, as the provider told us.
CREATE TABLE payment.refund (
  out_trade_no       text        NOT NULL REFERENCES payment.payment,
  refund_no          text        NOT NULL CHECK (length(refund_no) BETWEEN 1 AND 64),
  state              text        NOT NULL CHECK (state IN ('REQUESTED', 'PROCESSING', 'SUCCEEDED', 'FAILED')),
  amount             bigint      NOT NULL CHECK (amount > 0),
  reason             text        NOT NULL,
  provider_refund_id text,
  created_at         timestamptz NOT NULL,
  settled_at         timestamptz,
  -- Numbers made in a provider's own console are unique within their payment only.
  PRIMARY KEY (out_trade_no, refund_no),
  CHECK ((settled_at IS NOT NULL) = (state IN ('SUCCEEDED', 'FAILED')))
);

CREATE FUNCTION payment.refuse_refund_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('REQUESTED', 'PROCESSING') AND NEW.state IN ('PROCESSING', 'SUCCEEDED', 'FAILED') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'refund % cannot go from % to %', OLD.refund_no, OLD.state, NEW.state
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER refund_transition BEFORE UPDATE OF state ON payment.refund
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION payment.refuse_refund_transition();

-- Every delivery of a provider, as it arrived and as it was answered. One part per month (UTC), so that what is old goes by
-- dropping tables.
CREATE TABLE payment.callback (
  id                      uuid        NOT NULL,
  received_at             timestamptz NOT NULL,
  provider                text        NOT NULL,
  account                 text        NOT NULL,
  outcome                 text        NOT NULL CHECK (outcome IN
                          ('CONFIRMED', 'DUPLICATE', 'IGNORED', 'CLOSED', 'REFUND_CONFIRMED', 'REFUND_FAILED', 'LATE',
                           'MISMATCH', 'UNKNOWN_PAYMENT', 'REJECTED')),
  reason                  text,
  out_trade_no            text,
  provider_transaction_id text,
  notification_id         text,
  differences             jsonb,
  reply_status            smallint    NOT NULL,
  duration_us             int         NOT NULL CHECK (duration_us >= 0),
  headers                 jsonb       NOT NULL,
  body                    bytea       NOT NULL,
  PRIMARY KEY (id, received_at)
) PARTITION BY RANGE (received_at);
-- lz4 where the server was built with it.
DO $$ BEGIN
  IF (SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression') THEN
    ALTER TABLE payment.callback ALTER COLUMN body SET COMPRESSION lz4, ALTER COLUMN headers SET COMPRESSION lz4;
  END IF;
END $$;

CREATE INDEX callback_by_time         ON payment.callback (received_at, id);
CREATE INDEX callback_by_payment      ON payment.callback (out_trade_no) WHERE out_trade_no IS NOT NULL;
CREATE INDEX callback_by_transaction  ON payment.callback (provider_transaction_id)
  WHERE provider_transaction_id IS NOT NULL;
CREATE INDEX callback_by_notification ON payment.callback (notification_id) WHERE notification_id IS NOT NULL;
-- What wants a look: a small part of the log.
CREATE INDEX callback_troubled        ON payment.callback (outcome, received_at)
  WHERE outcome IN ('LATE', 'MISMATCH', 'UNKNOWN_PAYMENT', 'REJECTED', 'REFUND_FAILED');

-- Takes what no month is there for, so that a log without its next month never costs a callback. Empty, or an alarm.
CREATE TABLE payment.callback_beyond PARTITION OF payment.callback DEFAULT;

-- Makes the parts of this month and of the months after it. The table's owner does that, whoever calls, because the
-- application owns nothing. Attached, not created in place: that would keep all callbacks waiting.
CREATE FUNCTION payment.make_callback_months(p_from date, p_months int) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
  SET lock_timeout = '500ms' AS $$
DECLARE
  month date;
  part  text;
  made  int := 0;
BEGIN
  IF p_months NOT BETWEEN 1 AND 120 THEN
    RAISE EXCEPTION 'between 1 and 120 months can be made at once, not %', p_months;
  END IF;
  IF NOT pg_try_advisory_xact_lock(hashtext('payment.callback')) THEN
    RETURN 0;
  END IF;
  FOR month IN SELECT (date_trunc('month', p_from::timestamp) + make_interval(months => n))::date
               FROM generate_series(0, p_months - 1) n LOOP
    part := to_char(month, '"callback_"YYYY_MM');
    CONTINUE WHEN to_regclass('payment.' || part) IS NOT NULL;
    EXECUTE format('CREATE TABLE payment.%I
                      (LIKE payment.callback INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMPRESSION)', part);
    EXECUTE format('WITH strayed AS (DELETE FROM payment.callback_beyond
                                     WHERE received_at >= %L AND received_at < %L RETURNING *)
                    INSERT INTO payment.%I SELECT * FROM strayed',
                   month::timestamptz, (month + interval '1 month')::timestamptz, part);
    EXECUTE format('ALTER TABLE payment.callback ATTACH PARTITION payment.%I FOR VALUES FROM (%L) TO (%L)',
                   part, month::timestamptz, (month + interval '1 month')::timestamptz);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION payment.make_callback_months(date, int) FROM public;
SELECT payment.make_callback_months((now() AT TIME ZONE 'UTC')::date, 4);

-- Drops the months that ended before this moment, whole: deleting rows would cost as much as writing them. A month stays
-- while a delivery in it is about a payment that is not settled: paid but not handed out, or genuinely called about and not
-- booked. Answers the months that were dropped.
CREATE FUNCTION payment.drop_callback_months(p_before timestamptz) RETURNS SETOF text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
  SET lock_timeout = '500ms' AS $$
DECLARE
  part text;
  kept boolean;
BEGIN
  IF p_before > now() - interval '30 days' THEN
    RAISE EXCEPTION 'the callbacks of the last 30 days cannot be dropped';
  END IF;
  IF NOT pg_try_advisory_xact_lock(hashtext('payment.callback')) THEN
    RETURN;
  END IF;
  FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
              WHERE i.inhparent = 'payment.callback'::regclass AND c.relname ~ '^callback_[0-9]{4}_[0-9]{2}$'
                AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= p_before
              ORDER BY c.relname LOOP
    -- Each of the three begins at an index with few rows.
    EXECUTE format('SELECT EXISTS (SELECT FROM payment.payment p JOIN payment.%1$I c USING (out_trade_no)
                                   WHERE p.due_at IS NOT NULL)
                        OR EXISTS (SELECT FROM payment.payment p JOIN payment.%1$I c USING (out_trade_no)
                                   WHERE p.fulfilment = ''PARKED'')
                        OR EXISTS (SELECT FROM payment.%1$I c JOIN payment.payment p USING (out_trade_no)
                                   WHERE c.outcome = ''MISMATCH'' AND p.state IN (''PENDING'', ''CLOSED''))', part)
      INTO kept;
    CONTINUE WHEN kept;
    EXECUTE format('ALTER TABLE payment.callback DETACH PARTITION payment.%I', part);
    EXECUTE format('DROP TABLE payment.%I', part);
    RETURN NEXT part;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION payment.drop_callback_months(timestamptz) FROM public;

-- How many deliveries were logged, per minute, by outcome: what pages and alarms read instead of counting rows. Every
-- process has rows of its own, so that two of them never wait for each other.
CREATE TABLE payment.callback_tally (
  minute   timestamptz NOT NULL,
  outcome  text        NOT NULL,
  provider text        NOT NULL,
  account  text        NOT NULL,
  process  smallint    NOT NULL,
  n        bigint      NOT NULL CHECK (n > 0),
  PRIMARY KEY (minute, outcome, provider, account, process)
) WITH (fillfactor = 50);

-- What was not stored one by one: refused floods, oversized bodies, unknown addresses.
CREATE TABLE payment.callback_count (
  minute   timestamptz NOT NULL,
  provider text        NOT NULL,
  account  text        NOT NULL,
  reason   text        NOT NULL,
  n        bigint      NOT NULL CHECK (n > 0),
  PRIMARY KEY (minute, provider, account, reason)
);

-- What a person did with a payment or a callback.
CREATE TABLE payment.intervention (
  id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at           timestamptz NOT NULL,
  actor        text        NOT NULL,
  action       text        NOT NULL CHECK (action IN ('RETRY_FULFILMENT', 'REPLAY_CALLBACK', 'UNMASK_CALLBACK')),
  out_trade_no text,
  callback_id  uuid,
  result       text        NOT NULL
);
CREATE INDEX intervention_by_payment  ON payment.intervention (out_trade_no);
CREATE INDEX intervention_by_callback ON payment.intervention (callback_id);

GRANT USAGE ON SCHEMA payment TO "${runtimeRole}";
GRANT SELECT, INSERT, UPDATE ON payment.payment, payment.refund TO "${runtimeRole}";
GRANT SELECT, INSERT, UPDATE, DELETE ON payment.callback_count, payment.callback_tally TO "${runtimeRole}";
GRANT SELECT, INSERT ON payment.callback, payment.intervention TO "${runtimeRole}";
GRANT SELECT ON payment.callback_beyond TO "${runtimeRole}";
GRANT EXECUTE ON FUNCTION payment.make_callback_months(date, int) TO "${runtimeRole}";
GRANT EXECUTE ON FUNCTION payment.drop_callback_months(timestamptz) TO "${runtimeRole}";
