-- What a user can buy. A recharge copies the terms, so that changing a package changes no running recharge.
CREATE TABLE wallet.recharge_package (
  package_code             text        PRIMARY KEY CHECK (package_code ~ '^[0-9A-Za-z_.-]{1,64}$'),
  amount                   bigint      NOT NULL CHECK (amount BETWEEN 1 AND 10000000000),
  bonus                    bigint      NOT NULL CHECK (bonus BETWEEN 0 AND 10000000000),
  bonus_expires_after_days int         CHECK (bonus_expires_after_days BETWEEN 1 AND 3650),
  active                   boolean     NOT NULL,
  updated_at               timestamptz NOT NULL
);

-- Sorted by its number it is sorted by time, hence the byte-wise collation.
CREATE TABLE wallet.recharge (
  recharge_no              text        COLLATE "C" PRIMARY KEY CHECK (recharge_no ~ '^R[0-9A-Z]{26}$'),
  user_id                  text        NOT NULL CHECK (user_id ~ '^[0-9A-Za-z_.@:-]{1,64}$'),
  shard                    smallint    NOT NULL CHECK (shard BETWEEN 0 AND 1023),
  amount                   bigint      NOT NULL CHECK (amount BETWEEN 1 AND 10000000000),
  bonus                    bigint      NOT NULL CHECK (bonus BETWEEN 0 AND 10000000000),
  bonus_expires_after_days int         CHECK (bonus_expires_after_days BETWEEN 1 AND 3650),
  package_code             text,
  currency                 text        NOT NULL CHECK (currency = 'CNY'),
  created_at               timestamptz NOT NULL,
  -- changing columns
  state                    text        NOT NULL DEFAULT 'AWAITING_PAYMENT'
                           CHECK (state IN ('AWAITING_PAYMENT', 'CREDITED', 'CANCELLED', 'REFUNDED')),
  version                  int         NOT NULL DEFAULT 0,
  paid_by                  text        UNIQUE,  -- the one payment that was credited
  credited_at              timestamptz,

  CONSTRAINT bonus_comes_from_a_package CHECK (bonus = 0 OR package_code IS NOT NULL),
  CONSTRAINT paid_by_one_payment        CHECK ((paid_by IS NOT NULL) = (state IN ('CREDITED', 'REFUNDED'))),
  CONSTRAINT credited_at_some_time      CHECK ((credited_at IS NULL) = (paid_by IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX recharge_by_user   ON wallet.recharge (user_id, recharge_no);
CREATE INDEX recharge_by_credit ON wallet.recharge (credited_at) WHERE credited_at IS NOT NULL;

-- The table of transitions of RechargeState, once more: the database refuses all others.
CREATE FUNCTION wallet.refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) IN (('AWAITING_PAYMENT', 'CREDITED'), ('AWAITING_PAYMENT', 'CANCELLED'),
                                ('CREDITED', 'REFUNDED')) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'recharge % cannot go from % to %', OLD.recharge_no, OLD.state, NEW.state
    USING ERRCODE = 'check_violation';
END $$;
CREATE FUNCTION wallet.refuse_beginning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'recharge % must begin as AWAITING_PAYMENT, not as %', NEW.recharge_no, NEW.state
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER recharge_beginning BEFORE INSERT ON wallet.recharge
  FOR EACH ROW WHEN (NEW.state <> 'AWAITING_PAYMENT') EXECUTE FUNCTION wallet.refuse_beginning();
CREATE TRIGGER recharge_transition BEFORE UPDATE OF state ON wallet.recharge
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION wallet.refuse_transition();

-- What was agreed, and who paid it, never changes.
CREATE FUNCTION wallet.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'recharge %: what was agreed cannot be changed', OLD.recharge_no USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER recharge_terms BEFORE UPDATE ON wallet.recharge
  FOR EACH ROW WHEN (
    (OLD.recharge_no, OLD.user_id, OLD.shard, OLD.amount, OLD.bonus, OLD.bonus_expires_after_days, OLD.package_code,
     OLD.currency, OLD.created_at)
      IS DISTINCT FROM
    (NEW.recharge_no, NEW.user_id, NEW.shard, NEW.amount, NEW.bonus, NEW.bonus_expires_after_days, NEW.package_code,
     NEW.currency, NEW.created_at)
    OR (OLD.paid_by IS NOT NULL AND (OLD.paid_by, OLD.credited_at) IS DISTINCT FROM (NEW.paid_by, NEW.credited_at)))
  EXECUTE FUNCTION wallet.refuse_rewriting();

GRANT SELECT, INSERT ON wallet.recharge_package, wallet.recharge TO "${runtimeRole}";
GRANT UPDATE (amount, bonus, bonus_expires_after_days, active, updated_at) ON wallet.recharge_package TO "${runtimeRole}";
GRANT UPDATE (state, version, paid_by, credited_at) ON wallet.recharge TO "${runtimeRole}";
