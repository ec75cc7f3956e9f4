-- Who paid is asked of each recharge that is credited, what was agreed only of who touches it: two triggers, so that crediting
-- need not compare thirteen columns that it does not name.
DROP TRIGGER recharge_terms ON wallet.recharge;
CREATE TRIGGER recharge_terms BEFORE UPDATE OF
    recharge_no, user_id, shard, amount, bonus, bonus_expires_after_days, package_code, currency, created_at,
    meant_for_purpose, meant_for_reference, decided_by, decided_because
  ON wallet.recharge
  FOR EACH ROW WHEN (
    (OLD.recharge_no, OLD.user_id, OLD.shard, OLD.amount, OLD.bonus, OLD.bonus_expires_after_days, OLD.package_code,
     OLD.currency, OLD.created_at, OLD.meant_for_purpose, OLD.meant_for_reference, OLD.decided_by, OLD.decided_because)
      IS DISTINCT FROM
    (NEW.recharge_no, NEW.user_id, NEW.shard, NEW.amount, NEW.bonus, NEW.bonus_expires_after_days, NEW.package_code,
     NEW.currency, NEW.created_at, NEW.meant_for_purpose, NEW.meant_for_reference, NEW.decided_by, NEW.decided_because))
  EXECUTE FUNCTION wallet.refuse_rewriting();
CREATE TRIGGER recharge_payer BEFORE UPDATE OF paid_by, credited_at
  ON wallet.recharge
  FOR EACH ROW WHEN (
    OLD.paid_by IS NOT NULL AND (OLD.paid_by, OLD.credited_at) IS DISTINCT FROM (NEW.paid_by, NEW.credited_at))
  EXECUTE FUNCTION wallet.refuse_rewriting();
