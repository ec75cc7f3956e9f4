-- The ledger: who owes what to whom, as immutable, balanced postings.
-- Amounts are signed whole minor units: a debit is positive, a credit negative.
CREATE SCHEMA wallet;

-- The chart of accounts. Closed: a new code comes with a migration.
CREATE TABLE wallet.gl_account (
  gl_code  text PRIMARY KEY CHECK (gl_code ~ '^[0-9]{4}\.[0-9]{2}$'),
  name     text NOT NULL,
  class    text NOT NULL CHECK (class  IN ('ASSET', 'LIABILITY', 'REVENUE', 'EXPENSE')),
  normal   text NOT NULL CHECK (normal IN ('DEBIT', 'CREDIT')),
  -- STORED: one locked balance row and a numbered statement. APPENDED: postings only, so that nothing is hot.
  mode     text NOT NULL CHECK (mode IN ('STORED', 'APPENDED')),
  kept_per text NOT NULL CHECK (kept_per IN ('PLATFORM', 'CHANNEL', 'USER')),
  CHECK ((mode = 'STORED') = (kept_per = 'USER'))
);
INSERT INTO wallet.gl_account (gl_code, name, class, normal, mode, kept_per) VALUES
  ('1002.01', 'Bank',                                 'ASSET',     'DEBIT',  'APPENDED', 'PLATFORM'),
  ('1012.01', 'Provider clearing WeChat Pay',         'ASSET',     'DEBIT',  'APPENDED', 'CHANNEL'),
  ('1012.02', 'Provider clearing Alipay',             'ASSET',     'DEBIT',  'APPENDED', 'CHANNEL'),
  ('1012.03', 'Provider clearing UnionPay',           'ASSET',     'DEBIT',  'APPENDED', 'CHANNEL'),
  ('1012.04', 'Provider clearing Stripe',             'ASSET',     'DEBIT',  'APPENDED', 'CHANNEL'),
  ('1012.05', 'Provider clearing PayPal',             'ASSET',     'DEBIT',  'APPENDED', 'CHANNEL'),
  ('1012.06', 'Provider clearing Apple',              'ASSET',     'DEBIT',  'APPENDED', 'CHANNEL'),
  ('1012.80', 'Provider clearing, others',            'ASSET',     'DEBIT',  'APPENDED', 'CHANNEL'),
  ('1012.90', 'Reconciliation differences',           'ASSET',     'DEBIT',  'APPENDED', 'PLATFORM'),
  ('1221.01', 'Receivable from user',                 'ASSET',     'DEBIT',  'STORED',   'USER'),
  ('2204.01', 'User principal, available',            'LIABILITY', 'CREDIT', 'STORED',   'USER'),
  ('2204.02', 'User principal, held',                 'LIABILITY', 'CREDIT', 'STORED',   'USER'),
  ('2204.11', 'User bonus, available',                'LIABILITY', 'CREDIT', 'STORED',   'USER'),
  ('2204.12', 'User bonus, held',                     'LIABILITY', 'CREDIT', 'STORED',   'USER'),
  ('2204.19', 'Bonus control',                        'LIABILITY', 'DEBIT',  'APPENDED', 'PLATFORM'),
  ('2241.01', 'Refunds in transit to providers',      'LIABILITY', 'CREDIT', 'APPENDED', 'PLATFORM'),
  ('2241.09', 'Unidentified receipts',                'LIABILITY', 'CREDIT', 'APPENDED', 'PLATFORM'),
  ('6001.01', 'Revenue from goods',                   'REVENUE',   'CREDIT', 'APPENDED', 'PLATFORM'),
  ('6001.02', 'Revenue from memberships',             'REVENUE',   'CREDIT', 'APPENDED', 'PLATFORM'),
  ('6001.80', 'Revenue from others',                  'REVENUE',   'CREDIT', 'APPENDED', 'PLATFORM'),
  ('6051.01', 'Forfeited principal',                  'REVENUE',   'CREDIT', 'APPENDED', 'PLATFORM'),
  ('6601.01', 'Goodwill and promotion cost',          'EXPENSE',   'DEBIT',  'APPENDED', 'PLATFORM'),
  ('6603.01', 'Provider fees',                        'EXPENSE',   'DEBIT',  'APPENDED', 'PLATFORM');

-- Which code a provider's clearing accounts belong to; those of others belong to 1012.80.
CREATE TABLE wallet.clearing_code (
  provider text PRIMARY KEY,
  gl_code  text NOT NULL REFERENCES wallet.gl_account
);
INSERT INTO wallet.clearing_code (provider, gl_code) VALUES
  ('wechat',   '1012.01'), ('wechat-v2', '1012.01'), ('alipay', '1012.02'), ('unionpay', '1012.03'),
  ('stripe',   '1012.04'), ('paypal',    '1012.05'), ('apple',  '1012.06');

-- Which code earns what is paid from a balance for a purpose; other purposes earn 6001.80.
CREATE TABLE wallet.revenue_code (
  purpose text PRIMARY KEY,
  gl_code text NOT NULL REFERENCES wallet.gl_account
);
INSERT INTO wallet.revenue_code (purpose, gl_code) VALUES ('GOODS', '6001.01'), ('VIP', '6001.02');

-- A user as the ledger knows him: a surrogate key and the shard that all his rows lie in.
CREATE TABLE wallet.owner (
  shard     smallint    NOT NULL CHECK (shard BETWEEN 0 AND 1023),
  owner_id  bigint      GENERATED ALWAYS AS IDENTITY UNIQUE CHECK (owner_id > 0),
  user_id   text        NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  xid       bigint      NOT NULL DEFAULT (pg_current_xact_id()::text::bigint) CHECK (xid > 0),
  PRIMARY KEY (shard, user_id)
);
CREATE INDEX owner_by_xid ON wallet.owner USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);

CREATE TABLE wallet.account (
  account_id bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  shard      smallint    NOT NULL DEFAULT 0,
  gl_code    text        NOT NULL REFERENCES wallet.gl_account,
  owner_id   bigint      NOT NULL DEFAULT 0,   -- 0: not a user's
  channel    text        NOT NULL DEFAULT '',  -- provider/account of a clearing account
  currency   text        NOT NULL DEFAULT 'CNY' CHECK (currency = 'CNY'),
  opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  xid        bigint      NOT NULL DEFAULT (pg_current_xact_id()::text::bigint) CHECK (xid > 0),
  UNIQUE (shard, owner_id, gl_code, channel, currency),
  CHECK (owner_id = 0 OR channel = ''),
  CHECK (owner_id > 0 OR shard = 0)
);
CREATE INDEX account_by_xid ON wallet.account USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);
INSERT INTO wallet.account (gl_code) SELECT gl_code FROM wallet.gl_account WHERE kept_per = 'PLATFORM' ORDER BY gl_code;

-- The only money rows that ever change. Two counters that only rise: turnover is free, and a falling one is damage.
-- The row of a user's principal (2204.01) is the lock of the whole wallet: whoever moves any of its money, its lots or
-- its holds locks that row first.
CREATE TABLE wallet.account_balance (
  shard      smallint    NOT NULL,
  account_id bigint      NOT NULL REFERENCES wallet.account,
  owner_id   bigint      NOT NULL,  -- this and the code as in account: what a wallet is locked and read by
  gl_code    text        NOT NULL,
  normal     text        NOT NULL CHECK (normal IN ('DEBIT', 'CREDIT')),
  debit      bigint      NOT NULL DEFAULT 0 CHECK (debit  >= 0),
  credit     bigint      NOT NULL DEFAULT 0 CHECK (credit >= 0),
  seq        bigint      NOT NULL DEFAULT 0 CHECK (seq    >= 0),  -- gapless count of the account's postings
  booked_at  timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (shard, account_id),
  UNIQUE (shard, owner_id, gl_code),
  CONSTRAINT never_below_zero CHECK (CASE normal WHEN 'CREDIT' THEN credit - debit ELSE debit - credit END >= 0)
) WITH (fillfactor = 70);

-- Request and journal share one number, so that whatever belongs to one booking carries it.
CREATE SEQUENCE wallet.journal_id;

CREATE DOMAIN wallet.booking_kind AS text CHECK (VALUE IN
  ('RECHARGE', 'SPEND', 'SPEND_REFUND', 'HOLD', 'CAPTURE', 'RELEASE', 'EXPIRY', 'RECHARGE_REFUND', 'REFUND_SETTLED',
   'REFUND_FAILED', 'CHARGEBACK', 'ADJUSTMENT'));

-- What the ledger was asked to do and what it answered, once for each key. Refusals too: a repeat must never get another
-- answer. Kept for ever, hence no partitions by time: providers' repeats and refunds reach far back.
CREATE TABLE wallet.request (
  shard       smallint            NOT NULL,
  kind        wallet.booking_kind NOT NULL,
  request_key text                NOT NULL CHECK (length(request_key) BETWEEN 1 AND 100),
  sha256      bytea               NOT NULL CHECK (length(sha256) = 32),  -- of the body: the same key with another is a conflict
  outcome     text                NOT NULL DEFAULT 'POSTED' CHECK (outcome IN
              ('POSTED', 'INSUFFICIENT_BALANCE', 'NOTHING_HELD', 'MORE_THAN_HELD', 'MORE_THAN_SPENT', 'MORE_THAN_LEFT',
               'NOTHING_DUE', 'RESOLVED_BEFORE')),
  journal_id  bigint              NOT NULL,  -- a refusal has a number too, which no journal has
  asked_at    timestamptz         NOT NULL DEFAULT clock_timestamp(),
  xid         bigint              NOT NULL DEFAULT (pg_current_xact_id()::text::bigint) CHECK (xid > 0),
  PRIMARY KEY (request_key, kind, shard)
);
CREATE INDEX request_by_xid ON wallet.request USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);

-- One voucher for each thing that happened. Three times: when it happened, when it was booked, and to which day of the
-- books (Beijing time) it belongs, which leads every key because each month is a partition.
CREATE TABLE wallet.journal (
  acct_date   date                NOT NULL,
  shard       smallint            NOT NULL,
  journal_id  bigint              NOT NULL,
  kind        wallet.booking_kind NOT NULL,
  request_key text                NOT NULL,
  reference   text                NOT NULL,  -- what people know it by, such as the number of the recharge
  currency    text                NOT NULL DEFAULT 'CNY' CHECK (currency = 'CNY'),
  event_at    timestamptz         NOT NULL,
  booked_at   timestamptz         NOT NULL,
  xid         bigint              NOT NULL DEFAULT (pg_current_xact_id()::text::bigint) CHECK (xid > 0),
  regards     bigint,                        -- the journal that it gives back, captures, releases, expires or settles
  actor       text                NOT NULL DEFAULT 'system',
  memo        text,
  PRIMARY KEY (journal_id, acct_date, shard)
) PARTITION BY RANGE (acct_date);
CREATE INDEX journal_by_reference ON wallet.journal (reference);
CREATE INDEX journal_by_regards   ON wallet.journal (regards) WHERE regards IS NOT NULL;
CREATE INDEX journal_by_xid       ON wallet.journal USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);

CREATE TABLE wallet.posting (
  acct_date  date     NOT NULL,
  shard      smallint NOT NULL,  -- the journal's, on platform accounts too: each shard balances alone
  journal_id bigint   NOT NULL,
  line       smallint NOT NULL CHECK (line BETWEEN 1 AND 16),
  account_id bigint   NOT NULL,
  amount     bigint   NOT NULL CHECK (amount <> 0),
  seq        bigint   CHECK (seq > 0),       -- STORED accounts only: the line's number in the statement,
  balance    bigint   CHECK (balance >= 0),  -- and the balance after it
  xid        bigint   NOT NULL DEFAULT (pg_current_xact_id()::text::bigint) CHECK (xid > 0),
  PRIMARY KEY (journal_id, line, acct_date, shard),
  CHECK ((seq IS NULL) = (balance IS NULL))
) PARTITION BY RANGE (acct_date);
CREATE UNIQUE INDEX posting_statement ON wallet.posting (account_id, seq, acct_date) WHERE seq IS NOT NULL;
CREATE INDEX posting_appended         ON wallet.posting (account_id, acct_date, journal_id) WHERE seq IS NULL;
CREATE INDEX posting_by_xid           ON wallet.posting USING brin (xid, acct_date) WITH (pages_per_range = 32, autosummarize = on);

-- Which money is from which recharge: principal and bonus that came together are spent and given back together. What a
-- person granted is a lot too. The first columns never change; what is left is what was granted less lot_use.
CREATE TABLE wallet.wallet_lot (
  shard          smallint    NOT NULL,
  lot_id         bigint      NOT NULL,  -- the journal that granted it
  owner_id       bigint      NOT NULL,
  request_key    text        NOT NULL,  -- the payment of the recharge; the number of the adjustment
  channel        text        NOT NULL,  -- provider/account that collected it; empty: no provider did
  principal      bigint      NOT NULL CHECK (principal >= 0),
  bonus          bigint      NOT NULL CHECK (bonus >= 0),
  expires_at     timestamptz NOT NULL DEFAULT 'infinity',  -- of the bonus
  xid            bigint      NOT NULL DEFAULT (pg_current_xact_id()::text::bigint) CHECK (xid > 0),
  -- changing columns
  principal_left bigint      NOT NULL CHECK (principal_left BETWEEN 0 AND principal),
  bonus_left     bigint      NOT NULL CHECK (bonus_left BETWEEN 0 AND bonus),
  -- what indexes know of that: they change once or twice in a lot's life, so that drawing from it touches no index
  open           boolean     GENERATED ALWAYS AS (principal_left > 0 OR bonus_left > 0) STORED,
  expiring       boolean     GENERATED ALWAYS AS (bonus_left > 0 AND expires_at < 'infinity') STORED,
  PRIMARY KEY (lot_id, shard),
  CHECK (principal + bonus > 0)
) WITH (fillfactor = 80);
CREATE INDEX wallet_lot_by_owner ON wallet.wallet_lot (shard, owner_id, open, expires_at, lot_id);
CREATE INDEX wallet_lot_expiring ON wallet.wallet_lot (expires_at) WHERE expiring;
CREATE INDEX wallet_lot_by_xid   ON wallet.wallet_lot USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);

-- What a journal took out of a lot, and how much of it is only set aside. Negative: given back. So a hold takes and sets
-- aside, its capture sets aside less, its release gives both back; what is spent for good is principal - held_principal.
CREATE TABLE wallet.lot_use (
  shard          smallint NOT NULL,
  journal_id     bigint   NOT NULL,
  lot_id         bigint   NOT NULL,
  origin         bigint   NOT NULL,  -- the spend or hold that began it; else the journal itself
  principal      bigint   NOT NULL,
  bonus          bigint   NOT NULL,
  held_principal bigint   NOT NULL DEFAULT 0,
  held_bonus     bigint   NOT NULL DEFAULT 0,
  xid            bigint   NOT NULL DEFAULT (pg_current_xact_id()::text::bigint) CHECK (xid > 0),
  PRIMARY KEY (journal_id, lot_id, shard),
  CHECK ((principal, bonus, held_principal, held_bonus) <> (0, 0, 0, 0))
);
CREATE INDEX lot_use_by_lot    ON wallet.lot_use (lot_id);
CREATE INDEX lot_use_by_origin ON wallet.lot_use (origin);
CREATE INDEX lot_use_by_xid    ON wallet.lot_use USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);

-- Money set aside for something that is not settled yet. The first columns never change.
CREATE TABLE wallet.hold (
  shard          smallint    NOT NULL,
  hold_id        bigint      NOT NULL,  -- the journal that set it aside
  owner_id       bigint      NOT NULL,
  hold_no        text        NOT NULL,  -- its request key
  reference      text        NOT NULL,
  principal      bigint      NOT NULL,
  bonus          bigint      NOT NULL,
  expires_at     timestamptz NOT NULL,
  xid            bigint      NOT NULL DEFAULT (pg_current_xact_id()::text::bigint) CHECK (xid > 0),
  -- changing columns: what is neither captured nor released
  principal_left bigint      NOT NULL CHECK (principal_left BETWEEN 0 AND principal),
  bonus_left     bigint      NOT NULL CHECK (bonus_left BETWEEN 0 AND bonus),
  PRIMARY KEY (shard, hold_id),
  UNIQUE (shard, hold_no),
  CHECK (principal + bonus > 0)
) WITH (fillfactor = 80);
CREATE INDEX hold_by_owner ON wallet.hold (shard, owner_id, hold_id);
CREATE INDEX hold_due      ON wallet.hold (expires_at) WHERE principal_left > 0 OR bonus_left > 0;

-- A month of the books that takes no more postings. A month that is not here is open.
CREATE TABLE wallet.accounting_period (
  month       date        PRIMARY KEY CHECK (extract(day FROM month) = 1),
  state       text        NOT NULL CHECK (state IN ('CLOSING', 'CLOSED')),
  closing_by  text        NOT NULL,
  closing_at  timestamptz NOT NULL,
  horizon_xid bigint,       -- every transaction that could still have seen the month open is below it
  closed_at   timestamptz,
  debit       bigint,       -- turnover of the month, at its close
  credit      bigint,
  sha256      bytea,        -- of its trial balance
  block_no    bigint,       -- the last sealed block by then
  CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL AND horizon_xid IS NOT NULL AND sha256 IS NOT NULL)),
  CHECK (debit = credit)
);

-- Shards in which a broken invariant was found take no postings until a person has looked.
CREATE TABLE wallet.stop (
  stop_id    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  shard      smallint    NOT NULL CHECK (shard BETWEEN 0 AND 1023),
  invariant  text        NOT NULL,
  subject    text        NOT NULL,
  fault      text        NOT NULL,
  stopped_at timestamptz NOT NULL,
  resumed_at timestamptz,
  resumed_by text,
  note       text,
  CHECK ((resumed_at IS NULL) = (resumed_by IS NULL) AND (resumed_at IS NULL) = (note IS NULL))
);
CREATE UNIQUE INDEX stop_standing ON wallet.stop (shard) WHERE resumed_at IS NULL;

-- Nobody changes what is booked, not even the owner of the tables by mistake.
CREATE FUNCTION wallet.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: no % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'LG001';
END $$;
-- Whose an account is, and what it is for, is as much a part of a booking as its amount.
CREATE TRIGGER owner_frozen         BEFORE UPDATE OR DELETE ON wallet.owner FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER account_frozen       BEFORE UPDATE OR DELETE ON wallet.account FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER journal_frozen       BEFORE UPDATE OR DELETE ON wallet.journal FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER posting_frozen       BEFORE UPDATE OR DELETE ON wallet.posting FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER request_frozen       BEFORE UPDATE OR DELETE ON wallet.request FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER lot_use_frozen       BEFORE UPDATE OR DELETE ON wallet.lot_use FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER journal_not_emptied  BEFORE TRUNCATE ON wallet.journal FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER posting_not_emptied  BEFORE TRUNCATE ON wallet.posting FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER request_not_emptied  BEFORE TRUNCATE ON wallet.request FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER lot_use_not_emptied  BEFORE TRUNCATE ON wallet.lot_use FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER owner_not_emptied    BEFORE TRUNCATE ON wallet.owner FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER account_not_emptied  BEFORE TRUNCATE ON wallet.account FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();
ALTER TABLE wallet.owner ENABLE ALWAYS TRIGGER owner_frozen;
ALTER TABLE wallet.account ENABLE ALWAYS TRIGGER account_frozen;
ALTER TABLE wallet.owner ENABLE ALWAYS TRIGGER owner_not_emptied;
ALTER TABLE wallet.account ENABLE ALWAYS TRIGGER account_not_emptied;
ALTER TABLE wallet.journal ENABLE ALWAYS TRIGGER journal_frozen;
ALTER TABLE wallet.posting ENABLE ALWAYS TRIGGER posting_frozen;
ALTER TABLE wallet.request ENABLE ALWAYS TRIGGER request_frozen;
ALTER TABLE wallet.lot_use ENABLE ALWAYS TRIGGER lot_use_frozen;
ALTER TABLE wallet.journal ENABLE ALWAYS TRIGGER journal_not_emptied;
ALTER TABLE wallet.posting ENABLE ALWAYS TRIGGER posting_not_emptied;
ALTER TABLE wallet.request ENABLE ALWAYS TRIGGER request_not_emptied;
ALTER TABLE wallet.lot_use ENABLE ALWAYS TRIGGER lot_use_not_emptied;

-- Of lots and holds only what is left may change; nobody removes them. Where every spend comes by, the columns that may not
-- change are named, not compared: that costs nothing as long as none of them is written.
CREATE TRIGGER lot_terms     BEFORE UPDATE OF shard, lot_id, owner_id, request_key, channel, principal, bonus, expires_at, xid
  ON wallet.wallet_lot FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER lot_kept      BEFORE DELETE ON wallet.wallet_lot FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER hold_terms    BEFORE UPDATE ON wallet.hold FOR EACH ROW WHEN (
    (OLD.shard, OLD.hold_id, OLD.owner_id, OLD.hold_no, OLD.reference, OLD.principal, OLD.bonus, OLD.expires_at, OLD.xid)
      IS DISTINCT FROM
    (NEW.shard, NEW.hold_id, NEW.owner_id, NEW.hold_no, NEW.reference, NEW.principal, NEW.bonus, NEW.expires_at, NEW.xid)
    OR NEW.principal_left > OLD.principal_left OR NEW.bonus_left > OLD.bonus_left)
  EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER hold_kept     BEFORE DELETE ON wallet.hold FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
-- The counters of a balance only rise, and its line number with them.
CREATE TRIGGER balance_terms BEFORE UPDATE OF shard, account_id, owner_id, gl_code, normal
  ON wallet.account_balance FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER balance_rises BEFORE UPDATE ON wallet.account_balance FOR EACH ROW
  WHEN (NEW.debit < OLD.debit OR NEW.credit < OLD.credit OR NEW.seq <= OLD.seq OR NEW.booked_at <= OLD.booked_at)
  EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER balance_kept  BEFORE DELETE ON wallet.account_balance FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER lots_not_emptied     BEFORE TRUNCATE ON wallet.wallet_lot FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER holds_not_emptied    BEFORE TRUNCATE ON wallet.hold FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER balances_not_emptied BEFORE TRUNCATE ON wallet.account_balance FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();

-- A month is closed in the order CLOSING, CLOSED, and never opened again.
CREATE FUNCTION wallet.only_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.state = 'CLOSING' AND NEW.horizon_xid IS NULL THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'CLOSING' AND NEW.month = OLD.month
     AND (OLD.horizon_xid IS NULL OR NEW.horizon_xid = OLD.horizon_xid)
     AND (NEW.state = 'CLOSING' OR OLD.horizon_xid IS NOT NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the month % is closed in the order CLOSING, CLOSED, and not opened again', coalesce(OLD.month, NEW.month)
    USING ERRCODE = 'LG003';
END $$;
CREATE TRIGGER period_only_closes BEFORE INSERT OR UPDATE OR DELETE ON wallet.accounting_period
  FOR EACH ROW EXECUTE FUNCTION wallet.only_close();
ALTER TABLE wallet.accounting_period ENABLE ALWAYS TRIGGER period_only_closes;

-- What is posted balances, belongs to a journal of the same transaction, lies in an open month and in a shard that is not
-- stopped, and was written at READ COMMITTED (a transaction that sees an old snapshot could take a closed month for open).
-- One check for each statement, however many journals it writes. Each is looked up by its key, whatever the planner takes
-- the tables for: a plan that was made while a month was young would read all of it later on.
CREATE FUNCTION wallet.require_balanced() RETURNS trigger LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  wrong record;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the ledger is written at READ COMMITTED only, not at %', current_setting('transaction_isolation')
      USING ERRCODE = 'LG006';
  END IF;
  SELECT w.*, w.total <> 0 OR w.lines < 2                          AS unbalanced,
         (j.xid = w.first AND w.last = w.first
          AND w.first = pg_current_xact_id()::text::bigint) IS NOT TRUE AS torn,
         period.month IS NOT NULL                                  AS closed,
         stop.fault
  INTO wrong
  FROM (SELECT acct_date, shard, journal_id, sum(amount) AS total, count(*) AS lines, min(xid) AS first, max(xid) AS last
        FROM written GROUP BY acct_date, shard, journal_id) w
  LEFT JOIN LATERAL (SELECT xid FROM wallet.journal
                     WHERE acct_date = w.acct_date AND shard = w.shard AND journal_id = w.journal_id LIMIT 1) j ON true
  LEFT JOIN wallet.accounting_period period ON period.month = date_trunc('month', w.acct_date::timestamp)::date
  LEFT JOIN wallet.stop stop ON stop.shard = w.shard AND stop.resumed_at IS NULL
  WHERE w.total <> 0 OR w.lines < 2
     OR (j.xid = w.first AND w.last = w.first AND w.first = pg_current_xact_id()::text::bigint) IS NOT TRUE
     OR period.month IS NOT NULL OR stop.fault IS NOT NULL
  LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  ELSIF wrong.unbalanced THEN
    RAISE EXCEPTION 'journal % does not balance', wrong.journal_id USING ERRCODE = 'LG002';
  ELSIF wrong.torn THEN
    RAISE EXCEPTION 'lines of journal % are not written with it', wrong.journal_id USING ERRCODE = 'LG007';
  ELSIF wrong.closed THEN
    RAISE EXCEPTION 'the books of % are closed: journal % belongs into an open month',
      to_char(wrong.acct_date, 'YYYY-MM'), wrong.journal_id USING ERRCODE = 'LG003';
  ELSE
    RAISE EXCEPTION 'shard % is stopped: %', wrong.shard, wrong.fault USING ERRCODE = 'LG008';
  END IF;
END $$;
CREATE TRIGGER posting_balances AFTER INSERT ON wallet.posting
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION wallet.require_balanced();
ALTER TABLE wallet.posting ENABLE ALWAYS TRIGGER posting_balances;

-- Makes the partitions of this month and of the months after it. The tables' owner does that, whoever calls, because the
-- application owns nothing. Attached, not created in place: that would keep all postings waiting. What guards the parent
-- by statement does not guard its parts, so each part has its own.
CREATE FUNCTION wallet.make_partitions(p_from date, p_months int) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  month date;
  kind  text;
  part  text;
  made  int := 0;
BEGIN
  IF p_months NOT BETWEEN 1 AND 120 THEN
    RAISE EXCEPTION 'between 1 and 120 months can be made at once, not %', p_months;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('wallet.make_partitions'));
  FOR month IN SELECT (date_trunc('month', p_from::timestamp) + make_interval(months => n))::date
               FROM generate_series(0, p_months - 1) n LOOP
    FOREACH kind IN ARRAY ARRAY['journal', 'posting'] LOOP
      part := kind || to_char(month, '_YYYY_MM');
      CONTINUE WHEN to_regclass('wallet.' || part) IS NOT NULL;
      EXECUTE format('CREATE TABLE wallet.%I (LIKE wallet.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, kind);
      EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON wallet.%I FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change()',
                     kind || '_not_emptied', part);
      EXECUTE format('ALTER TABLE wallet.%I ENABLE ALWAYS TRIGGER %I', part, kind || '_not_emptied');
      IF kind = 'posting' THEN
        EXECUTE format('CREATE TRIGGER posting_balances AFTER INSERT ON wallet.%I REFERENCING NEW TABLE AS written
                        FOR EACH STATEMENT EXECUTE FUNCTION wallet.require_balanced()', part);
        EXECUTE format('ALTER TABLE wallet.%I ENABLE ALWAYS TRIGGER posting_balances', part);
      END IF;
      EXECUTE format('ALTER TABLE wallet.%I ATTACH PARTITION wallet.%I FOR VALUES FROM (%L) TO (%L)',
                     kind, part, month, (month + interval '1 month')::date);
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION wallet.make_partitions(date, int) FROM public;
SELECT wallet.make_partitions((now() AT TIME ZONE 'Asia/Shanghai')::date, 4);

GRANT USAGE ON SCHEMA wallet TO "${runtimeRole}";
GRANT EXECUTE ON FUNCTION wallet.make_partitions(date, int) TO "${runtimeRole}";
GRANT SELECT ON wallet.gl_account, wallet.clearing_code, wallet.revenue_code TO "${runtimeRole}";
GRANT SELECT, INSERT ON wallet.owner, wallet.account, wallet.request, wallet.journal, wallet.posting TO "${runtimeRole}";
GRANT SELECT, INSERT ON wallet.account_balance, wallet.wallet_lot, wallet.lot_use, wallet.hold TO "${runtimeRole}";
GRANT SELECT, INSERT ON wallet.accounting_period, wallet.stop TO "${runtimeRole}";
GRANT UPDATE (debit, credit, seq, booked_at) ON wallet.account_balance TO "${runtimeRole}";
GRANT UPDATE (principal_left, bonus_left) ON wallet.wallet_lot, wallet.hold TO "${runtimeRole}";
GRANT UPDATE (state, horizon_xid, closed_at, debit, credit, sha256, block_no) ON wallet.accounting_period TO "${runtimeRole}";
GRANT UPDATE (resumed_at, resumed_by, note) ON wallet.stop TO "${runtimeRole}";
GRANT USAGE ON SEQUENCE wallet.journal_id TO "${runtimeRole}";
