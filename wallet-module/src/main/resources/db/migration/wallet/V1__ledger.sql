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

-- A user as the ledger knows him: a surrogate key and the shard that all his rows lie in.
CREATE TABLE wallet.owner (
  shard     smallint    NOT NULL CHECK (shard BETWEEN 0 AND 1023),
  owner_id  bigint      GENERATED ALWAYS AS IDENTITY UNIQUE CHECK (owner_id > 0),
  user_id   text        NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (shard, user_id)
);

CREATE TABLE wallet.account (
  account_id bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  shard      smallint    NOT NULL DEFAULT 0,
  gl_code    text        NOT NULL REFERENCES wallet.gl_account,
  owner_id   bigint      NOT NULL DEFAULT 0,   -- 0: not a user's
  channel    text        NOT NULL DEFAULT '',  -- provider/account of a clearing account
  currency   text        NOT NULL DEFAULT 'CNY' CHECK (currency = 'CNY'),
  opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (shard, owner_id, gl_code, channel, currency),
  CHECK (owner_id = 0 OR channel = ''),
  CHECK (owner_id > 0 OR shard = 0)
);
INSERT INTO wallet.account (gl_code) SELECT gl_code FROM wallet.gl_account WHERE kept_per = 'PLATFORM' ORDER BY gl_code;

-- The only money rows that ever change. Two counters that only rise: turnover is free, and a falling one is damage.
CREATE TABLE wallet.account_balance (
  shard      smallint    NOT NULL,
  account_id bigint      NOT NULL REFERENCES wallet.account,
  normal     text        NOT NULL CHECK (normal IN ('DEBIT', 'CREDIT')),
  debit      bigint      NOT NULL DEFAULT 0 CHECK (debit  >= 0),
  credit     bigint      NOT NULL DEFAULT 0 CHECK (credit >= 0),
  seq        bigint      NOT NULL DEFAULT 0 CHECK (seq    >= 0),  -- gapless count of the account's postings
  booked_at  timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (shard, account_id),
  CONSTRAINT never_below_zero CHECK (CASE normal WHEN 'CREDIT' THEN credit - debit ELSE debit - credit END >= 0)
) WITH (fillfactor = 70);

-- What the ledger was asked to do, once for each key. Kept for ever: providers' repeats and refunds reach far back.
CREATE TABLE wallet.request (
  shard       smallint    NOT NULL,
  kind        text        NOT NULL CHECK (kind IN ('RECHARGE')),
  request_key text        NOT NULL,
  sha256      bytea       NOT NULL CHECK (length(sha256) = 32),  -- of the body: the same key with another is a conflict
  outcome     text        NOT NULL DEFAULT 'POSTED' CHECK (outcome IN ('POSTED')),
  journal_id  bigint,
  asked_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (shard, kind, request_key),
  CHECK ((outcome = 'POSTED') = (journal_id IS NOT NULL))
);

-- One voucher for each thing that happened. Three times: when it happened, when it was booked, and to which day of the
-- books (Beijing time) it belongs, which leads every key because months become partitions.
CREATE SEQUENCE wallet.journal_id;
CREATE TABLE wallet.journal (
  acct_date   date        NOT NULL,
  shard       smallint    NOT NULL,
  journal_id  bigint      NOT NULL,
  kind        text        NOT NULL CHECK (kind IN ('RECHARGE')),
  request_key text        NOT NULL,
  reference   text        NOT NULL,  -- what people know it by, such as the number of the recharge
  currency    text        NOT NULL DEFAULT 'CNY' CHECK (currency = 'CNY'),
  event_at    timestamptz NOT NULL,
  booked_at   timestamptz NOT NULL,
  xid         bigint      NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
  reverses    bigint,
  actor       text        NOT NULL DEFAULT 'system',
  memo        jsonb,
  PRIMARY KEY (acct_date, shard, journal_id)
);
CREATE INDEX journal_by_reference ON wallet.journal (reference);
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
  xid        bigint   NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
  PRIMARY KEY (acct_date, shard, journal_id, line),
  CHECK ((seq IS NULL) = (balance IS NULL))
);
CREATE UNIQUE INDEX posting_statement ON wallet.posting (account_id, seq, acct_date) WHERE seq IS NOT NULL;
CREATE INDEX posting_appended ON wallet.posting (account_id, xid) INCLUDE (amount) WHERE seq IS NULL;
CREATE INDEX posting_by_xid   ON wallet.posting USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);

-- Which money is from which recharge: principal and bonus that came together are spent and given back together.
CREATE TABLE wallet.wallet_lot (
  shard          smallint    NOT NULL,
  lot_id         bigint      NOT NULL,  -- the journal of the recharge
  owner_id       bigint      NOT NULL,
  out_trade_no   text        NOT NULL,
  principal      bigint      NOT NULL CHECK (principal > 0),
  bonus          bigint      NOT NULL CHECK (bonus >= 0),
  principal_left bigint      NOT NULL CHECK (principal_left BETWEEN 0 AND principal),
  bonus_left     bigint      NOT NULL CHECK (bonus_left BETWEEN 0 AND bonus),
  expires_at     timestamptz NOT NULL DEFAULT 'infinity',  -- of the bonus
  PRIMARY KEY (shard, lot_id)
) WITH (fillfactor = 80);
CREATE INDEX wallet_lot_open ON wallet.wallet_lot (shard, owner_id, expires_at, lot_id)
  WHERE principal_left > 0 OR bonus_left > 0;

-- Nobody changes what is booked, not even the owner of the tables by mistake.
CREATE FUNCTION wallet.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: no % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'LG001';
END $$;
CREATE TRIGGER journal_frozen       BEFORE UPDATE OR DELETE ON wallet.journal FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER posting_frozen       BEFORE UPDATE OR DELETE ON wallet.posting FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER request_frozen       BEFORE UPDATE OR DELETE ON wallet.request FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER journal_not_emptied  BEFORE TRUNCATE ON wallet.journal FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER posting_not_emptied  BEFORE TRUNCATE ON wallet.posting FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER request_not_emptied  BEFORE TRUNCATE ON wallet.request FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();
ALTER TABLE wallet.journal ENABLE ALWAYS TRIGGER journal_frozen;
ALTER TABLE wallet.posting ENABLE ALWAYS TRIGGER posting_frozen;
ALTER TABLE wallet.request ENABLE ALWAYS TRIGGER request_frozen;
ALTER TABLE wallet.journal ENABLE ALWAYS TRIGGER journal_not_emptied;
ALTER TABLE wallet.posting ENABLE ALWAYS TRIGGER posting_not_emptied;
ALTER TABLE wallet.request ENABLE ALWAYS TRIGGER request_not_emptied;

-- What is posted balances, belongs to a journal of the same transaction, and was written at READ COMMITTED: one check for
-- each statement, however many journals it writes.
CREATE FUNCTION wallet.require_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the ledger is written at READ COMMITTED only, not at %', current_setting('transaction_isolation')
      USING ERRCODE = 'LG006';
  END IF;
  SELECT journal_id INTO wrong FROM written
  GROUP BY acct_date, shard, journal_id HAVING sum(amount) <> 0 OR count(*) < 2 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % does not balance', wrong USING ERRCODE = 'LG002';
  END IF;
  SELECT w.journal_id INTO wrong
  FROM written w LEFT JOIN wallet.journal j
    ON j.acct_date = w.acct_date AND j.shard = w.shard AND j.journal_id = w.journal_id
  WHERE (j.xid = w.xid AND w.xid = pg_current_xact_id()::text::bigint) IS NOT TRUE LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'lines of journal % are not written with it', wrong USING ERRCODE = 'LG007';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER posting_balances AFTER INSERT ON wallet.posting
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION wallet.require_balanced();
ALTER TABLE wallet.posting ENABLE ALWAYS TRIGGER posting_balances;

GRANT USAGE ON SCHEMA wallet TO "${runtimeRole}";
GRANT SELECT ON wallet.gl_account, wallet.clearing_code TO "${runtimeRole}";
GRANT SELECT, INSERT ON wallet.owner, wallet.account, wallet.request, wallet.journal, wallet.posting TO "${runtimeRole}";
GRANT SELECT, INSERT ON wallet.account_balance, wallet.wallet_lot TO "${runtimeRole}";
GRANT UPDATE (debit, credit, seq, booked_at) ON wallet.account_balance TO "${runtimeRole}";
GRANT UPDATE (principal_left, bonus_left) ON wallet.wallet_lot TO "${runtimeRole}";
GRANT USAGE ON SEQUENCE wallet.journal_id TO "${runtimeRole}";
