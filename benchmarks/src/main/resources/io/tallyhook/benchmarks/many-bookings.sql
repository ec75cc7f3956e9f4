-- A ledger with a past, faster than it can be booked: users with the same history of recharges and then spends, spread over
-- the days since a moment. Everything is as the ledger would have booked it, and the guards look at all of it.
CREATE SCHEMA past;

CREATE FUNCTION past.book(p_shards smallint[], p_user_ids text[], p_recharges int, p_spends int, p_since timestamptz)
  RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  users    int := cardinality(p_user_ids);
  events   int := p_recharges + p_spends;
  first_id bigint;
  step     interval := (clock_timestamp() - interval '1 minute' - p_since) / events;
BEGIN
  first_id := setval('wallet.journal_id', nextval('wallet.journal_id') + users * events) - users * events;
  INSERT INTO wallet.account (gl_code, channel) VALUES ('1012.01', 'wechat/main') ON CONFLICT DO NOTHING;

  CREATE TEMPORARY TABLE who ON COMMIT DROP AS
  WITH opened AS (
    INSERT INTO wallet.owner (shard, user_id) SELECT * FROM unnest(p_shards, p_user_ids) RETURNING shard, owner_id
  ), account AS (
    INSERT INTO wallet.account (shard, owner_id, gl_code)
    SELECT o.shard, o.owner_id, code FROM opened o CROSS JOIN unnest(ARRAY['2204.01', '2204.02', '2204.11', '2204.12']) AS code
    RETURNING shard, owner_id, gl_code, account_id
  )
  SELECT a.shard, a.owner_id, row_number() OVER (ORDER BY a.owner_id) - 1 AS n,
         max(a.account_id) FILTER (WHERE a.gl_code = '2204.01') AS principal, max(a.account_id) FILTER (WHERE a.gl_code = '2204.11') AS bonus,
         max(a.account_id) FILTER (WHERE a.gl_code = '2204.02') AS held,      max(a.account_id) FILTER (WHERE a.gl_code = '2204.12') AS held_bonus
  FROM account a GROUP BY a.shard, a.owner_id;

  -- e counts a user's events: recharges of 100.00 with a bonus of 10.00, then spends of 1.00 and 0.10, each from the next lot
  CREATE TEMPORARY TABLE event ON COMMIT DROP AS
  SELECT w.*, e, e <= p_recharges AS recharge, first_id + (e - 1) * users + w.n AS journal_id,
         first_id + (CASE WHEN e <= p_recharges THEN e - 1 ELSE (e - 1) % p_recharges END) * users + w.n AS lot_id,
         p_since + e * step + w.n * interval '1 microsecond' AS booked_at,
         ((p_since + e * step + w.n * interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')::date AS acct_date,
         CASE WHEN e <= p_recharges THEN 10000 ELSE -100 END AS principal_moved,
         CASE WHEN e <= p_recharges THEN 1000  ELSE -10  END AS bonus_moved,
         10000 * least(e, p_recharges) - 100 * greatest(e - p_recharges, 0) AS principal_balance,
         1000  * least(e, p_recharges) - 10  * greatest(e - p_recharges, 0) AS bonus_balance
  FROM generate_series(1, events) e CROSS JOIN who w ORDER BY e, w.n;

  INSERT INTO wallet.account_balance (shard, account_id, owner_id, gl_code, normal, debit, credit, seq, booked_at)
  SELECT w.shard, a.account_id, w.owner_id, a.gl_code, 'CREDIT', a.unit * p_spends / 100, a.unit * p_recharges,
         CASE WHEN a.unit > 0 THEN events ELSE 0 END, p_since + events * step + w.n * interval '1 microsecond'
  FROM who w CROSS JOIN LATERAL (VALUES (w.principal, '2204.01', 10000), (w.bonus, '2204.11', 1000), (w.held, '2204.02', 0),
                                        (w.held_bonus, '2204.12', 0)) AS a (account_id, gl_code, unit);

  INSERT INTO wallet.request (shard, kind, request_key, sha256, journal_id)
  SELECT shard, CASE WHEN recharge THEN 'RECHARGE' ELSE 'SPEND' END, 'P' || lpad(journal_id::text, 26, '0'), sha256('past'), journal_id
  FROM event;

  INSERT INTO wallet.journal (acct_date, shard, journal_id, kind, request_key, reference, event_at, booked_at)
  SELECT acct_date, shard, journal_id, CASE WHEN recharge THEN 'RECHARGE' ELSE 'SPEND' END, 'P' || lpad(journal_id::text, 26, '0'),
         CASE WHEN recharge THEN 'R' ELSE 'O' END || lpad(journal_id::text, 26, '0'), booked_at, booked_at
  FROM event;

  INSERT INTO wallet.posting (acct_date, shard, journal_id, line, account_id, amount, seq, balance)
  SELECT v.acct_date, v.shard, v.journal_id, l.line, l.account_id, l.amount, l.seq, l.balance
  FROM event v
  JOIN wallet.account clearing ON clearing.shard = 0 AND clearing.owner_id = 0 AND clearing.gl_code = '1012.01' AND clearing.channel = 'wechat/main'
  JOIN wallet.account revenue  ON revenue.shard  = 0 AND revenue.owner_id  = 0 AND revenue.gl_code  = '6001.01' AND revenue.channel  = ''
  JOIN wallet.account control  ON control.shard  = 0 AND control.owner_id  = 0 AND control.gl_code  = '2204.19' AND control.channel  = ''
  CROSS JOIN LATERAL (VALUES
    (1, CASE WHEN v.recharge THEN clearing.account_id ELSE revenue.account_id END, v.principal_moved, NULL, NULL),
    (2, v.principal,        -v.principal_moved, v.e,  v.principal_balance),
    (3, control.account_id,  v.bonus_moved,     NULL, NULL),
    (4, v.bonus,            -v.bonus_moved,     v.e,  v.bonus_balance)) AS l (line, account_id, amount, seq, balance);

  INSERT INTO wallet.wallet_lot (shard, lot_id, owner_id, request_key, channel, principal, bonus, principal_left, bonus_left, expires_at)
  SELECT v.shard, v.journal_id, v.owner_id, 'P' || lpad(v.journal_id::text, 26, '0'), 'wechat/main', 10000, 1000,
         10000 - 100 * u.spends, 1000 - 10 * u.spends, v.booked_at + interval '365 days'
  FROM event v
  CROSS JOIN LATERAL (SELECT count(*) AS spends FROM generate_series(p_recharges, events - 1) s WHERE s % p_recharges = v.e - 1) u
  WHERE v.recharge;

  INSERT INTO wallet.lot_use (shard, journal_id, lot_id, origin, principal, bonus)
  SELECT shard, journal_id, lot_id, journal_id, 100, 10 FROM event WHERE NOT recharge;
END $$
