-- What makes the ledger auditable: totals by day, sealed blocks, checks that were run, and adjustments by two persons.

-- Turnover of each day of the books: of every platform account, and of all users' accounts of a code together (account 0).
-- A cache that can be dropped and rolled up again.
CREATE TABLE wallet.daily_total (
  acct_date  date   NOT NULL,
  gl_code    text   NOT NULL REFERENCES wallet.gl_account,
  account_id bigint NOT NULL,
  debit      bigint NOT NULL CHECK (debit >= 0),
  credit     bigint NOT NULL CHECK (credit >= 0),
  lines      bigint NOT NULL CHECK (lines > 0),
  PRIMARY KEY (acct_date, gl_code, account_id)
) WITH (fillfactor = 70);
CREATE TABLE wallet.rolled_up (
  upto_xid bigint NOT NULL,      -- every posting of a transaction below it is in daily_total
  at       timestamptz NOT NULL
);
CREATE UNIQUE INDEX rolled_up_once ON wallet.rolled_up ((true));
INSERT INTO wallet.rolled_up (upto_xid, at) VALUES (0, now());

-- Every transaction below it is finished, so nothing can appear there any more. A cursor over the highest number seen could
-- not say that: a lower number may commit later.
CREATE FUNCTION wallet.horizon() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint
$$;

-- Adds what was finished since the last time. Answers how many totals moved.
CREATE FUNCTION wallet.roll_up(p_now timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  since bigint;
  upto  bigint;
  moved bigint;
BEGIN
  SELECT upto_xid INTO since FROM wallet.rolled_up FOR UPDATE;
  upto := wallet.horizon();
  INSERT INTO wallet.daily_total AS t (acct_date, gl_code, account_id, debit, credit, lines)
  SELECT p.acct_date, a.gl_code, CASE WHEN a.owner_id > 0 THEN 0 ELSE a.account_id END AS account,
         coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0), coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0), count(*)
  FROM wallet.posting p JOIN wallet.account a USING (account_id)
  WHERE p.xid >= since AND p.xid < upto
  GROUP BY p.acct_date, a.gl_code, account
  ON CONFLICT (acct_date, gl_code, account_id) DO UPDATE
  SET debit = t.debit + excluded.debit, credit = t.credit + excluded.credit, lines = t.lines + excluded.lines;
  GET DIAGNOSTICS moved = ROW_COUNT;
  UPDATE wallet.rolled_up SET upto_xid = upto, at = p_now;
  RETURN moved;
END $$;

-- Turnover, exact at any moment: what is rolled up, and the tail that is not, in one snapshot.
CREATE VIEW wallet.turnover AS
SELECT acct_date, gl_code, account_id, debit, credit, lines FROM wallet.daily_total
UNION ALL
SELECT p.acct_date, a.gl_code, CASE WHEN a.owner_id > 0 THEN 0 ELSE a.account_id END AS account,
       coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0)::bigint, coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0)::bigint, count(*)
FROM wallet.posting p JOIN wallet.account a USING (account_id)
WHERE p.xid >= (SELECT upto_xid FROM wallet.rolled_up)
GROUP BY p.acct_date, a.gl_code, account;

-- A moment as text that is the same on every server and under every setting: microseconds since 1970, or infinity.
CREATE FUNCTION wallet.moment(p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN isfinite(p_at) THEN (extract(epoch FROM p_at) * 1000000)::numeric(30, 0)::text ELSE p_at::text END
$$;

-- Everything immutable that was written by transactions in this window, row by row, as such text. All rows of one booking
-- carry its number. Whose the accounts are belongs to it: a wallet that was opened stands under its owner's number with a
-- minus, and the platform's accounts under zero. verify-ledger reads the same rows by a statement of its own.
CREATE FUNCTION wallet.sealed_rows(p_from_xid bigint, p_upto_xid bigint) RETURNS TABLE (number bigint, part text, amount bigint)
  LANGUAGE sql STABLE AS $$
  SELECT r.journal_id, 'R' || ROW(r.shard, r.kind, r.request_key, encode(r.sha256, 'hex'), r.outcome, r.journal_id,
                                  wallet.moment(r.asked_at), r.xid)::text, NULL::bigint
  FROM wallet.request r WHERE r.xid >= p_from_xid AND r.xid < p_upto_xid
  UNION ALL
  SELECT j.journal_id, 'J' || ROW(j.acct_date - DATE '2000-01-01', j.shard, j.journal_id, j.kind, j.request_key, j.reference, j.currency,
                                  wallet.moment(j.event_at), wallet.moment(j.booked_at), j.xid, j.regards, j.actor, j.memo)::text, 0
  FROM wallet.journal j WHERE j.xid >= p_from_xid AND j.xid < p_upto_xid
  UNION ALL
  SELECT p.journal_id, 'P' || ROW(p.acct_date - DATE '2000-01-01', p.shard, p.journal_id, p.line, p.account_id, p.amount, p.seq, p.balance,
                                  p.xid)::text, p.amount
  FROM wallet.posting p WHERE p.xid >= p_from_xid AND p.xid < p_upto_xid
  UNION ALL
  SELECT u.journal_id, 'U' || ROW(u.shard, u.journal_id, u.lot_id, u.origin, u.principal, u.bonus, u.held_principal, u.held_bonus,
                                  u.xid)::text, NULL
  FROM wallet.lot_use u WHERE u.xid >= p_from_xid AND u.xid < p_upto_xid
  UNION ALL
  SELECT l.lot_id, 'L' || ROW(l.shard, l.lot_id, l.owner_id, l.request_key, l.channel, l.principal, l.bonus, wallet.moment(l.expires_at),
                              l.xid)::text, NULL
  FROM wallet.wallet_lot l WHERE l.xid >= p_from_xid AND l.xid < p_upto_xid
  UNION ALL
  SELECT h.hold_id, 'H' || ROW(h.shard, h.hold_id, h.owner_id, h.hold_no, h.reference, h.principal, h.bonus, wallet.moment(h.expires_at),
                               h.xid)::text, NULL
  FROM wallet.hold h WHERE h.xid >= p_from_xid AND h.xid < p_upto_xid
  UNION ALL
  SELECT -o.owner_id, 'O' || ROW(o.shard, o.owner_id, o.user_id, wallet.moment(o.opened_at), o.xid)::text, NULL
  FROM wallet.owner o WHERE o.xid >= p_from_xid AND o.xid < p_upto_xid
  UNION ALL
  SELECT -a.owner_id, 'A' || ROW(a.account_id, a.shard, a.gl_code, a.owner_id, a.channel, a.currency, wallet.moment(a.opened_at),
                                 a.xid)::text, NULL
  FROM wallet.account a WHERE a.xid >= p_from_xid AND a.xid < p_upto_xid
$$;

-- The content of a window. A leaf is a booking: its number and the SHA-256 over the SHA-256 of its rows, these in order. The
-- body is the SHA-256 of all leaves in the order of their numbers.
CREATE FUNCTION wallet.window_content(p_from_xid bigint, p_upto_xid bigint, OUT entries bigint, OUT journals bigint,
  OUT postings bigint, OUT debit bigint, OUT credit bigint, OUT leaves bytea, OUT body_sha256 bytea) LANGUAGE sql STABLE AS $$
  WITH sealed AS (
    SELECT r.number, sha256(convert_to(r.part, 'UTF8')) AS hash, left(r.part, 1) AS kind, r.amount
    FROM wallet.sealed_rows(p_from_xid, p_upto_xid) r
  ), leaf AS (
    SELECT s.number, sha256(string_agg(s.hash, ''::bytea ORDER BY s.hash)) AS hash,
           count(*) FILTER (WHERE s.kind = 'J') AS journals, count(*) FILTER (WHERE s.kind = 'P') AS postings,
           coalesce(sum(s.amount) FILTER (WHERE s.amount > 0), 0) AS debit, coalesce(-sum(s.amount) FILTER (WHERE s.amount < 0), 0) AS credit
    FROM sealed s GROUP BY s.number
  ), body AS (
    SELECT count(*) AS entries, coalesce(sum(l.journals), 0)::bigint AS journals, coalesce(sum(l.postings), 0)::bigint AS postings,
           coalesce(sum(l.debit), 0)::bigint AS debit, coalesce(sum(l.credit), 0)::bigint AS credit,
           coalesce(string_agg(int8send(l.number) || l.hash, ''::bytea ORDER BY l.number), ''::bytea) AS leaves
    FROM leaf l
  )
  SELECT b.entries, b.journals, b.postings, b.debit, b.credit, b.leaves, sha256(b.leaves) FROM body b
$$;

-- The chain: each block holds what the transactions of one window booked, and the hash of the block before. Windows follow
-- each other without a gap and end below every running transaction, so nothing can be left out.
CREATE TABLE wallet.block (
  block_no        bigint      PRIMARY KEY CHECK (block_no > 0),
  from_xid        bigint      NOT NULL UNIQUE,
  upto_xid        bigint      NOT NULL CHECK (upto_xid > from_xid),
  entries         bigint      NOT NULL CHECK (entries > 0),   -- journals, refusals and opened wallets
  journals        bigint      NOT NULL,
  journals_so_far bigint      NOT NULL,                       -- with those of all blocks before
  postings        bigint      NOT NULL,
  debit           bigint      NOT NULL,
  credit          bigint      NOT NULL CHECK (credit = debit),
  leaves          bytea       NOT NULL,                       -- 8 bytes of number and 32 of hash for each entry: says which one was changed
  body_sha256     bytea       NOT NULL,
  prev_sha256     bytea       NOT NULL UNIQUE,
  sha256          bytea       NOT NULL UNIQUE,
  sealed_at       timestamptz NOT NULL
);
ALTER TABLE wallet.block ALTER COLUMN leaves SET STORAGE EXTERNAL;   -- hashes do not compress
CREATE TRIGGER block_frozen      BEFORE UPDATE OR DELETE ON wallet.block FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER block_not_emptied BEFORE TRUNCATE ON wallet.block FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();
ALTER TABLE wallet.block ENABLE ALWAYS TRIGGER block_frozen;
ALTER TABLE wallet.block ENABLE ALWAYS TRIGGER block_not_emptied;

CREATE FUNCTION wallet.block_sha256(p wallet.block) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(concat_ws('|', p.block_no, p.from_xid, p.upto_xid, p.entries, p.journals, p.journals_so_far, p.postings,
                                     p.debit, p.credit, wallet.moment(p.sealed_at)), 'UTF8')
                || p.body_sha256 || p.prev_sha256)
$$;

-- Seals what was finished since the last block, at most about p_most bookings of it. Answers the new block's number; null if
-- there is nothing to seal. Two sealers at once: one wins, the other breaks a unique key.
CREATE FUNCTION wallet.seal(p_now timestamptz, p_most int DEFAULT 20000) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  last record;
  next wallet.block;
  cut  bigint;
BEGIN
  SELECT block_no, upto_xid, journals_so_far, sha256 INTO last FROM wallet.block ORDER BY block_no DESC LIMIT 1;
  next.block_no    := coalesce(last.block_no, 0) + 1;
  next.from_xid    := coalesce(last.upto_xid, 0);
  next.upto_xid    := wallet.horizon();
  next.prev_sha256 := coalesce(last.sha256, decode(repeat('00', 32), 'hex'));
  next.sealed_at   := p_now;
  SELECT r.xid INTO cut FROM wallet.request r WHERE r.xid >= next.from_xid AND r.xid < next.upto_xid ORDER BY r.xid OFFSET p_most LIMIT 1;
  IF FOUND THEN
    next.upto_xid := cut + CASE WHEN EXISTS (SELECT FROM wallet.request r WHERE r.xid >= next.from_xid AND r.xid < cut) THEN 0 ELSE 1 END;
  END IF;
  SELECT c.entries, c.journals, c.postings, c.debit, c.credit, c.leaves, c.body_sha256
  INTO next.entries, next.journals, next.postings, next.debit, next.credit, next.leaves, next.body_sha256
  FROM wallet.window_content(next.from_xid, next.upto_xid) c;
  IF next.entries = 0 THEN RETURN NULL; END IF;
  next.journals_so_far := coalesce(last.journals_so_far, 0) + next.journals;
  next.sha256 := wallet.block_sha256(next);
  INSERT INTO wallet.block SELECT next.*;
  RETURN next.block_no;
END $$;

-- Work that any instance may do, and one does: who moves the due time first.
CREATE TABLE wallet.job (
  job         text        PRIMARY KEY,
  due_at      timestamptz NOT NULL DEFAULT '-infinity',
  started_at  timestamptz,
  finished_at timestamptz,
  result      text
) WITH (fillfactor = 50);
INSERT INTO wallet.job (job) VALUES
  ('partitions'), ('roll-up'), ('seal'), ('expiry'), ('holds'), ('proof-moved'), ('proof-full'), ('closing');

-- Checks of all invariants that were run. Those over what moved rest on the full one before.
CREATE TABLE wallet.proof_run (
  run_id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  full_check  boolean     NOT NULL,
  since_xid   bigint      NOT NULL,
  horizon_xid bigint      NOT NULL,  -- every transaction below it was seen
  started_at  timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  holds       boolean     NOT NULL,
  invariants  jsonb       NOT NULL,
  block_no    bigint      NOT NULL   -- the last sealed block by then; 0: none
);
CREATE INDEX proof_run_full ON wallet.proof_run (run_id) WHERE full_check;

-- What a person wants to do to a wallet, and what a second one said to it.
CREATE TABLE wallet.adjustment (
  adjustment_no    text        COLLATE "C" PRIMARY KEY CHECK (adjustment_no ~ '^A[0-9A-Z]{26}$'),
  kind             text        NOT NULL CHECK (kind IN ('GRANT_PRINCIPAL', 'TAKE_PRINCIPAL', 'GRANT_BONUS', 'TAKE_BONUS', 'PAY_DEBT',
                                                        'WRITE_OFF_DEBT', 'CHARGEBACK', 'SPEND_REFUND')),
  user_id          text        NOT NULL CHECK (user_id ~ '^[0-9A-Za-z_.@:-]{1,64}$'),
  shard            smallint    NOT NULL CHECK (shard BETWEEN 0 AND 1023),
  amount           bigint      NOT NULL CHECK (amount BETWEEN 1 AND 10000000000),
  bonus_expires_at timestamptz CHECK (bonus_expires_at IS NULL OR kind = 'GRANT_BONUS'),
  subject          text        CHECK ((subject IS NOT NULL) = (kind IN ('CHARGEBACK', 'SPEND_REFUND'))),  -- the payment that it is about
  reason           text        NOT NULL CHECK (length(btrim(reason)) BETWEEN 5 AND 500),
  proposed_by      text        NOT NULL,
  proposed_at      timestamptz NOT NULL,
  -- changing columns
  state            text        NOT NULL DEFAULT 'PROPOSED' CHECK (state IN ('PROPOSED', 'BOOKED', 'REFUSED', 'REJECTED', 'WITHDRAWN')),
  decided_by       text,
  decided_at       timestamptz,
  note             text        CHECK (length(note) <= 500),
  outcome          text,       -- the ledger's answer
  journal_id       bigint,
  CONSTRAINT decided_by_somebody CHECK ((state = 'PROPOSED') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  CONSTRAINT two_persons         CHECK (state NOT IN ('BOOKED', 'REFUSED', 'REJECTED') OR decided_by <> proposed_by),
  CONSTRAINT withdrawn_by_author CHECK (state <> 'WITHDRAWN' OR decided_by = proposed_by),
  CONSTRAINT booked_with_journal CHECK ((state = 'BOOKED') = (journal_id IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX adjustment_open    ON wallet.adjustment (adjustment_no) WHERE state = 'PROPOSED';
CREATE INDEX adjustment_by_user ON wallet.adjustment (user_id, adjustment_no);
CREATE TRIGGER adjustment_decided_once BEFORE UPDATE OR DELETE ON wallet.adjustment
  FOR EACH ROW WHEN (OLD.state <> 'PROPOSED') EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER adjustment_kept BEFORE DELETE ON wallet.adjustment FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER adjustment_terms BEFORE UPDATE ON wallet.adjustment FOR EACH ROW WHEN (
    (OLD.adjustment_no, OLD.kind, OLD.user_id, OLD.shard, OLD.amount, OLD.bonus_expires_at, OLD.subject, OLD.reason, OLD.proposed_by,
     OLD.proposed_at)
      IS DISTINCT FROM
    (NEW.adjustment_no, NEW.kind, NEW.user_id, NEW.shard, NEW.amount, NEW.bonus_expires_at, NEW.subject, NEW.reason, NEW.proposed_by,
     NEW.proposed_at))
  EXECUTE FUNCTION wallet.refuse_change();

-- Books a proposal that a second person approves. The proposal is locked first, then the wallet.
CREATE FUNCTION wallet.approve(p_adjustment_no text, p_sha256 bytea, p_by text, p_note text, p_now timestamptz)
  RETURNS wallet.adjustment LANGUAGE plpgsql AS $$
DECLARE
  proposal wallet.adjustment;
  answer   wallet.answer;
  memo     text;
BEGIN
  SELECT * INTO proposal FROM wallet.adjustment WHERE adjustment_no = p_adjustment_no FOR NO KEY UPDATE;
  IF NOT FOUND OR proposal.state <> 'PROPOSED' THEN RETURN proposal; END IF;
  memo := format('%s (proposed by %s, approved by %s)', proposal.reason, proposal.proposed_by, p_by);
  answer := CASE proposal.kind
    WHEN 'CHARGEBACK' THEN
      wallet.charge_back(proposal.shard, proposal.user_id, p_adjustment_no, p_sha256, proposal.subject, proposal.amount, p_now, p_by, memo)
    WHEN 'SPEND_REFUND' THEN
      wallet.refund_spend(proposal.shard, proposal.user_id, p_adjustment_no, p_sha256, proposal.subject, proposal.amount, p_now, p_by, memo)
    ELSE
      wallet.adjust(proposal.shard, proposal.user_id, p_adjustment_no, p_sha256, proposal.kind, proposal.amount,
                    proposal.bonus_expires_at, p_now, p_by, memo)
    END;
  UPDATE wallet.adjustment
  SET state = CASE answer.outcome WHEN 'POSTED' THEN 'BOOKED' ELSE 'REFUSED' END, decided_by = p_by, decided_at = p_now, note = p_note,
      outcome = answer.outcome, journal_id = CASE answer.outcome WHEN 'POSTED' THEN answer.journal_id END
  WHERE adjustment_no = p_adjustment_no
  RETURNING * INTO proposal;
  RETURN proposal;
END $$;

GRANT SELECT ON wallet.turnover TO "${runtimeRole}";
GRANT SELECT, INSERT, UPDATE ON wallet.daily_total TO "${runtimeRole}";
GRANT SELECT, UPDATE ON wallet.rolled_up, wallet.job TO "${runtimeRole}";
GRANT SELECT, INSERT ON wallet.block, wallet.proof_run, wallet.adjustment TO "${runtimeRole}";
GRANT UPDATE (state, decided_by, decided_at, note, outcome, journal_id) ON wallet.adjustment TO "${runtimeRole}";
