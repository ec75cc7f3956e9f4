package io.tallyhook.payment.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Delivery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;
import tallyhook.testing.RuntimeRole;

/** The log's months come before they are needed and go when they are old, and no callback ever depends on that. */
@PaymentModuleTest
class CallbackMonthsIntegrationTests {

    /** Two months that nobody needs. */
    private static final LocalDate OLD = LocalDate.parse("2019-02-01");

    private final CallbackMonths months;
    private final CallbackLog callbackLog;
    private final CallbackRows rows;
    private final Till till;
    private final MeterRegistry metrics;
    private final PlatformTransactionManager transactions;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;

    CallbackMonthsIntegrationTests(
            CallbackMonths months,
            CallbackLog callbackLog,
            CallbackRows rows,
            Till till,
            MeterRegistry metrics,
            PlatformTransactionManager transactions,
            JdbcClient jdbc) {
        this.months = months;
        this.callbackLog = callbackLog;
        this.rows = rows;
        this.till = till;
        this.metrics = metrics;
        this.transactions = transactions;
        this.transaction = new TransactionTemplate(transactions);
        this.jdbc = jdbc;
    }

    @BeforeEach
    void oldMonths() {
        jdbc.sql("TRUNCATE payment.callback").update();
        months.dropOld();
        months.make(OLD);
    }

    @Test
    void this_month_and_three_ahead_are_there_after_the_start() {
        assertThat(parts()).contains(part(today()), part(today().plusMonths(1)), part(today().plusMonths(3)));
        months.tidy();
        assertThat(ready()).isEqualTo(1);
    }

    @Test
    void months_that_are_there_are_not_made_again() {
        assertThat(months.make(OLD)).isZero();
        assertThat(months.make(OLD.plusMonths(1))).isEqualTo(1);
    }

    @Test
    void a_delivery_lies_in_its_own_month_by_utc_also_at_the_edge() {
        assertThat(partOf(log(Outcome.CONFIRMED, null, "2019-02-28T23:59:59.999999Z")))
                .isEqualTo("callback_2019_02");
        assertThat(partOf(log(Outcome.CONFIRMED, null, "2019-03-01T00:00:00Z"))).isEqualTo("callback_2019_03");
    }

    @Test
    void a_delivery_without_a_month_is_kept_all_the_same_and_an_alarm_is_raised_until_its_month_is_made() {
        var stray = log(Outcome.CONFIRMED, null, "2018-07-15T12:00:00Z");

        months.tidy();
        assertThat(partOf(stray)).isEqualTo("callback_beyond");
        assertThat(rows.get(stray.toString()).line().callbackId()).isEqualTo(stray);
        assertThat(ready()).isZero();

        months.make(LocalDate.parse("2018-07-01"));
        months.tidy();
        assertThat(ready()).isEqualTo(1);
    }

    @Test
    void what_strayed_moves_into_its_month_when_that_is_made() {
        var stray = log(Outcome.CONFIRMED, null, "2018-07-15T12:00:00Z");

        months.make(LocalDate.parse("2018-07-01"));

        assertThat(partOf(stray)).isEqualTo("callback_2018_07");
    }

    @Test
    void old_months_are_dropped_whole_and_young_ones_are_not() {
        var old = log(Outcome.CONFIRMED, null, "2019-02-15T12:00:00Z");
        var young = log(Outcome.CONFIRMED, null, Instant.now().toString());

        months.dropOld();

        assertThat(parts())
                .doesNotContain("callback_2019_02", "callback_2019_03")
                .contains(part(today()));
        assertThat(stored(old)).isFalse();
        assertThat(stored(young)).isTrue();
    }

    @Test
    void a_month_stays_until_its_last_day_is_old_enough() {
        var keep = Duration.between(Instant.parse("2019-02-28T23:00:00Z"), Instant.now());

        keeping(keep).dropOld();

        assertThat(parts()).contains("callback_2019_02");
    }

    @Test
    void a_month_with_a_delivery_about_a_payment_that_is_parked_stays() {
        var outTradeNo = till.opened("wechat");
        log(Outcome.LATE, outTradeNo, "2019-02-15T12:00:00Z");
        become(outTradeNo, "PARKED");

        months.dropOld();
        assertThat(parts()).contains("callback_2019_02").doesNotContain("callback_2019_03");

        become(outTradeNo, "SUCCEEDED");
        months.dropOld();
        assertThat(parts()).doesNotContain("callback_2019_02");
    }

    @Test
    void a_month_with_a_quarantined_delivery_about_a_payment_that_is_not_booked_stays() {
        var outTradeNo = till.opened("wechat");
        log(Outcome.MISMATCH, outTradeNo, "2019-02-15T12:00:00Z");

        months.dropOld();
        assertThat(parts()).contains("callback_2019_02").doesNotContain("callback_2019_03");

        become(outTradeNo, "SUCCEEDED");
        months.dropOld();
        assertThat(parts()).doesNotContain("callback_2019_02");
    }

    @Test
    void the_last_month_cannot_be_dropped_by_any_setting() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keeping(Duration.ofDays(30)))
                .withMessageContaining("tallyhook.callbacks.keep");
        assertThatThrownBy(() -> jdbc.sql("SELECT payment.drop_callback_months(now() - interval '29 days')")
                        .query(String.class)
                        .list())
                .isInstanceOf(UncategorizedSQLException.class)
                .hasMessageContaining("cannot be dropped");
    }

    @Test
    void the_role_of_the_application_makes_and_drops_months_and_can_delete_no_delivery() {
        RuntimeRole.of("payment").does(transaction, jdbc, () -> {
            assertThat(months.make(OLD.plusMonths(1))).isEqualTo(1);
            months.dropOld();
            assertThat(parts()).doesNotContain("callback_2019_02");
            assertThatThrownBy(() -> jdbc.sql("DELETE FROM payment.callback").update())
                    .rootCause()
                    .hasMessageContaining("permission denied");
        });
    }

    @Test
    void a_month_that_somebody_reads_is_left_alone_for_now_and_keeps_nobody_waiting() {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("LOCK TABLE payment.callback_2019_02 IN ACCESS SHARE MODE").update();

            var elsewhere = new TransactionTemplate(
                    transactions, new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
            assertThatThrownBy(() -> elsewhere.executeWithoutResult(other -> months.dropOld()))
                    .isInstanceOf(DataAccessException.class)
                    .hasMessageContaining("lock timeout");
        });
    }

    private CallbackMonths keeping(Duration keep) {
        var settings = new CallbackSettings(
                DataSize.ofKilobytes(256), Duration.ofSeconds(10), 60, DataSize.ofMegabytes(1), 1000, keep);
        return new CallbackMonths(jdbc, settings, metrics, Clock.systemUTC());
    }

    private UUID log(Outcome outcome, @Nullable String outTradeNo, String at) {
        var delivery =
                new Delivery(UUID.randomUUID(), Instant.parse(at), "wechat", "main", Map.of(), new byte[] {1, 2});
        callbackLog.append(
                List.of(new CallbackLog.Line(delivery, outcome, null, outTradeNo, null, null, List.of(), 200, 1)));
        return delivery.id();
    }

    private void become(String outTradeNo, String fulfilment) {
        jdbc.sql("""
                        UPDATE payment.payment
                        SET state = 'PAID', fulfilment = :fulfilment, due_at = NULL,
                            fulfilment_reason = CASE WHEN :fulfilment = 'PARKED' THEN 'LATE' END,
                            provider_transaction_id = 'T', paid_at = coalesce(paid_at, now())
                        WHERE out_trade_no = :outTradeNo
                        """)
                .param("fulfilment", fulfilment)
                .param("outTradeNo", outTradeNo)
                .update();
    }

    private List<String> parts() {
        return jdbc.sql("""
                        SELECT replace(inhrelid::regclass::text, 'payment.', '')
                        FROM pg_inherits WHERE inhparent = 'payment.callback'::regclass
                        """).query((row, number) -> row.getString(1)).list();
    }

    private String partOf(UUID id) {
        return jdbc.sql("SELECT replace(tableoid::regclass::text, 'payment.', '') FROM payment.callback WHERE id = :id")
                .param("id", id)
                .query(String.class)
                .single();
    }

    private boolean stored(UUID id) {
        return jdbc.sql("SELECT count(*) > 0 FROM payment.callback WHERE id = :id")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    private int ready() {
        return (int) metrics.get("tallyhook.callbacks.next.month.ready").gauge().value();
    }

    private static LocalDate today() {
        return LocalDate.now(Clock.systemUTC());
    }

    private static String part(LocalDate day) {
        return "callback_%d_%02d".formatted(day.getYear(), day.getMonthValue());
    }
}
