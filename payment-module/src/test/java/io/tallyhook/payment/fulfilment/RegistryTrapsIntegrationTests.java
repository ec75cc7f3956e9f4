package io.tallyhook.payment.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.ConfirmPayments;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.booking.IntakeUnavailable;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.EventPublication;
import org.springframework.modulith.events.core.DefaultEventPublicationRegistry;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.WeChatNotification;

/** The traps of the registry of events in Spring Modulith 2.1.1, each tried: none costs a payment. */
@PaymentModuleTest
class RegistryTrapsIntegrationTests {

    private final ConfirmPayments confirmPayments;
    private final Intake intake;
    private final RegistryCleaning cleaning;
    private final DefaultEventPublicationRegistry registry;
    private final Door door;
    private final Till till;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    RegistryTrapsIntegrationTests(
            ConfirmPayments confirmPayments,
            Intake intake,
            RegistryCleaning cleaning,
            DefaultEventPublicationRegistry registry,
            Door door,
            Till till,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.confirmPayments = confirmPayments;
        this.intake = intake;
        this.cleaning = cleaning;
        this.registry = registry;
        this.door = door;
        this.till = till;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @AfterEach
    void noStrangeRows() {
        jdbc.sql("DELETE FROM event_publication WHERE serialized_event LIKE '%strange%'")
                .update();
    }

    /** An event without a transaction is stored and never heard. */
    @Test
    void nothing_is_booked_or_told_without_a_transaction() {
        var outTradeNo = till.opened("bank");

        assertThatThrownBy(() -> confirmPayments.book(List.of(paid(outTradeNo)), decisions -> {}))
                .isInstanceOf(IllegalTransactionStateException.class);

        assertThat(rows(outTradeNo)).isZero();
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    /** An event of a transaction that is rolled back stays in the registry's memory for ever. */
    @Test
    void what_fails_before_the_commit_was_told_to_nobody_and_fills_no_memory() {
        var outTradeNo = till.opened("bank");

        assertThatThrownBy(() -> intake.book(paid(outTradeNo), "", group -> {
                    throw new IllegalStateException("the log is full");
                }))
                .isInstanceOf(IntakeUnavailable.class);

        assertThat(remembered(outTradeNo)).isZero();
        assertThat(rows(outTradeNo)).isZero();
        assertThat(till.listener().heardOf(outTradeNo)).isZero();
    }

    /** The trap itself. Once this fails, a newer version forgets such events, and the order above matters less. */
    @Test
    void what_is_rolled_back_after_it_was_told_stays_in_the_memory_of_the_registry() {
        var outTradeNo = till.opened("bank");

        transaction.executeWithoutResult(status -> {
            confirmPayments.book(List.of(paid(outTradeNo)), decisions -> {});
            status.setRollbackOnly();
        });

        assertThat(remembered(outTradeNo)).isEqualTo(1);
        assertThat(rows(outTradeNo)).isZero();
        assertThat(till.listener().heardOf(outTradeNo)).isZero();
    }

    @Test
    void what_was_handed_out_is_remembered_by_nobody() {
        var outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, 1999));
        till.settled(outTradeNo);

        await().atMost(Duration.ofSeconds(30)).until(() -> rows(outTradeNo) == 0 && remembered(outTradeNo) == 0);
    }

    /** A row that died while it was published again is claimed by nobody, nor is one without a status. */
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"PUBLISHED", "PROCESSING", "FAILED", "RESUBMITTED", "COMPLETED"})
    void a_row_in_whatever_state_is_thrown_away_after_an_hour(@Nullable String status) {
        strange(status, "io.tallyhook.payment.PaymentsConfirmed");
        assertThat(rows("strange")).isEqualTo(1);

        cleaning.clean();

        assertThat(rows("strange")).isZero();
    }

    /** Rows of a class that does not exist any more are skipped for ever. */
    @Test
    void a_row_of_an_event_that_does_not_exist_any_more_keeps_nobody_waiting_and_is_thrown_away() {
        strange("PUBLISHED", "io.tallyhook.payment.PaymentsAccepted");
        var outTradeNo = till.opened("wechat");

        assertThat(door.send(WeChatNotification.paid(outTradeNo, 1999)).statusCode())
                .isEqualTo(200);

        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        cleaning.clean();
        assertThat(rows("strange")).isZero();
    }

    private void strange(@Nullable String status, String type) {
        jdbc.sql("""
                        INSERT INTO event_publication
                          (id, listener_id, event_type, serialized_event, publication_date, status)
                        VALUES (:id::uuid, 'goods.gone', :type, '{"strange": true}', now() - interval '2 h', :status)
                        """)
                .param("id", UUID.randomUUID().toString())
                .param("type", type)
                .param("status", status)
                .update();
    }

    private int rows(String text) {
        return jdbc.sql("SELECT count(*) FROM event_publication WHERE serialized_event LIKE :text")
                .param("text", "%" + text + "%")
                .query(Integer.class)
                .single();
    }

    private long remembered(String outTradeNo) {
        var inProgress = (Iterable<?>) Objects.requireNonNull(ReflectionTestUtils.getField(registry, "inProgress"));
        return StreamSupport.stream(inProgress.spliterator(), false)
                .filter(publication ->
                        ((EventPublication) publication).getEvent().toString().contains(outTradeNo))
                .count();
    }

    private static Booking paid(String outTradeNo) {
        var nobody = new Claim(Map.of());
        return new Booking(
                "bank",
                "main",
                nobody,
                new Fact.Paid(outTradeNo, nobody, "B" + outTradeNo, Money.fen(1999), Instant.now()));
    }
}
