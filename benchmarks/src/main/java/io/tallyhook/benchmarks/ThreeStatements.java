package io.tallyhook.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HexFormat;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the simplest receiver of callbacks would do with each: a transaction that logs it, marks its payment paid if it is
 * not, and writes an event. No HTTP, no signature, nothing fulfilled. The log's row is as large as the application's.
 */
final class ThreeStatements {

    private static final int PAYMENTS_OF_A_CLIENT = 5_000;
    private static final String TRANSACTION = """
            \\set n :n + 1
            \\set id :client_id * %d + :n
            BEGIN;
            INSERT INTO plain_callback (provider, headers, body) VALUES ('wechat', '%s', '\\x%s');
            UPDATE plain_payment SET state = 'PAID', transaction_id = 'T' || :id, paid_at = now()
             WHERE payment_id = :id AND state = 'PENDING';
            INSERT INTO plain_event (payment_id, payload) VALUES (:id, '{"purpose":"GOODS","amount":1999}');
            COMMIT;
            """;

    private final JdbcClient jdbc;
    private final PgBench pgBench;

    private ThreeStatements(JdbcClient jdbc, PgBench pgBench) {
        this.jdbc = jdbc;
        this.pgBench = pgBench;
    }

    /** @param example one of the callbacks that the application will get */
    static ThreeStatements on(MeasuredServer server, JdbcClient jdbc, byte[] example) {
        jdbc.sql("""
                        CREATE TABLE plain_callback (
                          callback_id bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                          received_at timestamptz NOT NULL DEFAULT now(),
                          provider    text        NOT NULL,
                          headers     text        NOT NULL,
                          body        bytea       NOT NULL)
                        """).update();
        jdbc.sql("""
                        CREATE TABLE plain_payment (
                          payment_id bigint PRIMARY KEY, state text NOT NULL, transaction_id text, paid_at timestamptz)
                        WITH (fillfactor = 80)
                        """).update();
        jdbc.sql("""
                        CREATE TABLE plain_event (
                          event_id   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                          payment_id bigint      NOT NULL,
                          payload    text        NOT NULL,
                          created_at timestamptz NOT NULL DEFAULT now())
                        """).update();
        return new ThreeStatements(
                jdbc, new PgBench(server, Effort.CONNECTIONS, transaction(new String(example, UTF_8)), "--define=n=0"));
    }

    private static String transaction(String request) {
        int end = request.indexOf("\r\n\r\n");
        var headers = request.substring(request.indexOf("\r\n") + 2, end).replaceAll("[^-A-Za-z0-9_/+=.]", " ");
        var body = HexFormat.of().formatHex(request.substring(end + 4).getBytes(UTF_8));
        return TRANSACTION.formatted(PAYMENTS_OF_A_CLIENT, headers, body);
    }

    /** New payments, so that each is marked paid once. */
    void prepare() {
        jdbc.sql("TRUNCATE plain_callback, plain_payment, plain_event").update();
        jdbc.sql("""
                        INSERT INTO plain_payment (payment_id, state)
                        SELECT client * :each + n, 'PENDING'
                        FROM generate_series(0, :clients - 1) client, generate_series(1, :each) n
                        """)
                .param("each", PAYMENTS_OF_A_CLIENT)
                .param("clients", Effort.CONNECTIONS)
                .update();
    }

    long run(Duration time) {
        return pgBench.run(time);
    }
}
