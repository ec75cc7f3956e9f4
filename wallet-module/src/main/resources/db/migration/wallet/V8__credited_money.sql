-- Money that came for something else and could not be turned into it may be credited to its payer's wallet: a recharge that
-- nobody ordered, without a bonus, decided by a policy or by a person. All that holds of recharges holds of it.
ALTER TABLE wallet.recharge
  -- What the money was meant to pay for, in its module's own numbering.
  ADD COLUMN meant_for_purpose   text,
  ADD COLUMN meant_for_reference text,
  ADD COLUMN decided_by          text,
  ADD COLUMN decided_because     text CHECK (length(decided_because) BETWEEN 1 AND 200),
  ADD CONSTRAINT meant_for_something_else
    CHECK (num_nonnulls(meant_for_purpose, meant_for_reference, decided_by, decided_because) IN (0, 4)),
  -- It never awaits a payment, so that nobody can pay it once more, and has no terms of a package.
  ADD CONSTRAINT credited_as_it_came
    CHECK (meant_for_purpose IS NULL OR state IN ('CREDITED', 'REFUNDED') AND bonus = 0 AND package_code IS NULL);

CREATE OR REPLACE FUNCTION wallet.refuse_beginning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'recharge % must begin as %, not as %', NEW.recharge_no,
    CASE WHEN NEW.meant_for_purpose IS NULL THEN 'AWAITING_PAYMENT' ELSE 'CREDITED' END, NEW.state
    USING ERRCODE = 'check_violation';
END $$;
DROP TRIGGER recharge_beginning ON wallet.recharge;
CREATE TRIGGER recharge_beginning BEFORE INSERT ON wallet.recharge
  FOR EACH ROW WHEN (NEW.state <> CASE WHEN NEW.meant_for_purpose IS NULL THEN 'AWAITING_PAYMENT' ELSE 'CREDITED' END)
  EXECUTE FUNCTION wallet.refuse_beginning();

DROP TRIGGER recharge_terms ON wallet.recharge;
CREATE TRIGGER recharge_terms BEFORE UPDATE ON wallet.recharge
  FOR EACH ROW WHEN (
    (OLD.recharge_no, OLD.user_id, OLD.shard, OLD.amount, OLD.bonus, OLD.bonus_expires_after_days, OLD.package_code,
     OLD.currency, OLD.created_at, OLD.meant_for_purpose, OLD.meant_for_reference, OLD.decided_by, OLD.decided_because)
      IS DISTINCT FROM
    (NEW.recharge_no, NEW.user_id, NEW.shard, NEW.amount, NEW.bonus, NEW.bonus_expires_after_days, NEW.package_code,
     NEW.currency, NEW.created_at, NEW.meant_for_purpose, NEW.meant_for_reference, NEW.decided_by, NEW.decided_because)
    OR (OLD.paid_by IS NOT NULL AND (OLD.paid_by, OLD.credited_at) IS DISTINCT FROM (NEW.paid_by, NEW.credited_at)))
  EXECUTE FUNCTION wallet.refuse_rewriting();
