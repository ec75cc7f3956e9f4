-- What a refund of the payment that paid an order has taken back: the whole order if nothing of the payment is left, nothing
-- of it otherwise. Kept, so that a repeat finds what the first did.
CREATE TABLE orders.refund (
  out_trade_no  text        NOT NULL,
  refund_no     text        NOT NULL CHECK (length(refund_no) BETWEEN 1 AND 64),
  -- ASKED: before the money was sent; TOLD: it was gone when we heard of it.
  way           text        NOT NULL CHECK (way IN ('ASKED', 'TOLD')),
  order_no      text        COLLATE "C" NOT NULL REFERENCES orders.goods_order,
  amount        bigint      NOT NULL CHECK (amount BETWEEN 1 AND 10000000000),
  taken_at      timestamptz NOT NULL,
  -- changing column
  given_back_at timestamptz,
  PRIMARY KEY (out_trade_no, refund_no, way),
  CONSTRAINT only_what_was_asked_for_can_fail CHECK (way = 'ASKED' OR given_back_at IS NULL)
);
CREATE INDEX refund_by_order ON orders.refund (order_no);

CREATE FUNCTION orders.refuse_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'refund % of payment %: what was taken back cannot be changed, and is given back once',
    OLD.refund_no, OLD.out_trade_no USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER refund_kept BEFORE DELETE ON orders.refund
  FOR EACH ROW EXECUTE FUNCTION orders.refuse_refund();
CREATE TRIGGER refund_terms BEFORE UPDATE ON orders.refund
  FOR EACH ROW WHEN (
    OLD.given_back_at IS NOT NULL OR NEW.given_back_at IS NULL
    OR (OLD.out_trade_no, OLD.refund_no, OLD.way, OLD.order_no, OLD.amount, OLD.taken_at)
         IS DISTINCT FROM (NEW.out_trade_no, NEW.refund_no, NEW.way, NEW.order_no, NEW.amount, NEW.taken_at))
  EXECUTE FUNCTION orders.refuse_refund();

-- The state to go back to if a refund fails.
ALTER TABLE orders.goods_order
  ADD COLUMN refunded_from text CHECK (refunded_from IN ('PAID', 'SHIPPED', 'COMPLETED')),
  ADD CONSTRAINT refunded_from_somewhere CHECK ((state = 'REFUNDED') = (refunded_from IS NOT NULL));

-- As before; and REFUNDED is entered with the state it came from, by a refund of the payment that paid the order, and left
-- for that state alone, in the moment in which such a refund was given back.
CREATE OR REPLACE FUNCTION orders.refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (OLD.state, NEW.state) IN (('AWAITING_PAYMENT', 'PAID'), ('AWAITING_PAYMENT', 'CANCELLED'),
                                  ('PAID', 'SHIPPED'), ('SHIPPED', 'COMPLETED'))
       OR NEW.state = 'REFUNDED' AND NEW.refunded_from = OLD.state
          AND EXISTS (SELECT FROM orders.refund r WHERE r.order_no = NEW.order_no AND r.out_trade_no = NEW.paid_by
                      AND r.given_back_at IS NULL)
       OR OLD.state = 'REFUNDED' AND NEW.state = OLD.refunded_from
          AND EXISTS (SELECT FROM orders.refund r WHERE r.order_no = NEW.order_no AND r.out_trade_no = NEW.paid_by
                      AND r.given_back_at = NEW.changed_at) THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'order % cannot go from % to %', OLD.order_no, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RAISE EXCEPTION 'order % must begin as AWAITING_PAYMENT, not as %', NEW.order_no, NEW.state
    USING ERRCODE = 'check_violation';
END $$;

-- Nor can the state to go back to be changed while an order is refunded.
CREATE TRIGGER goods_order_way_back BEFORE UPDATE OF refunded_from ON orders.goods_order
  FOR EACH ROW WHEN (OLD.state = NEW.state AND OLD.refunded_from IS DISTINCT FROM NEW.refunded_from)
  EXECUTE FUNCTION orders.refuse_rewriting();

GRANT SELECT, INSERT ON orders.refund TO "${runtimeRole}";
GRANT UPDATE (given_back_at) ON orders.refund TO "${runtimeRole}";
GRANT UPDATE (refunded_from) ON orders.goods_order TO "${runtimeRole}";
