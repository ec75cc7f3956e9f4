package io.tallyhook.payment.callback;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Paging;
import io.tallyhook.payment.PaymentFilter;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.Figures.Count;
import io.tallyhook.payment.provider.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The numbers of the overview: right while they are small, bounded when they are not. */
@PaymentModuleTest
class FiguresIntegrationTests {

    private static final Instant NOON = Instant.parse("2026-01-31T04:00:00Z");

    private final Callbacks callbacks;
    private final Payments payments;
    private final CallbackLog callbackLog;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;

    FiguresIntegrationTests(
            Callbacks callbacks,
            Payments payments,
            CallbackLog callbackLog,
            PlatformTransactionManager transactions,
            JdbcClient jdbc) {
        this.callbacks = callbacks;
        this.payments = payments;
        this.callbackLog = callbackLog;
        this.transaction = new TransactionTemplate(transactions);
        this.jdbc = jdbc;
    }

    @BeforeEach
    void empty() {
        jdbc.sql(
                        "TRUNCATE payment.callback, payment.callback_tally, payment.callback_count, payment.refund, payment.payment CASCADE")
                .update();
    }

    @Test
    void withNothingThereEverythingIsZero() {
        var figures = callbacks.figuresSince(NOON);

        assertThat(figures.received()).isEqualTo(new Count(0, false));
        assertThat(figures.deliveries())
                .containsOnlyKeys(Outcome.values())
                .containsEntry(Outcome.LATE, new Count(0, false));
        assertThat(figures.turnedAway()).isZero();
        assertThat(figures.oldestWaiting()).isNull();
    }

    @Test
    void deliveriesAreCountedByOutcomeFromTheMomentOnAndNotBefore() {
        deliveries(Outcome.CONFIRMED, 3, NOON);
        deliveries(Outcome.MISMATCH, 2, NOON);
        deliveries(Outcome.CONFIRMED, 5, NOON.minusSeconds(1));

        var figures = callbacks.figuresSince(NOON);

        assertThat(figures.received()).isEqualTo(new Count(5, false));
        assertThat(figures.deliveries())
                .containsEntry(Outcome.CONFIRMED, new Count(3, false))
                .containsEntry(Outcome.MISMATCH, new Count(2, false))
                .containsEntry(Outcome.REJECTED, new Count(0, false));
    }

    @Test
    void manyAreCountedExactlyAndNotRowByRow() {
        deliveries(Outcome.MISMATCH, 2, NOON);
        tally(Outcome.CONFIRMED, 30_000_000, NOON.plus(Duration.ofHours(1)));

        var figures = callbacks.figuresSince(NOON);

        assertThat(figures.received()).isEqualTo(new Count(30_000_002, false));
        assertThat(figures.deliveries())
                .containsEntry(Outcome.MISMATCH, new Count(2, false))
                .containsEntry(Outcome.CONFIRMED, new Count(30_000_000, false));
    }

    @Test
    void deliveriesOfOneMinuteShareARowAndThoseOfAnotherOutcomeDoNot() {
        deliveries(Outcome.CONFIRMED, 3, NOON);
        deliveries(Outcome.CONFIRMED, 2, NOON.plusSeconds(59));
        deliveries(Outcome.DUPLICATE, 1, NOON.plusSeconds(59));
        deliveries(Outcome.CONFIRMED, 1, NOON.plusSeconds(60));

        assertThat(jdbc.sql("SELECT outcome || ' ' || n FROM payment.callback_tally ORDER BY minute, outcome")
                        .query(String.class)
                        .list())
                .containsExactly("CONFIRMED 5", "DUPLICATE 1", "CONFIRMED 1");
    }

    @Test
    void whatIsRolledBackIsNotCounted() {
        transaction.executeWithoutResult(status -> {
            deliveries(Outcome.CONFIRMED, 3, NOON);
            status.setRollbackOnly();
        });

        assertThat(callbacks.figuresSince(NOON).received()).isEqualTo(new Count(0, false));
    }

    @Test
    void whatIsPaidAndNotHandedOutIsCountedByItsState() {
        payments("PENDING", 2);
        payments("FAILED", 1);
        payments("PARKED", 3);
        payments("SUCCEEDED", 4);

        var figures = callbacks.figuresSince(NOON);

        assertThat(figures.waiting()).isEqualTo(new Count(2, false));
        assertThat(figures.failed()).isEqualTo(new Count(1, false));
        assertThat(figures.parked()).isEqualTo(new Count(3, false));
        assertThat(figures.oldestWaiting()).isEqualTo(NOON.plusSeconds(1));
    }

    @Test
    void whatWasOnlyCountedIsAddedUp() {
        jdbc.sql("INSERT INTO payment.callback_count VALUES (:noon::timestamptz, 'wechat', 'main', 'FLOOD', 7), "
                        + "(:noon::timestamptz, 'wechat', 'main', 'TOO_LARGE', 2), "
                        + "(:noon::timestamptz - interval '1 minute', 'wechat', 'main', 'FLOOD', 90)")
                .param("noon", NOON.toString())
                .update();

        assertThat(callbacks.figuresSince(NOON).turnedAway()).isEqualTo(9);
    }

    @Test
    void aPaymentIsFoundByItsNumberAndByItsTransactionAndByNothingElse() {
        payments("SUCCEEDED", 2);

        assertThat(found("P0SUCCEEDED1")).isEqualTo("P0SUCCEEDED1");
        assertThat(found("T-P0SUCCEEDED2")).isEqualTo("P0SUCCEEDED2");
        assertThat(found("P0SUCCEEDED")).isEmpty();
    }

    @Test
    void refundsOfAPaymentComeOldestFirst() {
        payments("SUCCEEDED", 1);
        jdbc.sql("INSERT INTO payment.refund (out_trade_no, refund_no, state, amount, reason, created_at, settled_at) "
                        + "VALUES ('P0SUCCEEDED1', 'R2', 'PROCESSING', 30, 'later', now(), NULL), "
                        + "('P0SUCCEEDED1', 'R1', 'FAILED', 20, 'sooner', now() - interval '1 hour', now())")
                .update();

        assertThat(payments.refunds("P0SUCCEEDED1"))
                .extracting(refund -> refund.refundNo() + " " + refund.state() + " " + refund.amount())
                .containsExactly("R1 FAILED 0.20 CNY", "R2 PROCESSING 0.30 CNY");
    }

    private String found(String number) {
        var filter = new PaymentFilter(number, null, null, null, null, null, null, null, null);
        return String.join(
                " ",
                payments.search(filter, new Paging(10, null))
                        .map(payment -> payment.outTradeNo())
                        .items());
    }

    private void deliveries(Outcome outcome, int n, Instant at) {
        var lines = new ArrayList<CallbackLog.Line>();
        for (int i = 0; i < n; i++) {
            var delivery = new Delivery(UUID.randomUUID(), at, "wechat", "main", Map.of(), new byte[0]);
            lines.add(new CallbackLog.Line(delivery, outcome, null, null, null, null, List.of(), 200, 1000));
        }
        callbackLog.append(lines);
    }

    private void tally(Outcome outcome, int n, Instant at) {
        jdbc.sql("INSERT INTO payment.callback_tally VALUES (:at::timestamptz, :outcome, 'wechat', 'main', -1, :n)")
                .param("at", at.toString())
                .param("outcome", outcome.name())
                .param("n", n)
                .update();
    }

    private void payments(String fulfilment, int n) {
        jdbc.sql("""
                        INSERT INTO payment.payment (out_trade_no, purpose, reference, user_id, shard, provider, account,
                                                     method, description, amount, currency, created_at, state, paid_at,
                                                     provider_transaction_id, fulfilment, fulfilment_reason, due_at)
                        SELECT 'P0' || :fulfilment || i, 'TEST', 'X' || i, 'user', 1, 'wechat', 'main', 'external', 'Tea',
                               100, 'CNY', now(), 'PAID', :noon::timestamptz + make_interval(secs => i),
                               'T-P0' || :fulfilment || i, :fulfilment,
                               CASE :fulfilment WHEN 'PARKED' THEN 'NO_LISTENER' END,
                               CASE WHEN :fulfilment IN ('PENDING', 'FAILED') THEN now() + interval '1 hour' END
                        FROM generate_series(1, :n) AS i
                        """)
                .param("fulfilment", fulfilment)
                .param("noon", NOON.toString())
                .param("n", n)
                .update();
    }
}
