-- Whether a batch needs a wallet or a clearing account that does not exist yet. Looking is a tenth of the work of opening
-- nothing, and accounts never go again.
SELECT EXISTS (
         SELECT FROM unnest(:shards::smallint[], :userIds::text[]) AS w (shard, user_id)
         WHERE NOT EXISTS (SELECT FROM wallet.owner o WHERE o.shard = w.shard AND o.user_id = w.user_id))
    OR EXISTS (
         SELECT FROM (SELECT DISTINCT * FROM unnest(:providers::text[], :accounts::text[])) AS b (provider, account)
         WHERE NOT EXISTS (SELECT FROM wallet.account a
                           WHERE a.shard = 0 AND a.owner_id = 0 AND a.channel = b.provider || '/' || b.account
                             AND a.currency = 'CNY'
                             AND a.gl_code = coalesce((SELECT c.gl_code FROM wallet.clearing_code c
                                                       WHERE c.provider = b.provider), '1012.80')))
