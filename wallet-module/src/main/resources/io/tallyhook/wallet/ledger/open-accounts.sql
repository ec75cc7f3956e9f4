-- Opens the wallets and clearing accounts of a batch that do not exist yet. A wallet is opened whole, with its balance rows,
-- in one statement: whoever sees the owner sees the rows to lock. Run before, not in, the statement that credits: that one
-- must see them in its snapshot, also those that another transaction opened meanwhile.
WITH wallet_opened AS (
  INSERT INTO wallet.owner (shard, user_id)
  SELECT DISTINCT w.shard, w.user_id
  FROM unnest(:shards::smallint[], :userIds::text[]) AS w (shard, user_id)
  WHERE NOT EXISTS (SELECT FROM wallet.owner o WHERE o.shard = w.shard AND o.user_id = w.user_id)
  ORDER BY w.shard, w.user_id                                     -- in order, so that two batches never wait in a ring
  ON CONFLICT DO NOTHING
  RETURNING shard, owner_id
), account_opened AS (
  INSERT INTO wallet.account (shard, owner_id, gl_code)
  SELECT w.shard, w.owner_id, g.gl_code
  FROM wallet_opened w CROSS JOIN wallet.gl_account g
  WHERE g.gl_code IN ('2204.01', '2204.02', '2204.11', '2204.12')
  ORDER BY w.owner_id, g.gl_code
  RETURNING shard, account_id, owner_id, gl_code
), balance_opened AS (
  INSERT INTO wallet.account_balance (shard, account_id, owner_id, gl_code, normal)
  SELECT a.shard, a.account_id, a.owner_id, a.gl_code, g.normal
  FROM account_opened a JOIN wallet.gl_account g USING (gl_code)
)
INSERT INTO wallet.account (gl_code, channel)
SELECT DISTINCT coalesce(c.gl_code, '1012.80'), b.provider || '/' || b.account
FROM unnest(:providers::text[], :accounts::text[]) AS b (provider, account)
LEFT JOIN wallet.clearing_code c USING (provider)
WHERE NOT EXISTS (SELECT FROM wallet.account a
                  WHERE a.shard = 0 AND a.owner_id = 0 AND a.gl_code = coalesce(c.gl_code, '1012.80')
                    AND a.channel = b.provider || '/' || b.account AND a.currency = 'CNY')
ORDER BY 1, 2
ON CONFLICT DO NOTHING
