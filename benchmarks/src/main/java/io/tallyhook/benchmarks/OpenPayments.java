package io.tallyhook.benchmarks;

import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Orders and recharges with a payment each, as the API would have made them, but many in one statement. */
record OpenPayments(JdbcClient jdbc, Clock clock, Users users) {

    private static final int AT_ONCE = 2_000;
    private static final String PAYMENTS = """
            INSERT INTO payment.payment
              (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description, amount, currency,
               created_at)
            SELECT out_trade_no, :purpose, reference, user_id, shard, :provider, :account, 'external', 'Tea', :amount,
                   'CNY', now()
            FROM asked
            """;
    private static final String ASKED = """
            WITH asked AS (
              SELECT * FROM unnest(:outTradeNos::text[], :references::text[], :userIds::text[], :shards::smallint[])
                AS a (out_trade_no, reference, user_id, shard)
            ),
            """;

    /** What is bought. */
    enum Purpose {
        GOODS('O', 1_999, """
            ordered AS (
              INSERT INTO orders.goods_order (order_no, user_id, shard, amount, currency, created_at, changed_at)
              SELECT reference, user_id, shard, :amount, 'CNY', now(), now() FROM asked
            ), item AS (
              INSERT INTO orders.item (order_no, position, sku, name, quantity, unit_amount)
              SELECT reference, 0, 'TEA-1', 'Tea', 1, :amount FROM asked
            )
            """),
        RECHARGE('R', 10_000, """
            recharge AS (
              INSERT INTO wallet.recharge
                (recharge_no, user_id, shard, amount, bonus, bonus_expires_after_days, package_code, currency, created_at)
              SELECT reference, user_id, shard, :amount, 1000, 365, 'HUNDRED', 'CNY', now() FROM asked
            )
            """);

        private final char letter;
        private final long amount;
        private final String insert;

        Purpose(char letter, long amount, String insert) {
            this.letter = letter;
            this.amount = amount;
            this.insert = insert;
        }
    }

    List<OpenPayment> open(int count, Purpose purpose, String provider) {
        var opened = new ArrayList<OpenPayment>(count);
        for (int from = 0; from < count; from += AT_ONCE) {
            opened.addAll(openSome(Math.min(AT_ONCE, count - from), purpose, provider));
        }
        return opened;
    }

    private List<OpenPayment> openSome(int count, Purpose purpose, String provider) {
        var numbers = numbers(count, 'P');
        var buyers = users.next(count);
        jdbc.sql(ASKED + purpose.insert + PAYMENTS)
                .param("outTradeNos", numbers)
                .param("references", numbers(count, purpose.letter))
                .param("userIds", buyers.stream().map(UserId::value).toArray(String[]::new))
                .param(
                        "shards",
                        buyers.stream()
                                .map(UserId::shard)
                                .map(Integer::shortValue)
                                .toArray(Short[]::new))
                .param("purpose", purpose.name())
                .param("provider", provider)
                .param("account", Provider.ACCOUNT)
                .param("amount", purpose.amount)
                .update();
        return Stream.of(numbers)
                .map(number -> new OpenPayment(number, purpose.amount))
                .toList();
    }

    private String[] numbers(int count, char letter) {
        return Stream.generate(() -> RequestId.fresh(clock).number(letter))
                .limit(count)
                .toArray(String[]::new);
    }
}
