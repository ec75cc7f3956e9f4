-- Credits a batch of recharges: four lines each, Dr clearing / Cr principal and Dr bonus control / Cr bonus, one lot each.
-- What was asked before under the same key is left alone. Answers the journals that are new.
WITH asked AS MATERIALIZED (
  SELECT a.*, o.owner_id, clearing.account_id AS clearing, control.account_id AS control
  FROM unnest(:outTradeNos::text[], :sha256s::bytea[], :references::text[], :shards::smallint[], :userIds::text[],
              :principals::bigint[], :bonuses::bigint[], :expiresAfterDays::int[], :providers::text[], :accounts::text[],
              :eventAts::timestamptz[])
    AS a (out_trade_no, sha256, reference, shard, user_id, principal, bonus, expires_after_days, provider, account, event_at)
  JOIN wallet.owner o USING (shard, user_id)
  LEFT JOIN wallet.clearing_code c USING (provider)
  JOIN wallet.account clearing
    ON clearing.shard = 0 AND clearing.owner_id = 0 AND clearing.gl_code = coalesce(c.gl_code, '1012.80')
   AND clearing.channel = a.provider || '/' || a.account AND clearing.currency = 'CNY'
  JOIN wallet.account control
    ON control.shard = 0 AND control.owner_id = 0 AND control.gl_code = '2204.19'
   AND control.channel = '' AND control.currency = 'CNY'
), claimed AS (
  INSERT INTO wallet.request (shard, kind, request_key, sha256, journal_id)
  SELECT shard, 'RECHARGE', out_trade_no, sha256, nextval('wallet.journal_id')
  FROM asked ORDER BY shard, out_trade_no                         -- in order, so that two batches never wait in a ring
  ON CONFLICT DO NOTHING
  RETURNING shard, request_key, journal_id
), fresh AS MATERIALIZED (
  SELECT a.*, c.journal_id FROM asked a JOIN claimed c ON c.shard = a.shard AND c.request_key = a.out_trade_no
), credit AS MATERIALIZED (
  SELECT f.shard, f.owner_id, f.journal_id, c.line, w.account_id, c.amount
  FROM fresh f
  CROSS JOIN LATERAL (VALUES (2, '2204.01', f.principal), (4, '2204.11', f.bonus)) AS c (line, gl_code, amount)
  JOIN wallet.account w
    ON w.shard = f.shard AND w.owner_id = f.owner_id AND w.gl_code = c.gl_code AND w.channel = '' AND w.currency = 'CNY'
  WHERE c.amount > 0
), total AS MATERIALIZED (
  SELECT shard, owner_id, account_id, sum(amount)::bigint AS amount, count(*) AS lines
  FROM credit GROUP BY shard, owner_id, account_id
), locked AS MATERIALIZED (                                       -- the user's rows; platform accounts have none
  SELECT b.shard, b.account_id, t.owner_id, t.amount, t.lines, b.booked_at
  FROM wallet.account_balance b JOIN total t ON t.shard = b.shard AND t.account_id = b.account_id
  ORDER BY b.shard, b.account_id
  FOR NO KEY UPDATE OF b
), moment AS MATERIALIZED (                                       -- booking times rise within every account
  SELECT shard, owner_id, greatest(:now::timestamptz, max(booked_at) + interval '1 microsecond') AS first
  FROM locked GROUP BY shard, owner_id
), booked AS MATERIALIZED (
  SELECT f.*, m.first + interval '1 microsecond' * (row_number() OVER in_wallet - 1) AS booked_at
  FROM fresh f JOIN moment m ON m.shard = f.shard AND m.owner_id = f.owner_id
  WINDOW in_wallet AS (PARTITION BY f.shard, f.owner_id ORDER BY f.journal_id)
), dated AS MATERIALIZED (
  SELECT b.*, (b.booked_at AT TIME ZONE 'Asia/Shanghai')::date AS acct_date FROM booked b
), raised AS (
  UPDATE wallet.account_balance b
  SET credit = b.credit + l.amount, seq = b.seq + l.lines, booked_at = d.last
  FROM locked l
  JOIN (SELECT shard, owner_id, max(booked_at) AS last FROM dated GROUP BY shard, owner_id) d
    ON d.shard = l.shard AND d.owner_id = l.owner_id
  WHERE b.shard = l.shard AND b.account_id = l.account_id
  RETURNING b.shard, b.account_id, b.credit - b.debit - l.amount AS balance_before, b.seq - l.lines AS seq_before
), head AS (
  INSERT INTO wallet.journal (acct_date, shard, journal_id, kind, request_key, reference, event_at, booked_at)
  SELECT acct_date, shard, journal_id, 'RECHARGE', out_trade_no, reference, event_at, booked_at FROM dated
), lot AS (
  INSERT INTO wallet.wallet_lot
    (shard, lot_id, owner_id, out_trade_no, principal, bonus, principal_left, bonus_left, expires_at)
  SELECT shard, journal_id, owner_id, out_trade_no, principal, bonus, principal, bonus,
         coalesce(booked_at + interval '24 hours' * expires_after_days, 'infinity')
  FROM dated
), lines AS (
  INSERT INTO wallet.posting (acct_date, shard, journal_id, line, account_id, amount, seq, balance)
  SELECT d.acct_date, c.shard, c.journal_id, c.line, c.account_id, -c.amount,
         r.seq_before + row_number() OVER statement, r.balance_before + sum(c.amount) OVER statement
  FROM credit c
  JOIN dated d  ON d.shard = c.shard AND d.journal_id = c.journal_id
  JOIN raised r ON r.shard = c.shard AND r.account_id = c.account_id
  WINDOW statement AS (PARTITION BY c.shard, c.account_id ORDER BY c.journal_id)
  UNION ALL
  SELECT acct_date, shard, journal_id, 1, clearing, principal, NULL, NULL FROM dated
  UNION ALL
  SELECT acct_date, shard, journal_id, 3, control, bonus, NULL, NULL FROM dated WHERE bonus > 0
)
SELECT out_trade_no, journal_id FROM fresh
