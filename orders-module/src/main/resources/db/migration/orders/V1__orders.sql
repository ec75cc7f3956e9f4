CREATE SCHEMA orders;

-- What a user wants to buy. Sorted by its number it is sorted by time, hence the byte-wise collation.
CREATE TABLE orders.goods_order (
  order_no   text        COLLATE "C" PRIMARY KEY CHECK (order_no ~ '^O[0-9A-Z]{26}$'),
  user_id    text        NOT NULL CHECK (user_id ~ '^[0-9A-Za-z_.@:-]{1,64}$'),
  shard      smallint    NOT NULL CHECK (shard BETWEEN 0 AND 1023),
  amount     bigint      NOT NULL CHECK (amount BETWEEN 1 AND 10000000000),
  currency   text        NOT NULL CHECK (currency = 'CNY'),
  created_at timestamptz NOT NULL,
  -- changing columns
  state      text        NOT NULL DEFAULT 'AWAITING_PAYMENT'
             CHECK (state IN ('AWAITING_PAYMENT', 'PAID', 'SHIPPED', 'COMPLETED', 'CANCELLED', 'REFUNDED')),
  version    int         NOT NULL DEFAULT 0,
  changed_at timestamptz NOT NULL,
  -- The request that made the last step, so that its repeat after a crash is told the same and not refused.
  changed_by uuid,
  -- The payment that paid it: one order is paid by one payment, and one payment pays one order.
  paid_by    text        UNIQUE,
  paid_at    timestamptz,

  CONSTRAINT paid_as_state_says
    CHECK ((state IN ('AWAITING_PAYMENT', 'CANCELLED')) = (paid_by IS NULL)),
  CONSTRAINT paid_by_at_a_time
    CHECK ((paid_by IS NULL) = (paid_at IS NULL))
) WITH (fillfactor = 80);

CREATE INDEX goods_order_by_user  ON orders.goods_order (user_id, order_no);
CREATE INDEX goods_order_by_state ON orders.goods_order (state, order_no);

CREATE TABLE orders.item (
  order_no    text     COLLATE "C" NOT NULL REFERENCES orders.goods_order,
  position    smallint NOT NULL CHECK (position BETWEEN 0 AND 99),
  sku         text     NOT NULL CHECK (length(sku) BETWEEN 1 AND 64),
  name        text     NOT NULL CHECK (length(name) BETWEEN 1 AND 127),
  quantity    int      NOT NULL CHECK (quantity BETWEEN 1 AND 10000),
  unit_amount bigint   NOT NULL CHECK (unit_amount BETWEEN 1 AND 10000000000),
  PRIMARY KEY (order_no, position)
);

-- The table of transitions of OrderState, once more: the database refuses all others.
CREATE FUNCTION orders.refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (OLD.state, NEW.state) IN (('AWAITING_PAYMENT', 'PAID'), ('AWAITING_PAYMENT', 'CANCELLED'),
                                  ('PAID', 'SHIPPED'), ('PAID', 'REFUNDED'),
                                  ('SHIPPED', 'COMPLETED'), ('SHIPPED', 'REFUNDED'),
                                  ('COMPLETED', 'REFUNDED')) THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'order % cannot go from % to %', OLD.order_no, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RAISE EXCEPTION 'order % must begin as AWAITING_PAYMENT, not as %', NEW.order_no, NEW.state
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER goods_order_beginning BEFORE INSERT ON orders.goods_order
  FOR EACH ROW WHEN (NEW.state <> 'AWAITING_PAYMENT') EXECUTE FUNCTION orders.refuse_transition();
CREATE TRIGGER goods_order_transition BEFORE UPDATE OF state ON orders.goods_order
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION orders.refuse_transition();

-- What was ordered, and who paid it, never changes.
CREATE FUNCTION orders.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'order %: what was ordered and who paid it cannot be changed', OLD.order_no
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER goods_order_terms BEFORE UPDATE ON orders.goods_order
  FOR EACH ROW WHEN (
    (OLD.order_no, OLD.user_id, OLD.shard, OLD.amount, OLD.currency, OLD.created_at)
      IS DISTINCT FROM (NEW.order_no, NEW.user_id, NEW.shard, NEW.amount, NEW.currency, NEW.created_at)
    OR (OLD.paid_by IS NOT NULL AND (OLD.paid_by, OLD.paid_at) IS DISTINCT FROM (NEW.paid_by, NEW.paid_at)))
  EXECUTE FUNCTION orders.refuse_rewriting();
CREATE TRIGGER item_terms BEFORE UPDATE OR DELETE ON orders.item
  FOR EACH ROW EXECUTE FUNCTION orders.refuse_rewriting();

-- An order costs what its items cost. Checked at the commit for the order, at each statement for items that come later.
CREATE FUNCTION orders.require_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.amount IS DISTINCT FROM
     (SELECT sum(quantity * unit_amount) FROM orders.item WHERE order_no = NEW.order_no) THEN
    RAISE EXCEPTION 'order % does not cost what its items cost', NEW.order_no USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER goods_order_sum AFTER INSERT ON orders.goods_order
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION orders.require_sum();

CREATE FUNCTION orders.require_sum_of_items() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
  SELECT o.order_no INTO wrong
  FROM orders.goods_order o
  WHERE o.order_no IN (SELECT order_no FROM added)
    AND o.amount <> (SELECT sum(quantity * unit_amount) FROM orders.item i WHERE i.order_no = o.order_no)
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'order % does not cost what its items cost', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER item_sum AFTER INSERT ON orders.item
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION orders.require_sum_of_items();

GRANT USAGE ON SCHEMA orders TO "${runtimeRole}";
GRANT SELECT, INSERT ON orders.goods_order, orders.item TO "${runtimeRole}";
GRANT UPDATE (state, version, changed_at, changed_by, paid_by, paid_at) ON orders.goods_order TO "${runtimeRole}";
