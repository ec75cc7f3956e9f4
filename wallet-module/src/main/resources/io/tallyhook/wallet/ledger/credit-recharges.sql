-- Credits a batch of recharges: Dr clearing / Cr principal, Dr bonus control / Cr bonus, and one lot each. What was asked
-- before under the same key is left alone. Answers the journals that are new, and whether all their lines were written.
-- A wallet carries its recharges along as arrays, so that no step joins two steps: a planner that guesses one row would
-- make that join quadratic.
WITH asked AS MATERIALIZED (
  SELECT a.*, a.provider || '/' || a.account AS channel,
         (SELECT o.owner_id FROM wallet.owner o WHERE o.shard = a.shard AND o.user_id = a.user_id) AS owner_id,
         (SELECT c.account_id FROM wallet.account c
          WHERE c.shard = 0 AND c.owner_id = 0 AND c.channel = a.provider || '/' || a.account AND c.currency = 'CNY'
            AND c.gl_code = coalesce((SELECT k.gl_code FROM wallet.clearing_code k WHERE k.provider = a.provider), '1012.80')
         ) AS clearing
  FROM unnest(:outTradeNos::text[], :sha256s::bytea[], :references::text[], :shards::smallint[], :userIds::text[],
              :principals::bigint[], :bonuses::bigint[], :expiresAfterDays::int[], :providers::text[], :accounts::text[],
              :eventAts::timestamptz[])
    AS a (out_trade_no, sha256, reference, shard, user_id, principal, bonus, expires_after_days, provider, account, event_at)
), claimed AS (
  INSERT INTO wallet.request (shard, kind, request_key, sha256, journal_id)
  SELECT shard, 'RECHARGE', out_trade_no, sha256, nextval('wallet.journal_id')
  FROM asked WHERE owner_id IS NOT NULL AND clearing IS NOT NULL
  ORDER BY shard, out_trade_no                                    -- in order, so that two batches never wait in a ring
  ON CONFLICT DO NOTHING
  RETURNING request_key, journal_id
), fresh AS MATERIALIZED (
  SELECT a.*, c.journal_id FROM asked a JOIN claimed c ON c.request_key = a.out_trade_no
), wallet AS MATERIALIZED (
  SELECT shard, owner_id,
         array_agg(journal_id) AS journal_ids,
         array_agg(out_trade_no) AS out_trade_nos,
         array_agg(reference) AS refs,
         array_agg(principal) AS principals,
         array_agg(bonus) AS bonuses,
         array_agg(expires_after_days) AS expires_after_days,
         array_agg(clearing) AS clearings,
         array_agg(channel) AS channels,
         array_agg(event_at) AS event_ats,
         sum(principal)::bigint AS principal, count(*)                          AS principal_lines,
         sum(bonus)::bigint     AS bonus,     count(*) FILTER (WHERE bonus > 0) AS bonus_lines
  FROM (SELECT * FROM fresh ORDER BY shard, owner_id, journal_id) f   -- sorted once, for all arrays alike
  GROUP BY shard, owner_id
), locked AS MATERIALIZED (                                       -- the user's rows; platform accounts have none
  SELECT w.*, b.gl_code, b.account_id, b.booked_at,
         CASE b.gl_code WHEN '2204.01' THEN w.principal       ELSE w.bonus       END AS raise,
         CASE b.gl_code WHEN '2204.01' THEN w.principal_lines ELSE w.bonus_lines END AS lines
  FROM wallet w
  JOIN wallet.account_balance b
    ON b.shard = w.shard AND b.owner_id = w.owner_id
   AND (b.gl_code = '2204.01' OR (b.gl_code = '2204.11' AND w.bonus > 0))
  ORDER BY b.shard, b.account_id
  FOR NO KEY UPDATE OF b
), timed AS MATERIALIZED (                                        -- booking times rise within every account
  SELECT l.*, greatest(:now::timestamptz, max(l.booked_at) OVER (PARTITION BY l.shard, l.owner_id) + interval '1 microsecond')
              AS first_booked_at
  FROM locked l
), raised AS (
  UPDATE wallet.account_balance b
  SET credit = b.credit + t.raise, seq = b.seq + t.lines,
      booked_at = t.first_booked_at + interval '1 microsecond' * (cardinality(t.journal_ids) - 1)
  FROM timed t
  WHERE b.shard = t.shard AND b.account_id = t.account_id
  RETURNING t.*, b.credit - b.debit - t.raise AS balance_before, b.seq - t.lines AS seq_before
), line AS MATERIALIZED (
  SELECT r.shard, r.owner_id, r.gl_code = '2204.01' AS is_principal, r.account_id, e.*, m.booked_at, m.amount,
         (m.booked_at AT TIME ZONE 'Asia/Shanghai')::date  AS acct_date,
         r.seq_before     + row_number()  OVER statement   AS seq,
         r.balance_before + sum(m.amount) OVER statement   AS balance
  FROM raised r
  CROSS JOIN LATERAL unnest(r.journal_ids, r.out_trade_nos, r.refs, r.principals, r.bonuses, r.expires_after_days,
                            r.clearings, r.channels, r.event_ats) WITH ORDINALITY
    AS e (journal_id, out_trade_no, reference, principal, bonus, expires_after_days, clearing, channel, event_at, n)
  CROSS JOIN LATERAL (SELECT r.first_booked_at + interval '1 microsecond' * (e.n - 1)          AS booked_at,
                             CASE r.gl_code WHEN '2204.01' THEN e.principal ELSE e.bonus END AS amount) m
  WHERE m.amount > 0
  WINDOW statement AS (PARTITION BY r.shard, r.account_id ORDER BY e.n)
), head AS (
  INSERT INTO wallet.journal (acct_date, shard, journal_id, kind, request_key, reference, event_at, booked_at)
  SELECT acct_date, shard, journal_id, 'RECHARGE', out_trade_no, reference, event_at, booked_at
  FROM line WHERE is_principal
), lot AS (
  INSERT INTO wallet.wallet_lot
    (shard, lot_id, owner_id, request_key, channel, principal, bonus, principal_left, bonus_left, expires_at)
  SELECT shard, journal_id, owner_id, out_trade_no, channel, principal, bonus, principal, bonus,
         coalesce(booked_at + interval '24 hours' * expires_after_days, 'infinity')
  FROM line WHERE is_principal
), posted AS (
  INSERT INTO wallet.posting (acct_date, shard, journal_id, line, account_id, amount, seq, balance)
  SELECT l.acct_date, l.shard, l.journal_id, side.line, side.account_id, side.amount, side.seq, side.balance
  FROM line l
  CROSS JOIN (SELECT account_id FROM wallet.account
              WHERE shard = 0 AND owner_id = 0 AND gl_code = '2204.19' AND channel = '' AND currency = 'CNY') control
  CROSS JOIN LATERAL (VALUES
    (CASE WHEN l.is_principal THEN 1          ELSE 3                  END,
     CASE WHEN l.is_principal THEN l.clearing ELSE control.account_id END,  l.amount, NULL,  NULL),
    (CASE WHEN l.is_principal THEN 2          ELSE 4                  END,
     l.account_id,                                                         -l.amount, l.seq, l.balance))
    AS side (line, account_id, amount, seq, balance)
  RETURNING 1
)
SELECT out_trade_no, journal_id,
       (SELECT count(*) FROM posted) = (SELECT sum(CASE WHEN bonus > 0 THEN 4 ELSE 2 END) FROM fresh) AS complete
FROM fresh
