package io.tallyhook.benchmarks;

import org.springframework.jdbc.core.simple.JdbcClient;

/** What the simplest wallet would do: one {@code INSERT} and one {@code UPDATE} of a row. */
final class PlainBooking {

    private static final String TRANSACTION = """
            \\set account random(1, %d)
            \\set amount random(1, 5000)
            BEGIN;
            INSERT INTO plain_entry (account_id, amount) VALUES (:account, :amount);
            UPDATE plain_account SET balance = balance + :amount WHERE account_id = :account;
            COMMIT;
            """;

    private PlainBooking() {}

    static PgBench on(MeasuredServer server, JdbcClient jdbc, Effort effort) {
        jdbc.sql(
                        "CREATE TABLE plain_account (account_id int PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 70)")
                .update();
        jdbc.sql("INSERT INTO plain_account SELECT n, 0 FROM generate_series(1, :wallets) n")
                .param("wallets", effort.wallets())
                .update();
        jdbc.sql("""
                        CREATE TABLE plain_entry (
                          entry_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                          account_id int NOT NULL,
                          amount     bigint NOT NULL,
                          at         timestamptz NOT NULL DEFAULT clock_timestamp())
                        """).update();
        return new PgBench(server, effort.clients(), TRANSACTION.formatted(effort.wallets()));
    }
}
