-- What many rows do to lists, and to the way of a callback.

-- Rare states, newest first: looked for among all payments there would mostly be none to find. No payment that is paid and
-- handed out is in them, so that a callback writes nothing into them.
CREATE INDEX payment_by_state ON payment.payment (state, created_at, out_trade_no) WHERE state <> 'PAID';
CREATE INDEX payment_by_fulfilment ON payment.payment (fulfilment, created_at, out_trade_no)
  WHERE fulfilment IN ('FAILED', 'PARKED', 'CANCELLED', 'REVERSED');

-- Who paid is asked of each payment that is paid, what was agreed only of who touches it: two triggers, so that the first need
-- not compare what the second guards.
DROP TRIGGER payment_terms ON payment.payment;
CREATE TRIGGER payment_terms BEFORE UPDATE OF
    out_trade_no, purpose, reference, user_id, shard, provider, account, method, amount, currency, created_at
  ON payment.payment
  FOR EACH ROW WHEN (
    (OLD.out_trade_no, OLD.purpose, OLD.reference, OLD.user_id, OLD.shard, OLD.provider, OLD.account, OLD.method,
     OLD.amount, OLD.currency, OLD.created_at)
      IS DISTINCT FROM
    (NEW.out_trade_no, NEW.purpose, NEW.reference, NEW.user_id, NEW.shard, NEW.provider, NEW.account, NEW.method,
     NEW.amount, NEW.currency, NEW.created_at))
  EXECUTE FUNCTION payment.refuse_rewriting();
CREATE TRIGGER payment_payer BEFORE UPDATE OF provider_transaction_id, paid_at
  ON payment.payment
  FOR EACH ROW WHEN (
    OLD.provider_transaction_id IS NOT NULL
    AND (OLD.provider_transaction_id, OLD.paid_at) IS DISTINCT FROM (NEW.provider_transaction_id, NEW.paid_at))
  EXECUTE FUNCTION payment.refuse_rewriting();

-- A delivery is a little over two kilobytes, from where on PostgreSQL would try to compress what cannot be compressed, and then
-- move it into a table beside this one. Up to four it stays where it is.
DO $$
DECLARE
  part regclass;
BEGIN
  FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'payment.callback'::regclass LOOP
    EXECUTE format('ALTER TABLE %s SET (toast_tuple_target = 4080)', part);
  END LOOP;
END $$;

-- As in V1, with the same for months to come.
CREATE OR REPLACE FUNCTION payment.make_callback_months(p_from date, p_months int) RETURNS int
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
                      (LIKE payment.callback INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMPRESSION)
                      WITH (toast_tuple_target = 4080)', part);
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
