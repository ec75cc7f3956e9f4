-- The invariants of the ledger. Each view lists what violates it, so an empty view is a proof; wallet.proof counts them all in
-- one snapshot. Later features extend the views, never the callers.
--
-- Read plainly they check everything. With SET tallyhook.since_xid they check what transactions from that number on have
-- moved, on the ground that everything before was checked: each view then looks at the moved bookings, accounts, lots and
-- shards only, and joins them to what stood before.

--
-- Written as a CASE because the planner can work that out beforehand: it then knows whether it plans for everything or for
-- little. (What a coalesce or a nullif yields it does not know.)
CREATE FUNCTION wallet.since_xid() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN current_setting('tallyhook.since_xid', true) <> '' THEN current_setting('tallyhook.since_xid', true)::bigint ELSE 0 END
$$;

-- Accounts that were moved, with what their lines since then say.
CREATE VIEW wallet.moved_account AS
SELECT p.shard, p.account_id, count(*) AS lines, min(p.seq) AS first_seq, max(p.seq) AS last_seq,
       coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0) AS debit, coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0) AS credit
FROM wallet.posting p WHERE p.seq IS NOT NULL AND p.xid >= wallet.since_xid()
GROUP BY p.shard, p.account_id;

CREATE VIEW wallet.moved_owner AS
SELECT DISTINCT b.shard, b.owner_id
FROM wallet.moved_account m JOIN wallet.account_balance b ON b.shard = m.shard AND b.account_id = m.account_id;

-- Balance rows of users to look at. Two branches, not one OR: the planner then reads only what was moved.
CREATE VIEW wallet.balance_to_check AS
SELECT shard, owner_id, gl_code, debit, credit FROM wallet.account_balance WHERE wallet.since_xid() = 0 AND owner_id > 0
UNION ALL
SELECT b.shard, b.owner_id, b.gl_code, b.debit, b.credit
FROM wallet.moved_owner m JOIN wallet.account_balance b ON b.shard = m.shard AND b.owner_id = m.owner_id
WHERE wallet.since_xid() > 0 AND b.owner_id > 0;

CREATE VIEW wallet.moved_lot AS
SELECT l.shard, l.lot_id FROM wallet.wallet_lot l WHERE l.xid >= wallet.since_xid()
UNION
SELECT u.shard, u.lot_id FROM wallet.lot_use u WHERE u.xid >= wallet.since_xid();

CREATE VIEW wallet.i1_debits_equal_credits AS
SELECT shard, 'shard ' || shard AS subject, 'all postings add up to ' || sum(amount) AS fault
FROM wallet.posting WHERE xid >= wallet.since_xid() GROUP BY shard HAVING sum(amount) <> 0;

CREATE VIEW wallet.i2_journals_balance AS
SELECT coalesce(j.shard, p.shard) AS shard, 'journal ' || coalesce(j.journal_id, p.journal_id) AS subject,
       CASE WHEN j.journal_id IS NULL THEN 'has lines but no head'
            WHEN p.journal_id IS NULL THEN 'has no lines'
            WHEN p.lines < 2          THEN 'has only one line'
            WHEN p.xids > 1 OR p.xid <> j.xid THEN 'was not written by one transaction'
            ELSE 'adds up to ' || p.total END AS fault
FROM (SELECT * FROM wallet.journal WHERE xid >= wallet.since_xid()) j
FULL JOIN (SELECT acct_date, shard, journal_id, sum(amount) AS total, count(*) AS lines, min(xid) AS xid, count(DISTINCT xid) AS xids
           FROM wallet.posting WHERE xid >= wallet.since_xid() GROUP BY acct_date, shard, journal_id) p
  ON p.acct_date = j.acct_date AND p.shard = j.shard AND p.journal_id = j.journal_id
WHERE j.journal_id IS NULL OR p.journal_id IS NULL OR p.lines < 2 OR p.xids > 1 OR p.xid <> j.xid OR p.total <> 0;

CREATE VIEW wallet.i3_balances_equal_postings AS
SELECT coalesce(b.shard, p.shard) AS shard, 'account ' || coalesce(b.account_id, p.account_id) AS subject,
       format('balance row says debit %s, credit %s, seq %s; the postings say %s, %s, %s',
              b.debit, b.credit, b.seq, p.debit, p.credit, p.lines) AS fault
FROM wallet.account_balance b
FULL JOIN wallet.moved_account p ON p.shard = b.shard AND p.account_id = b.account_id
WHERE wallet.since_xid() = 0
  AND (b.debit, b.credit, b.seq) IS DISTINCT FROM (coalesce(p.debit, 0), coalesce(p.credit, 0), coalesce(p.lines, 0))
UNION ALL
SELECT m.shard, 'account ' || m.account_id,
       format('balance row says %s at seq %s; the last line says %s at seq %s, with %s lines since seq %s',
              b.credit - b.debit, b.seq, p.balance, m.last_seq, m.lines, m.first_seq)
FROM wallet.moved_account m
LEFT JOIN wallet.account_balance b ON b.shard = m.shard AND b.account_id = m.account_id
LEFT JOIN wallet.posting p         ON p.account_id = m.account_id AND p.seq = m.last_seq
WHERE wallet.since_xid() > 0
  AND (b.seq, CASE b.normal WHEN 'CREDIT' THEN b.credit - b.debit ELSE b.debit - b.credit END)
      IS DISTINCT FROM (m.first_seq + m.lines - 1, p.balance)
UNION ALL
SELECT a.shard, 'account ' || a.account_id, 'has a balance row where its mode wants none, or none where it wants one'
FROM (SELECT * FROM wallet.account WHERE wallet.since_xid() = 0
      UNION ALL
      SELECT * FROM wallet.account WHERE wallet.since_xid() > 0 AND account_id IN (SELECT account_id FROM wallet.moved_account)) a
JOIN wallet.gl_account g USING (gl_code)
LEFT JOIN wallet.account_balance b
  ON b.shard = a.shard AND b.account_id = a.account_id AND b.normal = g.normal AND b.owner_id = a.owner_id AND b.gl_code = a.gl_code
WHERE (g.mode = 'STORED') <> (b.account_id IS NOT NULL)
UNION ALL
SELECT p.shard, 'journal ' || p.journal_id || ' line ' || p.line, 'is not a line that account ' || p.account_id || ' can have'
FROM wallet.posting p
LEFT JOIN wallet.account a USING (account_id) LEFT JOIN wallet.gl_account g USING (gl_code)
WHERE p.xid >= wallet.since_xid() AND ((g.mode = 'STORED') = (p.seq IS NOT NULL) AND (a.owner_id = 0 OR a.shard = p.shard)) IS NOT TRUE;

CREATE VIEW wallet.i4_statements_are_unbroken AS
SELECT p.shard, 'account ' || p.account_id || ' seq ' || p.seq AS subject,
       format('follows balance %s, moves %s and says %s', before.balance, moved.amount, p.balance) AS fault
FROM wallet.posting p
JOIN wallet.account_balance b ON b.shard = p.shard AND b.account_id = p.account_id
CROSS JOIN LATERAL (SELECT CASE b.normal WHEN 'CREDIT' THEN -p.amount ELSE p.amount END AS amount) moved
LEFT JOIN wallet.posting before ON before.account_id = p.account_id AND before.seq = p.seq - 1
WHERE p.seq IS NOT NULL AND p.xid >= wallet.since_xid()
  AND (p.balance = CASE WHEN p.seq = 1 THEN 0 ELSE before.balance END + moved.amount AND p.balance >= 0) IS NOT TRUE
UNION ALL
SELECT p.shard, 'account ' || p.account_id || ' seq ' || p.seq, 'is there ' || count(*) || ' times'
FROM wallet.posting p WHERE p.seq IS NOT NULL AND p.xid >= wallet.since_xid()
GROUP BY p.shard, p.account_id, p.seq HAVING count(*) > 1;

-- What is left of a user's lots is what is available to him; held money left its lots when it was held.
CREATE VIEW wallet.i5_lots_equal_balances AS
SELECT w.shard, 'owner ' || w.owner_id AS subject,
       format('lots hold %s and bonus %s, the balances %s and %s', l.principal, l.bonus, w.principal, w.bonus) AS fault
FROM (SELECT b.shard, b.owner_id,
             coalesce(sum(b.credit - b.debit) FILTER (WHERE b.gl_code = '2204.01'), 0) AS principal,
             coalesce(sum(b.credit - b.debit) FILTER (WHERE b.gl_code = '2204.11'), 0) AS bonus
      FROM wallet.balance_to_check b
      GROUP BY b.shard, b.owner_id) w
LEFT JOIN LATERAL (SELECT coalesce(sum(principal_left), 0) AS principal, coalesce(sum(bonus_left), 0) AS bonus
                   FROM wallet.wallet_lot
                   WHERE shard = w.shard AND owner_id = w.owner_id AND open) l ON true
WHERE (l.principal, l.bonus) IS DISTINCT FROM (w.principal, w.bonus)
UNION ALL
SELECT l.shard, 'lot ' || l.lot_id, 'belongs to the owner ' || l.owner_id || ' who has no wallet'
FROM wallet.wallet_lot l
WHERE l.xid >= wallet.since_xid()
  AND NOT EXISTS (SELECT FROM wallet.account_balance b WHERE b.shard = l.shard AND b.owner_id = l.owner_id AND b.gl_code = '2204.01');

-- A lot has what its journal granted, and what is left of it is that less what was taken; no hold has more of it than was taken.
CREATE VIEW wallet.i6_lots_equal_bookings AS
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
LEFT JOIN (SELECT x.shard, x.journal_id, sum(x.principal) AS principal, sum(x.bonus) AS bonus
           FROM (SELECT shard, journal_id, principal, bonus FROM wallet.lot_use WHERE xid >= wallet.since_xid()
                 UNION ALL SELECT shard, lot_id, -principal, -bonus FROM wallet.wallet_lot WHERE xid >= wallet.since_xid()) x
           GROUP BY x.shard, x.journal_id) u ON u.shard = j.shard AND u.journal_id = j.journal_id
WHERE (j.principal, j.bonus) IS DISTINCT FROM (coalesce(u.principal, 0), coalesce(u.bonus, 0));

CREATE VIEW wallet.i7_requests_have_journals AS
SELECT r.shard, r.kind || ' ' || r.request_key AS subject, 'is booked ' || count(j.journal_id) || ' times' AS fault
FROM wallet.request r
LEFT JOIN wallet.journal j
  ON j.shard = r.shard AND j.journal_id = r.journal_id AND j.kind = r.kind AND j.request_key = r.request_key AND j.xid = r.xid
WHERE r.xid >= wallet.since_xid()
GROUP BY r.shard, r.kind, r.request_key, r.outcome HAVING count(j.journal_id) <> CASE r.outcome WHEN 'POSTED' THEN 1 ELSE 0 END
UNION ALL
SELECT j.shard, 'journal ' || j.journal_id, 'nobody asked for it'
FROM wallet.journal j
LEFT JOIN wallet.request r
  ON r.shard = j.shard AND r.kind = j.kind AND r.request_key = j.request_key AND r.journal_id = j.journal_id AND r.outcome = 'POSTED'
WHERE j.xid >= wallet.since_xid() AND r.journal_id IS NULL;

-- The rolled-up totals are what the postings below the mark add up to, for every day that was moved.
CREATE VIEW wallet.i8_totals_equal_postings AS
WITH day AS (
  SELECT DISTINCT acct_date FROM wallet.posting WHERE xid >= wallet.since_xid()
), summed AS (
  SELECT p.acct_date, a.gl_code, CASE WHEN a.owner_id > 0 THEN 0 ELSE a.account_id END AS account_id,
         coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0) AS debit, coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0) AS credit,
         count(*) AS lines
  FROM wallet.posting p JOIN wallet.account a USING (account_id)
  WHERE p.acct_date IN (SELECT acct_date FROM day) AND p.xid < (SELECT upto_xid FROM wallet.rolled_up)
  GROUP BY 1, 2, 3
)
SELECT NULL::smallint AS shard, format('%s of %s', coalesce(t.gl_code, s.gl_code), coalesce(t.acct_date, s.acct_date)) AS subject,
       format('rolled up are debit %s and credit %s of %s lines, the postings say %s, %s, %s', t.debit, t.credit, t.lines, s.debit, s.credit,
              s.lines) AS fault
FROM (SELECT * FROM wallet.daily_total
      WHERE wallet.since_xid() = 0 OR acct_date IN (SELECT acct_date FROM day)) t
FULL JOIN summed s ON s.acct_date = t.acct_date AND s.gl_code = t.gl_code AND s.account_id = t.account_id
WHERE (t.debit, t.credit, t.lines) IS DISTINCT FROM (s.debit, s.credit, s.lines);

-- What users own is what came in and has not gone out: principal against all other real accounts, bonus against its control.
CREATE VIEW wallet.i9_owed_is_covered AS
WITH moved AS (
  SELECT p.shard, a.gl_code, sum(p.amount) AS amount
  FROM wallet.posting p JOIN wallet.account a USING (account_id)
  WHERE p.xid >= wallet.since_xid() GROUP BY p.shard, a.gl_code
), owed AS (
  SELECT m.shard, coalesce(-sum(m.amount) FILTER (WHERE m.gl_code IN ('2204.01', '2204.02')), 0) AS principal,
                  coalesce(-sum(m.amount) FILTER (WHERE m.gl_code IN ('2204.11', '2204.12')), 0) AS bonus,
                  coalesce(sum(m.amount) FILTER (WHERE m.gl_code NOT LIKE '2204.%'), 0) AS real_accounts,
                  coalesce(sum(m.amount) FILTER (WHERE m.gl_code = '2204.19'), 0) AS control
  FROM moved m GROUP BY m.shard
)
SELECT o.shard, 'shard ' || o.shard AS subject,
       format('users own %s and bonus %s, covered are %s and %s', o.principal, o.bonus, o.real_accounts, o.control) AS fault
FROM owed o WHERE (o.principal, o.bonus) IS DISTINCT FROM (o.real_accounts, o.control)
UNION ALL
SELECT coalesce(o.shard, b.shard), 'shard ' || coalesce(o.shard, b.shard),
       format('balances are %s and bonus %s, the postings say %s and %s', b.principal, b.bonus, o.principal, o.bonus)
FROM owed o
FULL JOIN (SELECT shard, coalesce(sum(credit - debit) FILTER (WHERE gl_code IN ('2204.01', '2204.02')), 0) AS principal,
                         coalesce(sum(credit - debit) FILTER (WHERE gl_code IN ('2204.11', '2204.12')), 0) AS bonus
           FROM wallet.account_balance GROUP BY shard) b ON b.shard = o.shard
WHERE wallet.since_xid() = 0
  AND (coalesce(b.principal, 0), coalesce(b.bonus, 0)) IS DISTINCT FROM (coalesce(o.principal, 0), coalesce(o.bonus, 0));

-- What a hold has left is what its captures and releases left of it, and all holds of a wallet are its held balances.
CREATE VIEW wallet.i10_holds_equal_balances AS
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
SELECT w.shard, 'owner ' || w.owner_id, format('holds have %s and bonus %s, the balances %s and %s', h.principal, h.bonus, w.principal, w.bonus)
FROM (SELECT b.shard, b.owner_id,
             coalesce(sum(b.credit - b.debit) FILTER (WHERE b.gl_code = '2204.02'), 0) AS principal,
             coalesce(sum(b.credit - b.debit) FILTER (WHERE b.gl_code = '2204.12'), 0) AS bonus
      FROM wallet.balance_to_check b
      GROUP BY b.shard, b.owner_id) w
LEFT JOIN LATERAL (SELECT coalesce(sum(principal_left), 0) AS principal, coalesce(sum(bonus_left), 0) AS bonus
                   FROM wallet.hold WHERE shard = w.shard AND owner_id = w.owner_id) h ON true
WHERE (h.principal, h.bonus) IS DISTINCT FROM (w.principal, w.bonus);

-- The blocks follow each other without a gap, and none is gone that was there.
CREATE VIEW wallet.i11_blocks_have_no_gap AS
SELECT NULL::smallint AS shard, 'block ' || b.block_no AS subject,
       format('begins at %s after %s, as number %s after %s, with %s journals so far after %s', b.from_xid, before.upto_xid, b.block_no,
              before.block_no, b.journals_so_far, before.journals_so_far) AS fault
FROM wallet.block b LEFT JOIN wallet.block before ON before.upto_xid = b.from_xid
WHERE b.upto_xid > wallet.since_xid()
  AND (b.block_no = CASE WHEN b.from_xid = 0 THEN 1 ELSE before.block_no + 1 END
       AND b.journals_so_far = coalesce(before.journals_so_far, 0) + b.journals) IS NOT TRUE
UNION ALL
SELECT NULL, 'chain', format('has %s blocks, the last is number %s', count(*), max(block_no))
FROM wallet.block WHERE wallet.since_xid() = 0 HAVING count(*) <> max(block_no)
UNION ALL
SELECT NULL, 'chain', format('ends at block %s, although block %s was there before', chain.last, seen.last)
FROM (SELECT coalesce(max(block_no), 0) AS last FROM wallet.block) chain
CROSS JOIN (SELECT block_no AS last FROM wallet.proof_run ORDER BY run_id DESC LIMIT 1) seen
WHERE chain.last < seen.last;

-- What is sealed is what was sealed.
CREATE VIEW wallet.i12_sealed_is_unchanged AS
SELECT NULL::smallint AS shard, 'block ' || b.block_no AS subject,
       CASE WHEN b.sha256 <> wallet.block_sha256(b) OR b.body_sha256 <> sha256(b.leaves) THEN 'its head was changed'
            WHEN b.prev_sha256 IS DISTINCT FROM coalesce(before.sha256, decode(repeat('00', 32), 'hex')) THEN 'does not follow the block before it'
            ELSE 'a sealed booking was changed, removed or added; verify-ledger says which' END AS fault
FROM wallet.block b
LEFT JOIN wallet.block before ON before.block_no = b.block_no - 1
CROSS JOIN LATERAL wallet.window_content(b.from_xid, b.upto_xid) now
WHERE b.upto_xid > wallet.since_xid()
  AND (b.sha256 <> wallet.block_sha256(b) OR b.body_sha256 <> sha256(b.leaves) OR b.body_sha256 <> now.body_sha256
       OR b.prev_sha256 IS DISTINCT FROM coalesce(before.sha256, decode(repeat('00', 32), 'hex'))
       OR (b.entries, b.journals, b.postings, b.debit, b.credit) IS DISTINCT FROM (now.entries, now.journals, now.postings, now.debit, now.credit));

CREATE VIEW wallet.i13_closed_months_rest AS
SELECT p.shard, 'journal ' || p.journal_id AS subject, format('was posted to %s after its close', to_char(m.month, 'YYYY-MM')) AS fault
FROM wallet.accounting_period m
JOIN wallet.posting p ON p.acct_date >= m.month AND p.acct_date < (m.month + interval '1 month')::date
WHERE p.xid >= m.horizon_xid AND p.xid >= wallet.since_xid()
GROUP BY p.shard, p.journal_id, m.month
UNION ALL
SELECT NULL, 'month ' || to_char(m.month, 'YYYY-MM'), format('was closed with %s, its postings add up to %s', m.debit, p.debit)
FROM wallet.accounting_period m
CROSS JOIN LATERAL (SELECT coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS debit FROM wallet.posting
                    WHERE acct_date >= m.month AND acct_date < (m.month + interval '1 month')::date) p
WHERE wallet.since_xid() = 0 AND m.state = 'CLOSED' AND m.debit <> p.debit;

-- A recharge that says it was credited has its lot, with the terms that were agreed.
CREATE VIEW wallet.recharges_are_booked AS
SELECT r.shard, 'recharge ' || r.recharge_no AS subject,
       format('credited %s and bonus %s by payment %s, booked are %s and %s', r.amount, r.bonus, r.paid_by, l.principal, l.bonus)
         AS fault
FROM (SELECT * FROM wallet.recharge WHERE wallet.since_xid() = 0 AND paid_by IS NOT NULL
      UNION ALL
      SELECT * FROM wallet.recharge
      WHERE wallet.since_xid() > 0
        AND credited_at >= (SELECT max(started_at) - interval '1 hour' FROM wallet.proof_run WHERE full_check)) r
LEFT JOIN wallet.request q ON q.shard = r.shard AND q.kind = 'RECHARGE' AND q.request_key = r.paid_by
LEFT JOIN wallet.wallet_lot l ON l.shard = q.shard AND l.lot_id = q.journal_id
WHERE (r.amount, r.bonus) IS DISTINCT FROM (l.principal, l.bonus);

-- Nothing is adjusted or charged back without two persons.
CREATE VIEW wallet.adjustments_have_two_persons AS
SELECT j.shard, 'journal ' || j.journal_id AS subject, 'was not approved by a second person' AS fault
FROM wallet.journal j
LEFT JOIN wallet.adjustment a ON a.adjustment_no = j.request_key AND a.journal_id = j.journal_id AND a.state = 'BOOKED' AND a.decided_by <> a.proposed_by
WHERE j.kind IN ('ADJUSTMENT', 'CHARGEBACK') AND j.xid >= wallet.since_xid() AND a.adjustment_no IS NULL;

-- All faults that there are, with the invariant that each breaks.
CREATE VIEW wallet.fault AS
          SELECT 'I1-debits-equal-credits'      AS name, shard, subject, fault FROM wallet.i1_debits_equal_credits
UNION ALL SELECT 'I2-journals-balance',          shard, subject, fault FROM wallet.i2_journals_balance
UNION ALL SELECT 'I3-balances-equal-postings',   shard, subject, fault FROM wallet.i3_balances_equal_postings
UNION ALL SELECT 'I4-statements-are-unbroken',   shard, subject, fault FROM wallet.i4_statements_are_unbroken
UNION ALL SELECT 'I5-lots-equal-balances',       shard, subject, fault FROM wallet.i5_lots_equal_balances
UNION ALL SELECT 'I6-lots-equal-bookings',       shard, subject, fault FROM wallet.i6_lots_equal_bookings
UNION ALL SELECT 'I7-requests-have-journals',    shard, subject, fault FROM wallet.i7_requests_have_journals
UNION ALL SELECT 'I8-totals-equal-postings',     shard, subject, fault FROM wallet.i8_totals_equal_postings
UNION ALL SELECT 'I9-owed-is-covered',           shard, subject, fault FROM wallet.i9_owed_is_covered
UNION ALL SELECT 'I10-holds-equal-balances',     shard, subject, fault FROM wallet.i10_holds_equal_balances
UNION ALL SELECT 'I11-blocks-have-no-gap',       shard, subject, fault FROM wallet.i11_blocks_have_no_gap
UNION ALL SELECT 'I12-sealed-is-unchanged',      shard, subject, fault FROM wallet.i12_sealed_is_unchanged
UNION ALL SELECT 'I13-closed-months-rest',       shard, subject, fault FROM wallet.i13_closed_months_rest
UNION ALL SELECT 'recharges-are-booked',         shard, subject, fault FROM wallet.recharges_are_booked
UNION ALL SELECT 'adjustments-have-two-persons', shard, subject, fault FROM wallet.adjustments_have_two_persons;

-- Each invariant with how much it was checked for, and how many faults were found, in one snapshot.
CREATE VIEW wallet.proof AS
WITH scope AS MATERIALIZED (
  SELECT (SELECT count(*) FROM wallet.posting     WHERE xid >= wallet.since_xid())                     AS postings,
         (SELECT count(*) FROM wallet.posting     WHERE xid >= wallet.since_xid() AND seq IS NOT NULL) AS lines,
         (SELECT count(*) FROM wallet.journal     WHERE xid >= wallet.since_xid())                     AS journals,
         (SELECT count(*) FROM wallet.request     WHERE xid >= wallet.since_xid())                     AS requests,
         (SELECT count(*) FROM wallet.moved_account)                                                   AS accounts,
         (SELECT count(*) FROM wallet.moved_owner)                                                     AS owners,
         (SELECT count(*) FROM wallet.moved_lot)                                                       AS lots,
         (SELECT count(DISTINCT shard) FROM wallet.moved_owner)                                        AS shards,
         (SELECT count(DISTINCT acct_date) FROM wallet.posting WHERE xid >= wallet.since_xid())        AS days,
         (SELECT count(*) FROM wallet.hold        WHERE xid >= wallet.since_xid())                     AS holds,
         (SELECT count(*) FROM wallet.block       WHERE upto_xid > wallet.since_xid())                 AS blocks,
         (SELECT count(*) FROM wallet.accounting_period)                                               AS months,
         (SELECT count(*) FROM wallet.journal     WHERE xid >= wallet.since_xid() AND kind = 'RECHARGE') AS recharges,
         (SELECT count(*) FROM wallet.journal     WHERE xid >= wallet.since_xid() AND kind IN ('ADJUSTMENT', 'CHARGEBACK')) AS adjustments
)
SELECT i.position, i.name, i.checked, count(f.name) AS violations
FROM scope CROSS JOIN LATERAL (VALUES
  (1,  'I1-debits-equal-credits',      scope.postings),
  (2,  'I2-journals-balance',          scope.journals),
  (3,  'I3-balances-equal-postings',   scope.accounts),
  (4,  'I4-statements-are-unbroken',   scope.lines),
  (5,  'I5-lots-equal-balances',       scope.owners),
  (6,  'I6-lots-equal-bookings',       scope.lots),
  (7,  'I7-requests-have-journals',    scope.requests),
  (8,  'I8-totals-equal-postings',     scope.days),
  (9,  'I9-owed-is-covered',           scope.shards),
  (10, 'I10-holds-equal-balances',     scope.holds),
  (11, 'I11-blocks-have-no-gap',       scope.blocks),
  (12, 'I12-sealed-is-unchanged',      scope.blocks),
  (13, 'I13-closed-months-rest',       scope.months),
  (20, 'recharges-are-booked',         scope.recharges),
  (21, 'adjustments-have-two-persons', scope.adjustments)) AS i (position, name, checked)
LEFT JOIN wallet.fault f ON f.name = i.name
GROUP BY i.position, i.name, i.checked;

GRANT SELECT ON wallet.moved_account, wallet.moved_owner, wallet.balance_to_check, wallet.moved_lot, wallet.proof, wallet.fault, wallet.i1_debits_equal_credits,
  wallet.i2_journals_balance, wallet.i3_balances_equal_postings, wallet.i4_statements_are_unbroken, wallet.i5_lots_equal_balances,
  wallet.i6_lots_equal_bookings, wallet.i7_requests_have_journals, wallet.i8_totals_equal_postings, wallet.i9_owed_is_covered,
  wallet.i10_holds_equal_balances, wallet.i11_blocks_have_no_gap, wallet.i12_sealed_is_unchanged, wallet.i13_closed_months_rest,
  wallet.recharges_are_booked, wallet.adjustments_have_two_persons TO "${runtimeRole}";
