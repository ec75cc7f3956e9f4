package io.tallyhook.benchmarks;

import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a shop has after years: paid orders with their callbacks, which are copies of one that the application has stored, and
 * postings. All callbacks are of this month, so that no partition makes them cheaper to have.
 */
record OldRows(MeasuredServer server, JdbcClient jdbc, Clock clock) {

    private static final int AT_ONCE = 100_000;
    private static final int POSTINGS_OF_A_RECHARGE = 4;
    private static final int RECHARGES_AT_ONCE = 500;

    private static final String PAYMENTS = """
            INSERT INTO payment.payment
              (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description, amount, currency,
               created_at, state, version, provider_transaction_id, paid_at, fulfilment, fulfilled_at)
            SELECT 'POLD' || lpad(n::text, 23, '0'), 'GOODS', 'O' || lpad(n::text, 26, '0'), 'old-' || n % 1000000,
                   n % 1024, 'wechat', 'main', 'external', 'Tea', 1999, 'CNY',
                   at, 'PAID', 2, '4200OLD' || n, at, 'SUCCEEDED', at
            FROM generate_series(:from, :to) n
            CROSS JOIN LATERAL (SELECT now() - (interval '1 minute') * ((:old - n)::float8 / 10) AS at) t
            """;

    /** Without what guards them, which would look at each alone. */
    private static final String ORDERS = """
            INSERT INTO orders.goods_order
              (order_no, user_id, shard, amount, currency, created_at, state, version, changed_at, paid_by, paid_at)
            SELECT reference, user_id, shard, amount, currency, created_at, 'PAID', 1, paid_at, out_trade_no, paid_at
            FROM payment.payment
            WHERE out_trade_no BETWEEN 'POLD' || lpad(:from::text, 23, '0') AND 'POLD' || lpad(:to::text, 23, '0')
            """;

    private static final String CALLBACKS = """
            INSERT INTO payment.callback
              (id, received_at, provider, account, outcome, out_trade_no, provider_transaction_id, notification_id,
               reply_status, duration_us, headers, body)
            SELECT (lpad(to_hex(n), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
                   greatest(date_trunc('month', now()), now() - interval '5 days')
                     + (now() - greatest(date_trunc('month', now()), now() - interval '5 days')) * (n::float8 / :old),
                   'wechat', 'main', 'CONFIRMED', 'POLD' || lpad(n::text, 23, '0'), '4200OLD' || n, 'old-' || n,
                   200, 5000, example.headers, example.body
            FROM generate_series(:from, :to) n
            CROSS JOIN (SELECT headers, body FROM payment.callback WHERE outcome = 'CONFIRMED' LIMIT 1) example
            """;

    void fill(int old) {
        for (int n = 1; n <= old; n += AT_ONCE) {
            int from = n;
            insert(PAYMENTS, from, old);
            unguarded(() -> insert(ORDERS, from, old));
            insert(CALLBACKS, from, old);
        }
        post(old / POSTINGS_OF_A_RECHARGE);
        jdbc.sql("VACUUM (ANALYZE)").update();
        jdbc.sql("CHECKPOINT").update();
    }

    private void unguarded(Runnable inserting) {
        jdbc.sql("SET session_replication_role = replica").update();
        inserting.run();
        jdbc.sql("SET session_replication_role = origin").update();
    }

    /** How many payments of an earlier run there are. */
    long there() {
        return jdbc.sql("SELECT count(*) FROM payment.payment WHERE out_trade_no BETWEEN 'POLD0' AND 'POLD9'")
                .query(Long.class)
                .single();
    }

    private void insert(String rows, int from, int old) {
        jdbc.sql(rows)
                .param("from", from)
                .param("to", Math.min(from + AT_ONCE - 1, old))
                .param("old", old)
                .update();
    }

    private void post(int recharges) {
        try (var books = Books.on(server, 2)) {
            var users = new Users("old", recharges);
            users.inGroupsOf(RECHARGES_AT_ONCE)
                    .forEach(group ->
                            new Recharging(books, new Acknowledged(), clock, users, group.size()).credit(group));
            var _ = new Housekeeping(books.jdbc(), clock).during(() -> 0);
        }
    }
}
