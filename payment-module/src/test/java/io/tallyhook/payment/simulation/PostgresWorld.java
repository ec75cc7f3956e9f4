package io.tallyhook.payment.simulation;

import io.tallyhook.payment.Fulfilments;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.ConfirmPayments;
import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.fulfilment.Broom;
import io.tallyhook.payment.refund.RefundBroom;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The real thing, one transaction at a time. The database reads the clock of the story instead of its own, since a function
 * {@code now()} stands in front of PostgreSQL's.
 */
record PostgresWorld(
        Payments payments,
        ConfirmPayments confirmPayments,
        PaymentsUnderDecision underDecision,
        Fulfilments fulfilments,
        Broom broom,
        RefundBroom refundSweep,
        SimulatedShop.Ears ears,
        TransactionTemplate transaction,
        JdbcClient jdbc)
        implements World {

    /** Where the clock stands in front of PostgreSQL's own; what is made goes to {@code public} as ever. */
    static final String SEARCH_PATH = "SET search_path = simulated, public, pg_catalog";

    private static final String CLOCK = """
            CREATE SCHEMA IF NOT EXISTS simulated;
            CREATE TABLE IF NOT EXISTS simulated.clock (at timestamptz NOT NULL);
            TRUNCATE simulated.clock;
            INSERT INTO simulated.clock VALUES ('2026-01-01T00:00:00Z');
            CREATE OR REPLACE FUNCTION simulated.now() RETURNS timestamptz LANGUAGE sql STABLE
              AS 'SELECT at FROM simulated.clock';
            CREATE TABLE IF NOT EXISTS simulated.handed_out (out_trade_no text NOT NULL);
            TRUNCATE simulated.handed_out;
            """;

    PostgresWorld {
        jdbc.sql(CLOCK).update();
        refundSweep.stopTheThreads();
    }

    @Override
    public String open(Terms terms) {
        var request = new PaymentRequest(
                new Purpose(terms.purpose()),
                "a-reference",
                new UserId("user"),
                Money.fen(terms.amount()),
                "Tea",
                new PaymentRequest.Channel(terms.provider(), "main", "external", null, Map.of()));
        return payments.open(RequestId.fresh(Clock.systemUTC()), request, () -> {})
                .outTradeNo();
    }

    @Override
    public void close(String outTradeNo) {
        try {
            payments.close(outTradeNo);
        } catch (Refusal paid) {
            return;
        }
    }

    @Override
    public Optional<List<Decision>> book(List<Booking> group, boolean killed) {
        var decisions = bookOnly(group, killed);
        boolean some = true;
        while (some) {
            some = refundSweep.unwindOne();
        }
        return decisions;
    }

    /** Whatever comes after it is not waited for. */
    Optional<List<Decision>> bookOnly(List<Booking> group, boolean killed) {
        var decisions = transaction.execute(status -> {
            if (killed) {
                status.setRollbackOnly();
            }
            return confirmPayments.book(group, decided -> {});
        });
        return killed ? Optional.empty() : Optional.of(decisions);
    }

    @Override
    public List<PaymentsConfirmed> heard() {
        return ears.taken();
    }

    @Override
    public void handOut(String outTradeNo) {
        jdbc.sql("INSERT INTO simulated.handed_out VALUES (:outTradeNo)")
                .param("outTradeNo", outTradeNo)
                .update();
    }

    @Override
    public void listen(PaymentsConfirmed event, Listener listener) {
        fulfilments.run(event, listener);
    }

    /** What was not committed is PostgreSQL's to forget. */
    @Override
    public void dieListening(PaymentsConfirmed event, Listener listener) {}

    @Override
    public void sweep() {
        broom.use();
    }

    @Override
    public void retry(String outTradeNo) {
        try {
            payments.retryFulfilment(outTradeNo, "a person");
        } catch (Refusal nothingDue) {
            return;
        }
    }

    @Override
    public void jump(Duration time) {
        jdbc.sql("UPDATE simulated.clock SET at = at + make_interval(secs => :seconds)")
                .param("seconds", time.toSeconds())
                .update();
    }

    @Override
    public List<Row> rows(List<String> outTradeNos) {
        var payments = underDecision.look(outTradeNos);
        return jdbc.sql("""
                        SELECT p.out_trade_no, attempts, due_at, count(h.out_trade_no) AS handed_out
                        FROM unnest(:numbers::text[]) WITH ORDINALITY AS n (out_trade_no, position)
                        JOIN payment.payment p USING (out_trade_no)
                        LEFT JOIN simulated.handed_out h USING (out_trade_no)
                        GROUP BY p.out_trade_no, attempts, due_at, position
                        ORDER BY position
                        """)
                .param("numbers", outTradeNos.toArray(String[]::new))
                .query((row, number) -> new Row(
                        Objects.requireNonNull(payments.get(row.getString("out_trade_no"))),
                        row.getInt("attempts"),
                        Optional.ofNullable(row.getTimestamp("due_at"))
                                .map(Timestamp::toInstant)
                                .orElse(null),
                        row.getInt("handed_out")))
                .list();
    }
}
