-- The invariants over a ledger that has grown: each is one pass over what it looks at, whatever the planner takes the tables
-- for. They find what they found before.

-- What only reads may be read by several processes.
ALTER FUNCTION wallet.since_xid()               PARALLEL SAFE;
ALTER FUNCTION wallet.moment(timestamptz)       PARALLEL SAFE;
ALTER FUNCTION wallet.block_sha256(wallet.block) PARALLEL SAFE;

-- The lowest and the highest number say as much as the count of different ones, and need no sorting.
CREATE OR REPLACE VIEW wallet.i2_journals_balance AS
SELECT coalesce(j.shard, p.shard) AS shard, 'journal ' || coalesce(j.journal_id, p.journal_id) AS subject,
       CASE WHEN j.journal_id IS NULL THEN 'has lines but no head'
            WHEN p.journal_id IS NULL THEN 'has no lines'
            WHEN p.lines < 2          THEN 'has only one line'
            WHEN p.first_xid <> j.xid OR p.last_xid <> j.xid THEN 'was not written by one transaction'
            ELSE 'adds up to ' || p.total END AS fault
FROM (SELECT * FROM wallet.journal WHERE xid >= wallet.since_xid()) j
FULL JOIN (SELECT acct_date, shard, journal_id, sum(amount) AS total, count(*) AS lines, min(xid) AS first_xid, max(xid) AS last_xid
           FROM wallet.posting WHERE xid >= wallet.since_xid() GROUP BY acct_date, shard, journal_id) p
  ON p.acct_date = j.acct_date AND p.shard = j.shard AND p.journal_id = j.journal_id
WHERE j.journal_id IS NULL OR p.journal_id IS NULL OR p.lines < 2 OR p.first_xid <> j.xid OR p.last_xid <> j.xid OR p.total <> 0;

-- Of the owners to look at, what is left of their lots and holds. Two branches, as in balance_to_check.
CREATE VIEW wallet.lot_to_check AS
SELECT shard, owner_id, principal_left, bonus_left FROM wallet.wallet_lot WHERE wallet.since_xid() = 0 AND open
UNION ALL
SELECT l.shard, l.owner_id, l.principal_left, l.bonus_left
FROM wallet.moved_owner m JOIN wallet.wallet_lot l ON l.shard = m.shard AND l.owner_id = m.owner_id
WHERE wallet.since_xid() > 0 AND l.open;

CREATE VIEW wallet.hold_to_check AS
SELECT shard, owner_id, principal_left, bonus_left FROM wallet.hold WHERE wallet.since_xid() = 0
UNION ALL
SELECT h.shard, h.owner_id, h.principal_left, h.bonus_left
FROM wallet.moved_owner m JOIN wallet.hold h ON h.shard = m.shard AND h.owner_id = m.owner_id
WHERE wallet.since_xid() > 0;

-- What is left of a user's lots is what is available to him; held money left its lots when it was held. Put under each other
-- and added up, not looked up for each owner.
CREATE OR REPLACE VIEW wallet.i5_lots_equal_balances AS
SELECT w.shard, 'owner ' || w.owner_id AS subject,
       format('lots hold %s and bonus %s, the balances %s and %s', w.lot_principal, w.lot_bonus, w.principal, w.bonus) AS fault
FROM (SELECT x.shard, x.owner_id, bool_or(x.balance) AS has_wallet,
             coalesce(sum(x.principal) FILTER (WHERE x.balance), 0)     AS principal,
             coalesce(sum(x.bonus)     FILTER (WHERE x.balance), 0)     AS bonus,
             coalesce(sum(x.principal) FILTER (WHERE NOT x.balance), 0) AS lot_principal,
             coalesce(sum(x.bonus)     FILTER (WHERE NOT x.balance), 0) AS lot_bonus
      FROM (SELECT b.shard, b.owner_id, true AS balance, CASE b.gl_code WHEN '2204.01' THEN b.credit - b.debit ELSE 0 END AS principal,
                   CASE b.gl_code WHEN '2204.11' THEN b.credit - b.debit ELSE 0 END AS bonus
            FROM wallet.balance_to_check b
            UNION ALL
            SELECT l.shard, l.owner_id, false, l.principal_left, l.bonus_left FROM wallet.lot_to_check l) x
      GROUP BY x.shard, x.owner_id) w
WHERE w.has_wallet AND (w.lot_principal, w.lot_bonus) IS DISTINCT FROM (w.principal, w.bonus)
UNION ALL
SELECT l.shard, 'lot ' || l.lot_id, 'belongs to the owner ' || l.owner_id || ' who has no wallet'
FROM wallet.wallet_lot l
WHERE l.xid >= wallet.since_xid()
  AND NOT EXISTS (SELECT FROM wallet.account_balance b WHERE b.shard = l.shard AND b.owner_id = l.owner_id AND b.gl_code = '2204.01');

-- As before, but the last part: the planner takes a journal's postings for one row, and would look through all lot uses for each
-- of the million that there are. A full join it cannot do so; that there is a journal is asked for in a way that leaves it one.
CREATE OR REPLACE VIEW wallet.i6_lots_equal_bookings AS
SELECT coalesce(l.shard, j.shard) AS shard, 'lot ' || coalesce(l.lot_id, j.journal_id) AS subject,
       format('was made with %s and bonus %s, its journal credits %s and %s', l.principal, l.bonus, j.principal, j.bonus) AS fault
FROM (SELECT * FROM wallet.wallet_lot WHERE xid >= wallet.since_xid()) l
FULL JOIN (SELECT j.shard, j.journal_id, j.request_key, max(b.owner_id) AS owner_id,
                  coalesce(-sum(p.amount) FILTER (WHERE b.gl_code = '2204.01'), 0) AS principal,
                  coalesce(-sum(p.amount) FILTER (WHERE b.gl_code = '2204.11'), 0) AS bonus
           FROM wallet.journal j
           JOIN wallet.posting p         ON p.acct_date = j.acct_date AND p.shard = j.shard AND p.journal_id = j.journal_id
           JOIN wallet.account_balance b ON b.shard = p.shard AND b.account_id = p.account_id
           WHERE j.xid >= wallet.since_xid() AND j.kind IN ('RECHARGE', 'ADJUSTMENT') AND p.amount < 0 AND b.gl_code IN ('2204.01', '2204.11')
           GROUP BY j.acct_date, j.shard, j.journal_id) j
  ON j.shard = l.shard AND j.journal_id = l.lot_id
WHERE (l.owner_id, l.request_key, l.principal, l.bonus) IS DISTINCT FROM (j.owner_id, j.request_key, j.principal, j.bonus)
UNION ALL
SELECT l.shard, 'lot ' || l.lot_id,
       format('has %s and bonus %s left of %s and %s, of which %s and %s were taken', l.principal_left, l.bonus_left, l.principal, l.bonus,
              u.principal, u.bonus)
FROM (SELECT m.shard, m.lot_id, coalesce(sum(u.principal), 0) AS principal, coalesce(sum(u.bonus), 0) AS bonus,
             coalesce(sum(u.held_principal), 0) AS held_principal, coalesce(sum(u.held_bonus), 0) AS held_bonus
      FROM wallet.moved_lot m LEFT JOIN wallet.lot_use u ON u.shard = m.shard AND u.lot_id = m.lot_id
      GROUP BY m.shard, m.lot_id) u
JOIN wallet.wallet_lot l ON l.shard = u.shard AND l.lot_id = u.lot_id
WHERE (l.principal_left, l.bonus_left) IS DISTINCT FROM (l.principal - u.principal, l.bonus - u.bonus)
   OR u.held_principal NOT BETWEEN 0 AND u.principal OR u.held_bonus NOT BETWEEN 0 AND u.bonus
UNION ALL
SELECT m.shard, 'lot ' || m.lot_id, 'was drawn from and is not there'
FROM wallet.moved_lot m LEFT JOIN wallet.wallet_lot l ON l.shard = m.shard AND l.lot_id = m.lot_id WHERE l.lot_id IS NULL
UNION ALL  -- what a journal moved in a wallet is what it drew from lots or gave back to them, or granted as a lot
SELECT j.shard, 'journal ' || j.journal_id,
       format('moves %s and bonus %s in the wallet, its lots %s and %s', j.principal, j.bonus, coalesce(u.principal, 0), coalesce(u.bonus, 0))
FROM (SELECT j.shard, j.journal_id, j.kind,
             coalesce(sum(p.amount) FILTER (WHERE b.gl_code = '2204.01'), 0) AS principal,
             coalesce(sum(p.amount) FILTER (WHERE b.gl_code = '2204.11'), 0) AS bonus
      FROM wallet.journal j
      JOIN wallet.posting p         ON p.acct_date = j.acct_date AND p.shard = j.shard AND p.journal_id = j.journal_id
      JOIN wallet.account_balance b ON b.shard = p.shard AND b.account_id = p.account_id
      WHERE j.xid >= wallet.since_xid() GROUP BY j.acct_date, j.shard, j.journal_id) j
FULL JOIN (SELECT x.shard, x.journal_id, sum(x.principal) AS principal, sum(x.bonus) AS bonus
           FROM (SELECT shard, journal_id, principal, bonus FROM wallet.lot_use WHERE xid >= wallet.since_xid()
                 UNION ALL SELECT shard, lot_id, -principal, -bonus FROM wallet.wallet_lot WHERE xid >= wallet.since_xid()) x
           GROUP BY x.shard, x.journal_id) u ON u.shard = j.shard AND u.journal_id = j.journal_id
WHERE num_nonnulls(j.journal_id) = 1 AND (j.principal, j.bonus) IS DISTINCT FROM (coalesce(u.principal, 0), coalesce(u.bonus, 0));

CREATE OR REPLACE VIEW wallet.i10_holds_equal_balances AS
SELECT h.shard, 'hold ' || h.hold_no AS subject,
       format('has %s and bonus %s left, its lots say %s and %s', h.principal_left, h.bonus_left, u.principal, u.bonus) AS fault
FROM (SELECT * FROM wallet.hold WHERE wallet.since_xid() = 0
      UNION ALL
      SELECT * FROM wallet.hold
      WHERE wallet.since_xid() > 0 AND (shard, owner_id) IN (SELECT shard, owner_id FROM wallet.moved_owner)) h
LEFT JOIN LATERAL (SELECT coalesce(sum(held_principal), 0) AS principal, coalesce(sum(held_bonus), 0) AS bonus
                   FROM wallet.lot_use WHERE shard = h.shard AND origin = h.hold_id) u ON true
WHERE (h.principal_left, h.bonus_left) IS DISTINCT FROM (u.principal, u.bonus)
UNION ALL
SELECT h.shard, 'hold ' || h.hold_no, 'was never booked'
FROM wallet.hold h
LEFT JOIN wallet.journal j ON j.journal_id = h.hold_id AND j.shard = h.shard AND j.kind = 'HOLD' AND j.request_key = h.hold_no AND j.xid = h.xid
WHERE h.xid >= wallet.since_xid() AND j.journal_id IS NULL
UNION ALL
SELECT w.shard, 'owner ' || w.owner_id,
       format('holds have %s and bonus %s, the balances %s and %s', w.hold_principal, w.hold_bonus, w.principal, w.bonus)
FROM (SELECT x.shard, x.owner_id, bool_or(x.balance) AS has_wallet,
             coalesce(sum(x.principal) FILTER (WHERE x.balance), 0)     AS principal,
             coalesce(sum(x.bonus)     FILTER (WHERE x.balance), 0)     AS bonus,
             coalesce(sum(x.principal) FILTER (WHERE NOT x.balance), 0) AS hold_principal,
             coalesce(sum(x.bonus)     FILTER (WHERE NOT x.balance), 0) AS hold_bonus
      FROM (SELECT b.shard, b.owner_id, true AS balance, CASE b.gl_code WHEN '2204.02' THEN b.credit - b.debit ELSE 0 END AS principal,
                   CASE b.gl_code WHEN '2204.12' THEN b.credit - b.debit ELSE 0 END AS bonus
            FROM wallet.balance_to_check b
            UNION ALL
            SELECT h.shard, h.owner_id, false, h.principal_left, h.bonus_left FROM wallet.hold_to_check h) x
      GROUP BY x.shard, x.owner_id) w
WHERE w.has_wallet AND (w.hold_principal, w.hold_bonus) IS DISTINCT FROM (w.principal, w.bonus);

-- The rows of a window as before, each with the number of its transaction.
DROP FUNCTION wallet.sealed_rows(bigint, bigint);
CREATE FUNCTION wallet.sealed_rows(p_from_xid bigint, p_upto_xid bigint) RETURNS TABLE (number bigint, part text, amount bigint, xid bigint)
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT r.journal_id, 'R' || ROW(r.shard, r.kind, r.request_key, encode(r.sha256, 'hex'), r.outcome, r.journal_id,
                                  wallet.moment(r.asked_at), r.xid)::text, NULL::bigint, r.xid
  FROM wallet.request r WHERE r.xid >= p_from_xid AND r.xid < p_upto_xid
  UNION ALL
  SELECT j.journal_id, 'J' || ROW(j.acct_date - DATE '2000-01-01', j.shard, j.journal_id, j.kind, j.request_key, j.reference, j.currency,
                                  wallet.moment(j.event_at), wallet.moment(j.booked_at), j.xid, j.regards, j.actor, j.memo)::text, 0, j.xid
  FROM wallet.journal j WHERE j.xid >= p_from_xid AND j.xid < p_upto_xid
  UNION ALL
  SELECT p.journal_id, 'P' || ROW(p.acct_date - DATE '2000-01-01', p.shard, p.journal_id, p.line, p.account_id, p.amount, p.seq, p.balance,
                                  p.xid)::text, p.amount, p.xid
  FROM wallet.posting p WHERE p.xid >= p_from_xid AND p.xid < p_upto_xid
  UNION ALL
  SELECT u.journal_id, 'U' || ROW(u.shard, u.journal_id, u.lot_id, u.origin, u.principal, u.bonus, u.held_principal, u.held_bonus,
                                  u.xid)::text, NULL, u.xid
  FROM wallet.lot_use u WHERE u.xid >= p_from_xid AND u.xid < p_upto_xid
  UNION ALL
  SELECT l.lot_id, 'L' || ROW(l.shard, l.lot_id, l.owner_id, l.request_key, l.channel, l.principal, l.bonus, wallet.moment(l.expires_at),
                              l.xid)::text, NULL, l.xid
  FROM wallet.wallet_lot l WHERE l.xid >= p_from_xid AND l.xid < p_upto_xid
  UNION ALL
  SELECT h.hold_id, 'H' || ROW(h.shard, h.hold_id, h.owner_id, h.hold_no, h.reference, h.principal, h.bonus, wallet.moment(h.expires_at),
                               h.xid)::text, NULL, h.xid
  FROM wallet.hold h WHERE h.xid >= p_from_xid AND h.xid < p_upto_xid
  UNION ALL
  SELECT -o.owner_id, 'O' || ROW(o.shard, o.owner_id, o.user_id, wallet.moment(o.opened_at), o.xid)::text, NULL, o.xid
  FROM wallet.owner o WHERE o.xid >= p_from_xid AND o.xid < p_upto_xid
  UNION ALL
  SELECT -a.owner_id, 'A' || ROW(a.account_id, a.shard, a.gl_code, a.owner_id, a.channel, a.currency, wallet.moment(a.opened_at),
                                 a.xid)::text, NULL, a.xid
  FROM wallet.account a WHERE a.xid >= p_from_xid AND a.xid < p_upto_xid
$$;

-- What the blocks of a stretch of the chain contain today: what window_content says of each, for many in one pass. A block that
-- holds a few seconds is small, and to look for its rows alone costs as much as to look for those of a hundred.
CREATE FUNCTION wallet.blocks_content(p_from_xid bigint, p_upto_xid bigint) RETURNS TABLE (block_no bigint, entries bigint,
  journals bigint, postings bigint, debit bigint, credit bigint, body_sha256 bytea) LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH stretch AS MATERIALIZED (
    SELECT array_agg(b.block_no ORDER BY b.from_xid) AS numbers, array_agg(b.from_xid ORDER BY b.from_xid) AS from_xids,
           array_agg(b.upto_xid ORDER BY b.from_xid) AS upto_xids
    FROM wallet.block b WHERE b.from_xid >= p_from_xid AND b.from_xid < p_upto_xid
  ), placed AS (
    SELECT r.number, r.part, r.amount, r.xid, width_bucket(r.xid, (SELECT from_xids FROM stretch)) AS nth
    FROM wallet.sealed_rows(p_from_xid, p_upto_xid) r
  ), sealed AS (
    SELECT p.nth, p.number, sha256(convert_to(p.part, 'UTF8')) AS hash, left(p.part, 1) AS kind, p.amount
    FROM placed p WHERE p.xid < (SELECT upto_xids FROM stretch)[p.nth]
  ), leaf AS (
    SELECT s.nth, s.number, sha256(string_agg(s.hash, ''::bytea ORDER BY s.hash)) AS hash,
           count(*) FILTER (WHERE s.kind = 'J') AS journals, count(*) FILTER (WHERE s.kind = 'P') AS postings,
           coalesce(sum(s.amount) FILTER (WHERE s.amount > 0), 0) AS debit, coalesce(-sum(s.amount) FILTER (WHERE s.amount < 0), 0) AS credit
    FROM sealed s GROUP BY s.nth, s.number
  )
  SELECT (SELECT numbers FROM stretch)[l.nth], count(*), sum(l.journals)::bigint, sum(l.postings)::bigint, sum(l.debit)::bigint,
         sum(l.credit)::bigint, sha256(string_agg(int8send(l.number) || l.hash, ''::bytea ORDER BY l.number))
  FROM leaf l GROUP BY l.nth
$$;

-- What is sealed is what was sealed. Looked at in stretches of so many bookings that they are sorted in memory. Should windows
-- overlap, which is told of by itself, then a booking is taken for one of the later.
CREATE OR REPLACE VIEW wallet.i12_sealed_is_unchanged AS
WITH stretch AS (
  SELECT min(b.from_xid) AS from_xid, max(b.upto_xid) AS upto_xid
  FROM (SELECT from_xid, upto_xid, div(sum(entries) OVER (ORDER BY block_no), 50000) AS nth
        FROM wallet.block WHERE upto_xid > wallet.since_xid()) b
  GROUP BY b.nth
), now AS (
  SELECT c.* FROM stretch s CROSS JOIN LATERAL wallet.blocks_content(s.from_xid, s.upto_xid) c
)
SELECT NULL::smallint AS shard, 'block ' || b.block_no AS subject,
       CASE WHEN b.sha256 <> wallet.block_sha256(b) OR b.body_sha256 <> sha256(b.leaves) THEN 'its head was changed'
            WHEN b.prev_sha256 IS DISTINCT FROM coalesce(before.sha256, decode(repeat('00', 32), 'hex')) THEN 'does not follow the block before it'
            ELSE 'a sealed booking was changed, removed or added; verify-ledger says which' END AS fault
FROM wallet.block b
LEFT JOIN wallet.block before ON before.block_no = b.block_no - 1
LEFT JOIN now ON now.block_no = b.block_no
WHERE b.upto_xid > wallet.since_xid()
  AND (b.sha256 <> wallet.block_sha256(b) OR b.body_sha256 <> sha256(b.leaves)
       OR b.prev_sha256 IS DISTINCT FROM coalesce(before.sha256, decode(repeat('00', 32), 'hex'))
       OR (b.body_sha256, b.entries, b.journals, b.postings, b.debit, b.credit)
            IS DISTINCT FROM (now.body_sha256, now.entries, now.journals, now.postings, now.debit, now.credit));

-- Each invariant with how much it was checked for, and how many faults were found. Who asks for one by its position has the
-- others left out, so that they can be asked one after the other, in one snapshot.
CREATE OR REPLACE VIEW wallet.proof AS
          SELECT 1 AS position, 'I1-debits-equal-credits' AS name,
                 (SELECT count(*) FROM wallet.posting WHERE xid >= wallet.since_xid()) AS checked,
                 (SELECT count(*) FROM wallet.i1_debits_equal_credits) AS violations
UNION ALL SELECT 2, 'I2-journals-balance',
                 (SELECT count(*) FROM wallet.journal WHERE xid >= wallet.since_xid()),
                 (SELECT count(*) FROM wallet.i2_journals_balance)
UNION ALL SELECT 3, 'I3-balances-equal-postings',
                 (SELECT count(*) FROM wallet.moved_account),
                 (SELECT count(*) FROM wallet.i3_balances_equal_postings)
UNION ALL SELECT 4, 'I4-statements-are-unbroken',
                 (SELECT count(*) FROM wallet.posting WHERE xid >= wallet.since_xid() AND seq IS NOT NULL),
                 (SELECT count(*) FROM wallet.i4_statements_are_unbroken)
UNION ALL SELECT 5, 'I5-lots-equal-balances',
                 (SELECT count(*) FROM wallet.moved_owner),
                 (SELECT count(*) FROM wallet.i5_lots_equal_balances)
UNION ALL SELECT 6, 'I6-lots-equal-bookings',
                 (SELECT count(*) FROM wallet.moved_lot),
                 (SELECT count(*) FROM wallet.i6_lots_equal_bookings)
UNION ALL SELECT 7, 'I7-requests-have-journals',
                 (SELECT count(*) FROM wallet.request WHERE xid >= wallet.since_xid()),
                 (SELECT count(*) FROM wallet.i7_requests_have_journals)
UNION ALL SELECT 8, 'I8-totals-equal-postings',
                 (SELECT count(DISTINCT acct_date) FROM wallet.posting WHERE xid >= wallet.since_xid()),
                 (SELECT count(*) FROM wallet.i8_totals_equal_postings)
UNION ALL SELECT 9, 'I9-owed-is-covered',
                 (SELECT count(DISTINCT shard) FROM wallet.moved_owner),
                 (SELECT count(*) FROM wallet.i9_owed_is_covered)
UNION ALL SELECT 10, 'I10-holds-equal-balances',
                 (SELECT count(*) FROM wallet.hold WHERE xid >= wallet.since_xid()),
                 (SELECT count(*) FROM wallet.i10_holds_equal_balances)
UNION ALL SELECT 11, 'I11-blocks-have-no-gap',
                 (SELECT count(*) FROM wallet.block WHERE upto_xid > wallet.since_xid()),
                 (SELECT count(*) FROM wallet.i11_blocks_have_no_gap)
UNION ALL SELECT 12, 'I12-sealed-is-unchanged',
                 (SELECT count(*) FROM wallet.block WHERE upto_xid > wallet.since_xid()),
                 (SELECT count(*) FROM wallet.i12_sealed_is_unchanged)
UNION ALL SELECT 13, 'I13-closed-months-rest',
                 (SELECT count(*) FROM wallet.accounting_period),
                 (SELECT count(*) FROM wallet.i13_closed_months_rest)
UNION ALL SELECT 20, 'recharges-are-booked',
                 (SELECT count(*) FROM wallet.journal WHERE xid >= wallet.since_xid() AND kind = 'RECHARGE'),
                 (SELECT count(*) FROM wallet.recharges_are_booked)
UNION ALL SELECT 21, 'adjustments-have-two-persons',
                 (SELECT count(*) FROM wallet.journal WHERE xid >= wallet.since_xid() AND kind IN ('ADJUSTMENT', 'CHARGEBACK')),
                 (SELECT count(*) FROM wallet.adjustments_have_two_persons);

-- How far a job is that takes long, for people who wait for it.
ALTER TABLE wallet.job
  ADD COLUMN step  int,
  ADD COLUMN steps int,
  ADD COLUMN doing text,
  ADD CONSTRAINT a_step_is_one_of_all CHECK (num_nonnulls(step, steps, doing) IN (0, 3) AND step BETWEEN 1 AND steps);

GRANT SELECT ON wallet.lot_to_check, wallet.hold_to_check TO "${runtimeRole}";
