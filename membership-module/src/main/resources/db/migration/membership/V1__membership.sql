CREATE SCHEMA membership;

-- The catalog. A purchase copies its terms, so a plan may be replaced at any time.
CREATE TABLE membership.plan (
  plan_code  text        COLLATE "C" PRIMARY KEY CHECK (plan_code ~ '^[0-9A-Za-z][0-9A-Za-z_.-]{0,63}$'),
  name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 127),
  amount     bigint      NOT NULL CHECK (amount BETWEEN 1 AND 10000000000),
  currency   text        NOT NULL CHECK (currency = 'CNY'),
  days       int         NOT NULL CHECK (days BETWEEN 1 AND 36500),
  active     boolean     NOT NULL,
  changed_at timestamptz NOT NULL
);

-- What a user wants to buy, with the terms of that moment.
CREATE TABLE membership.purchase (
  purchase_no text        COLLATE "C" PRIMARY KEY CHECK (purchase_no ~ '^M[0-9A-Z]{26}$'),
  user_id     text        NOT NULL CHECK (user_id ~ '^[0-9A-Za-z_.@:-]{1,64}$'),
  shard       smallint    NOT NULL CHECK (shard BETWEEN 0 AND 1023),
  plan_code   text        COLLATE "C" NOT NULL,
  plan_name   text        NOT NULL,
  days        int         NOT NULL CHECK (days BETWEEN 1 AND 36500),
  amount      bigint      NOT NULL CHECK (amount BETWEEN 1 AND 10000000000),
  currency    text        NOT NULL CHECK (currency = 'CNY'),
  created_at  timestamptz NOT NULL,
  -- changing columns
  state       text        NOT NULL DEFAULT 'AWAITING_PAYMENT'
              CHECK (state IN ('AWAITING_PAYMENT', 'GRANTED', 'CANCELLED', 'REFUNDED')),
  version     int         NOT NULL DEFAULT 0,
  changed_at  timestamptz NOT NULL,
  -- The payment that paid it: one purchase is paid by one payment, and one payment pays one purchase.
  paid_by     text        UNIQUE,
  paid_at     timestamptz,

  CONSTRAINT paid_as_state_says
    CHECK ((state IN ('AWAITING_PAYMENT', 'CANCELLED')) = (paid_by IS NULL)),
  CONSTRAINT paid_by_at_a_time
    CHECK ((paid_by IS NULL) = (paid_at IS NULL))
) WITH (fillfactor = 80);

CREATE INDEX purchase_by_user  ON membership.purchase (user_id, purchase_no);
CREATE INDEX purchase_by_state ON membership.purchase (state, purchase_no);

-- One row per user who was ever granted anything: the lock of the user's line of grants.
CREATE TABLE membership.member (
  id      bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id text     NOT NULL UNIQUE,
  shard   smallint NOT NULL CHECK (shard BETWEEN 0 AND 1023)
);

-- The line of grants of a user: number 1, 2, 3 … without gaps, each beginning where the one before ends, or later.
-- The foreign key proves that what a grant says of its predecessor's end is true, the check that it does not overlap
-- it, and the primary key that nobody else has the same predecessor. So two grants of a user never overlap, whoever
-- writes them.
CREATE TABLE membership.membership_grant (
  member_id         bigint      NOT NULL REFERENCES membership.member,
  seq               int         NOT NULL CHECK (seq >= 1),
  out_trade_no      text        NOT NULL UNIQUE,
  purchase_no       text        COLLATE "C" NOT NULL UNIQUE REFERENCES membership.purchase,
  plan_code         text        COLLATE "C" NOT NULL,
  plan_name         text        NOT NULL,
  days              int         NOT NULL CHECK (days BETWEEN 1 AND 36500),
  starts_at         timestamptz NOT NULL,
  ends_at           timestamptz NOT NULL,
  granted_at        timestamptz NOT NULL,
  previous_seq      int         GENERATED ALWAYS AS (nullif(seq - 1, 0)) STORED,
  previous_ends_at  timestamptz,

  PRIMARY KEY (member_id, seq),
  UNIQUE (member_id, seq, ends_at),
  UNIQUE (purchase_no, out_trade_no),
  FOREIGN KEY (member_id, previous_seq, previous_ends_at)
    REFERENCES membership.membership_grant (member_id, seq, ends_at),
  CONSTRAINT every_grant_but_the_first_has_a_predecessor
    CHECK ((seq = 1) = (previous_ends_at IS NULL)),
  CONSTRAINT begins_when_the_one_before_has_ended
    CHECK (starts_at >= previous_ends_at),
  CONSTRAINT a_day_is_24_hours
    CHECK (extract(epoch FROM ends_at) - extract(epoch FROM starts_at) = days * 86400),
  CONSTRAINT ends_within_the_calendar
    CHECK (ends_at < timestamptz '9999-12-31 00:00:00Z')
);

-- Whoever is GRANTED has a grant, by that payment.
ALTER TABLE membership.purchase ADD CONSTRAINT granted_for_real
  FOREIGN KEY (purchase_no, paid_by) REFERENCES membership.membership_grant (purchase_no, out_trade_no);

-- The table of transitions of PurchaseState, once more: the database refuses all others.
CREATE FUNCTION membership.refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (OLD.state, NEW.state) IN (('AWAITING_PAYMENT', 'GRANTED'), ('AWAITING_PAYMENT', 'CANCELLED'),
                                  ('GRANTED', 'REFUNDED')) THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'purchase % cannot go from % to %', OLD.purchase_no, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RAISE EXCEPTION 'purchase % must begin as AWAITING_PAYMENT, not as %', NEW.purchase_no, NEW.state
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER purchase_beginning BEFORE INSERT ON membership.purchase
  FOR EACH ROW WHEN (NEW.state <> 'AWAITING_PAYMENT') EXECUTE FUNCTION membership.refuse_transition();
CREATE TRIGGER purchase_transition BEFORE UPDATE OF state ON membership.purchase
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION membership.refuse_transition();

-- The terms of a purchase, and who paid it, never change.
CREATE FUNCTION membership.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'purchase %: its terms, its payer and its grant cannot be changed', OLD.purchase_no
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER purchase_terms BEFORE UPDATE ON membership.purchase
  FOR EACH ROW WHEN (
    (OLD.purchase_no, OLD.user_id, OLD.shard, OLD.plan_code, OLD.plan_name, OLD.days, OLD.amount, OLD.currency,
     OLD.created_at)
      IS DISTINCT FROM
    (NEW.purchase_no, NEW.user_id, NEW.shard, NEW.plan_code, NEW.plan_name, NEW.days, NEW.amount, NEW.currency,
     NEW.created_at)
    OR (OLD.paid_by IS NOT NULL AND (OLD.paid_by, OLD.paid_at) IS DISTINCT FROM (NEW.paid_by, NEW.paid_at)))
  EXECUTE FUNCTION membership.refuse_rewriting();
CREATE TRIGGER grant_terms BEFORE UPDATE OR DELETE ON membership.membership_grant
  FOR EACH ROW EXECUTE FUNCTION membership.refuse_rewriting();

GRANT USAGE ON SCHEMA membership TO "${runtimeRole}";
GRANT SELECT, INSERT, UPDATE ON membership.plan TO "${runtimeRole}";
GRANT SELECT, INSERT ON membership.purchase, membership.member, membership.membership_grant TO "${runtimeRole}";
GRANT UPDATE (state, version, changed_at, paid_by, paid_at) ON membership.purchase TO "${runtimeRole}";
-- Locking a row asks for the right to update one of its columns.
GRANT UPDATE (shard) ON membership.member TO "${runtimeRole}";
