-- Who paid is asked of each order that is paid, what was ordered only of who touches it: two triggers, so that marking it paid
-- need not compare what it does not name.
DROP TRIGGER goods_order_terms ON orders.goods_order;
CREATE TRIGGER goods_order_terms BEFORE UPDATE OF order_no, user_id, shard, amount, currency, created_at
  ON orders.goods_order
  FOR EACH ROW WHEN (
    (OLD.order_no, OLD.user_id, OLD.shard, OLD.amount, OLD.currency, OLD.created_at)
      IS DISTINCT FROM (NEW.order_no, NEW.user_id, NEW.shard, NEW.amount, NEW.currency, NEW.created_at))
  EXECUTE FUNCTION orders.refuse_rewriting();
CREATE TRIGGER goods_order_payer BEFORE UPDATE OF paid_by, paid_at
  ON orders.goods_order
  FOR EACH ROW WHEN (OLD.paid_by IS NOT NULL AND (OLD.paid_by, OLD.paid_at) IS DISTINCT FROM (NEW.paid_by, NEW.paid_at))
  EXECUTE FUNCTION orders.refuse_rewriting();
