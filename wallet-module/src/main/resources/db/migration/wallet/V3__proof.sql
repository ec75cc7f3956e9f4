-- The invariants of the ledger. Each view lists what violates it, so an empty view is a proof; wallet.proof counts them all
-- in one snapshot. Later features extend the views, never the callers.

CREATE VIEW wallet.i1_debits_equal_credits AS
SELECT shard, 'shard ' || shard AS subject, 'all postings add up to ' || sum(amount) AS fault
FROM wallet.posting GROUP BY shard HAVING sum(amount) <> 0;

CREATE VIEW wallet.i2_journals_balance AS
SELECT coalesce(j.shard, p.shard) AS shard, 'journal ' || coalesce(j.journal_id, p.journal_id) AS subject,
       CASE WHEN j.journal_id IS NULL THEN 'has lines but no head'
            WHEN p.journal_id IS NULL THEN 'has no lines'
            WHEN p.lines < 2          THEN 'has only one line'
            WHEN p.xids > 1 OR p.xid <> j.xid THEN 'was not written by one transaction'
            ELSE 'adds up to ' || p.total END AS fault
FROM wallet.journal j
FULL JOIN (SELECT acct_date, shard, journal_id, sum(amount) AS total, count(*) AS lines, min(xid) AS xid, count(DISTINCT xid) AS xids
           FROM wallet.posting GROUP BY acct_date, shard, journal_id) p
  ON p.acct_date = j.acct_date AND p.shard = j.shard AND p.journal_id = j.journal_id
WHERE j.journal_id IS NULL OR p.journal_id IS NULL OR p.lines < 2 OR p.xids > 1 OR p.xid <> j.xid OR p.total <> 0;

CREATE VIEW wallet.i3_balances_equal_postings AS
SELECT coalesce(b.shard, p.shard) AS shard, 'account ' || coalesce(b.account_id, p.account_id) AS subject,
       format('balance row says debit %s, credit %s, seq %s; the postings say %s, %s, %s',
              b.debit, b.credit, b.seq, p.debit, p.credit, p.lines) AS fault
FROM wallet.account_balance b
FULL JOIN (SELECT shard, account_id, coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS debit,
                  coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS credit, count(*) AS lines
           FROM wallet.posting WHERE seq IS NOT NULL GROUP BY shard, account_id) p
  ON p.shard = b.shard AND p.account_id = b.account_id
WHERE (b.debit, b.credit, b.seq) IS DISTINCT FROM (coalesce(p.debit, 0), coalesce(p.credit, 0), coalesce(p.lines, 0))
UNION ALL
SELECT a.shard, 'account ' || a.account_id, 'has a balance row where its mode wants none, or none where it wants one'
FROM wallet.account a JOIN wallet.gl_account g USING (gl_code)
LEFT JOIN wallet.account_balance b ON b.shard = a.shard AND b.account_id = a.account_id AND b.normal = g.normal
WHERE (g.mode = 'STORED') <> (b.account_id IS NOT NULL)
UNION ALL
SELECT p.shard, 'journal ' || p.journal_id || ' line ' || p.line, 'is not a line that account ' || p.account_id || ' can have'
FROM wallet.posting p
LEFT JOIN wallet.account a USING (account_id) LEFT JOIN wallet.gl_account g USING (gl_code)
WHERE ((g.mode = 'STORED') = (p.seq IS NOT NULL) AND (a.owner_id = 0 OR a.shard = p.shard)) IS NOT TRUE;

CREATE VIEW wallet.i4_statements_are_unbroken AS
SELECT shard, 'account ' || account_id || ' seq ' || seq AS subject,
       format('follows seq %s with balance %s, moves %s and says %s', seq_before, balance_before, moved, balance) AS fault
FROM (SELECT p.shard, p.account_id, p.seq, p.balance,
             CASE g.normal WHEN 'CREDIT' THEN -p.amount ELSE p.amount END AS moved,
             lag(p.seq, 1, 0::bigint) OVER statement AS seq_before,
             lag(p.balance, 1, 0::bigint) OVER statement AS balance_before
      FROM wallet.posting p JOIN wallet.account a USING (account_id) JOIN wallet.gl_account g USING (gl_code)
      WHERE p.seq IS NOT NULL
      WINDOW statement AS (PARTITION BY p.account_id ORDER BY p.seq)) line
WHERE seq <> seq_before + 1 OR balance <> balance_before + moved OR balance < 0;

-- What is left of a user's lots is what is available to him; held money left its lots when it was held.
CREATE VIEW wallet.i5_lots_equal_balances AS
SELECT coalesce(l.shard, w.shard) AS shard, 'owner ' || coalesce(l.owner_id, w.owner_id) AS subject,
       format('lots hold %s and bonus %s, the balances %s and %s', l.principal, l.bonus, w.principal, w.bonus) AS fault
FROM (SELECT shard, owner_id, sum(principal_left) AS principal, sum(bonus_left) AS bonus
      FROM wallet.wallet_lot GROUP BY shard, owner_id) l
FULL JOIN (SELECT a.shard, a.owner_id,
                  sum(b.credit - b.debit) FILTER (WHERE a.gl_code = '2204.01') AS principal,
                  sum(b.credit - b.debit) FILTER (WHERE a.gl_code = '2204.11') AS bonus
           FROM wallet.account a JOIN wallet.account_balance b ON b.shard = a.shard AND b.account_id = a.account_id
           WHERE a.owner_id > 0 GROUP BY a.shard, a.owner_id) w
  ON w.shard = l.shard AND w.owner_id = l.owner_id
WHERE (coalesce(l.principal, 0), coalesce(l.bonus, 0)) IS DISTINCT FROM (w.principal, w.bonus);

CREATE VIEW wallet.i6_lots_equal_recharges AS
SELECT coalesce(l.shard, j.shard) AS shard, 'lot ' || coalesce(l.lot_id, j.journal_id) AS subject,
       format('was made with %s and bonus %s, its journal credits %s and %s', l.principal, l.bonus, j.principal, j.bonus) AS fault
FROM wallet.wallet_lot l
FULL JOIN (SELECT j.shard, j.journal_id, j.request_key, max(a.owner_id) AS owner_id,
                  coalesce(-sum(p.amount) FILTER (WHERE a.gl_code = '2204.01'), 0) AS principal,
                  coalesce(-sum(p.amount) FILTER (WHERE a.gl_code = '2204.11'), 0) AS bonus
           FROM wallet.journal j
           JOIN wallet.posting p ON p.acct_date = j.acct_date AND p.shard = j.shard AND p.journal_id = j.journal_id
           JOIN wallet.account a ON a.account_id = p.account_id
           WHERE j.kind = 'RECHARGE' GROUP BY j.acct_date, j.shard, j.journal_id) j
  ON j.shard = l.shard AND j.journal_id = l.lot_id
WHERE (l.owner_id, l.out_trade_no, l.principal, l.bonus) IS DISTINCT FROM (j.owner_id, j.request_key, j.principal, j.bonus);

CREATE VIEW wallet.i7_requests_have_journals AS
SELECT r.shard, r.kind || ' ' || r.request_key AS subject, 'is booked ' || count(j.journal_id) || ' times' AS fault
FROM wallet.request r
LEFT JOIN wallet.journal j
  ON j.shard = r.shard AND j.journal_id = r.journal_id AND j.kind = r.kind AND j.request_key = r.request_key
WHERE r.outcome = 'POSTED'
GROUP BY r.shard, r.kind, r.request_key HAVING count(j.journal_id) <> 1
UNION ALL
SELECT j.shard, 'journal ' || j.journal_id, 'nobody asked for it'
FROM wallet.journal j
LEFT JOIN wallet.request r
  ON r.shard = j.shard AND r.kind = j.kind AND r.request_key = j.request_key AND r.journal_id = j.journal_id
WHERE r.journal_id IS NULL;

-- What users own is what came in and has not gone out: principal against all other real accounts, bonus against its control.
CREATE VIEW wallet.i9_owed_is_covered AS
WITH owed AS (
  SELECT b.shard, sum(b.credit - b.debit) FILTER (WHERE a.gl_code IN ('2204.01', '2204.02')) AS principal,
                  sum(b.credit - b.debit) FILTER (WHERE a.gl_code IN ('2204.11', '2204.12')) AS bonus
  FROM wallet.account_balance b JOIN wallet.account a USING (account_id) GROUP BY b.shard),
covered AS (
  SELECT p.shard, sum(p.amount) FILTER (WHERE a.gl_code NOT LIKE '2204.%') AS principal,
                  sum(p.amount) FILTER (WHERE a.gl_code = '2204.19') AS bonus
  FROM wallet.posting p JOIN wallet.account a USING (account_id) GROUP BY p.shard)
SELECT coalesce(o.shard, c.shard) AS shard, 'shard ' || coalesce(o.shard, c.shard) AS subject,
       format('users own %s and bonus %s, covered are %s and %s', o.principal, o.bonus, c.principal, c.bonus) AS fault
FROM owed o FULL JOIN covered c ON c.shard = o.shard
WHERE (coalesce(o.principal, 0), coalesce(o.bonus, 0)) IS DISTINCT FROM (coalesce(c.principal, 0), coalesce(c.bonus, 0));

-- A recharge that says it was credited has its lot, with the terms that were agreed.
CREATE VIEW wallet.recharges_are_booked AS
SELECT r.shard, 'recharge ' || r.recharge_no AS subject,
       format('credited %s and bonus %s by payment %s, booked are %s and %s', r.amount, r.bonus, r.paid_by, l.principal, l.bonus)
         AS fault
FROM wallet.recharge r
LEFT JOIN wallet.request q ON q.shard = r.shard AND q.kind = 'RECHARGE' AND q.request_key = r.paid_by
LEFT JOIN wallet.wallet_lot l ON l.shard = q.shard AND l.lot_id = q.journal_id
WHERE r.paid_by IS NOT NULL AND (r.amount, r.bonus) IS DISTINCT FROM (l.principal, l.bonus);

CREATE VIEW wallet.proof AS
          SELECT 1 AS position, 'I1-debits-equal-credits' AS name,
                 (SELECT count(*) FROM wallet.posting) AS checked, (SELECT count(*) FROM wallet.i1_debits_equal_credits) AS violations
UNION ALL SELECT 2, 'I2-journals-balance',
                 (SELECT count(*) FROM wallet.journal), (SELECT count(*) FROM wallet.i2_journals_balance)
UNION ALL SELECT 3, 'I3-balances-equal-postings',
                 (SELECT count(*) FROM wallet.account_balance), (SELECT count(*) FROM wallet.i3_balances_equal_postings)
UNION ALL SELECT 4, 'I4-statements-are-unbroken',
                 (SELECT count(*) FROM wallet.posting WHERE seq IS NOT NULL), (SELECT count(*) FROM wallet.i4_statements_are_unbroken)
UNION ALL SELECT 5, 'I5-lots-equal-balances',
                 (SELECT count(*) FROM wallet.owner), (SELECT count(*) FROM wallet.i5_lots_equal_balances)
UNION ALL SELECT 6, 'I6-lots-equal-recharges',
                 (SELECT count(*) FROM wallet.wallet_lot), (SELECT count(*) FROM wallet.i6_lots_equal_recharges)
UNION ALL SELECT 7, 'I7-requests-have-journals',
                 (SELECT count(*) FROM wallet.request), (SELECT count(*) FROM wallet.i7_requests_have_journals)
UNION ALL SELECT 9, 'I9-owed-is-covered',
                 (SELECT count(DISTINCT shard) FROM wallet.owner), (SELECT count(*) FROM wallet.i9_owed_is_covered)
UNION ALL SELECT 20, 'recharges-are-booked',
                 (SELECT count(*) FROM wallet.recharge WHERE paid_by IS NOT NULL), (SELECT count(*) FROM wallet.recharges_are_booked);

GRANT SELECT ON wallet.proof, wallet.i1_debits_equal_credits, wallet.i2_journals_balance, wallet.i3_balances_equal_postings,
  wallet.i4_statements_are_unbroken, wallet.i5_lots_equal_balances, wallet.i6_lots_equal_recharges,
  wallet.i7_requests_have_journals, wallet.i9_owed_is_covered, wallet.recharges_are_booked TO "${runtimeRole}";
