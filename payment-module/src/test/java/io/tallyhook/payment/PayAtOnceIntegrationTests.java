package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.fulfilment.Sweep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.WeChatNotification;

/** What is paid at once: the money taken and the payment paid, or neither. */
@PaymentModuleTest
class PayAtOnceIntegrationTests {

    private static final Runnable PAYABLE = () -> {};

    private final Payments payments;
    private final Purse purse;
    private final GoodsListener listener;
    private final Sweep sweep;
    private final Till till;
    private final Door door;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private RequestId id = RequestId.fresh(Clock.systemUTC());
    private PaymentRequest request = Till.request(atOnce(null));

    PayAtOnceIntegrationTests(
            Payments payments,
            Purse purse,
            GoodsListener listener,
            Sweep sweep,
            Till till,
            Door door,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.payments = payments;
        this.purse = purse;
        this.listener = listener;
        this.sweep = sweep;
        this.till = till;
        this.door = door;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @BeforeEach
    void anotherRequestOfSomebodyWithMoney() {
        id = RequestId.fresh(Clock.systemUTC());
        request = Till.request(atOnce(null));
        purse.fill(request.userId(), 5000);
    }

    @AfterEach
    void everythingIsFineAgain() {
        purse.calmDown();
        listener.recover();
    }

    @Test
    void it_is_paid_on_return_and_handed_out_like_any_other() {
        var payment = payments.open(id, request, PAYABLE);

        assertThat(payment.outTradeNo()).isEqualTo(id.number('P'));
        assertThat(payment.state()).isEqualTo(PaymentState.PAID);
        assertThat(payment.provider()).isEqualTo("wallet");
        assertThat(payment.account()).isEqualTo("main");
        assertThat(payment.method()).isEqualTo("balance");
        assertThat(payment.providerTransactionId()).isEqualTo("J-" + payment.outTradeNo());
        assertThat(payment.paidAt()).isAfterOrEqualTo(payment.createdAt()).isBefore(Instant.now());
        assertThat(payment.expiresAt()).isNull();
        assertThat(payment.payParams()).isEmpty();
        assertThat(purse.balance(request.userId())).isEqualTo(3001);
        assertThat(till.settled(payment.outTradeNo()).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(payment.outTradeNo())).isEqualTo(1);
    }

    @Test
    void its_module_is_told_exactly_what_stands_in_the_payment() {
        var payment = payments.open(id, request, PAYABLE);
        till.settled(payment.outTradeNo());

        var heard = listener.heard().stream()
                .flatMap(event -> event.payments().stream())
                .filter(one -> one.outTradeNo().equals(payment.outTradeNo()))
                .toList();
        assertThat(heard).containsExactly(till.confirmed(payment.outTradeNo()));
        assertThat(heard.getFirst().paidAt())
                .isEqualTo(heard.getFirst().paidAt().truncatedTo(ChronoUnit.MICROS));
    }

    @Test
    void if_its_listener_dies_the_sweep_brings_it_back() {
        listener.dieOn(id.number('P'));
        var outTradeNo = payments.open(id, request, PAYABLE).outTradeNo();
        await().until(() -> listener.heardOf(outTradeNo) == 1);
        assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PENDING);
        assertThat(till.payment(outTradeNo).nextAttemptAt())
                .isBetween(Instant.now().plusSeconds(5), Instant.now().plusSeconds(15));

        listener.recover();
        till.leaseEnds(outTradeNo);
        sweep.handOut(outTradeNo);

        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
    }

    @Test
    void a_term_is_kept_by_paying_at_once() {
        var channel = new PaymentRequest.Channel("wallet", "main", "balance", Duration.ofMinutes(1), Map.of());

        var payment = payments.open(id, request.through(channel), PAYABLE);

        assertThat(payment.state()).isEqualTo(PaymentState.PAID);
        assertThat(payment.expiresAt()).isNull();
    }

    @Test
    void too_little_is_a_conflict_that_leaves_no_payment_and_takes_nothing() {
        purse.fill(request.userId(), 1998);

        var refusal = refusal(request);

        assertThat(refusal.status().value()).isEqualTo(409);
        assertThat(refusal.type()).isEqualTo("insufficient-balance");
        assertThat(payments.of(request.purpose(), request.reference())).isEmpty();
        assertThat(purse.balance(request.userId())).isEqualTo(1998);
        assertThat(listener.heardOf(id.number('P'))).isZero();
    }

    /** The module keeps its refusal in the same transaction, which therefore commits. */
    @Test
    void what_was_declined_once_stays_declined_for_the_same_request() {
        purse.fill(request.userId(), 0);
        refusal(request);
        assertThat(purse.answered(id.number('P'))).isTrue();
        purse.fill(request.userId(), 5000);

        assertThat(refusal(request).type()).isEqualTo("insufficient-balance");

        assertThat(purse.balance(request.userId())).isEqualTo(5000);
        assertThat(payments.open(RequestId.fresh(Clock.systemUTC()), request, PAYABLE)
                        .state())
                .isEqualTo(PaymentState.PAID);
    }

    @Test
    void what_is_not_payable_takes_nothing_and_leaves_nothing() {
        assertThatThrownBy(() -> payments.open(id, request, () -> {
                    throw Refusal.conflict("order-not-payable", "cancelled");
                }))
                .hasMessage("cancelled");

        assertNothingHappened();
    }

    /** Else it could be cancelled between the look and the taking. */
    @Test
    void the_guard_and_the_taking_are_one_transaction_the_guard_first() {
        var transactions = new StringBuilder();
        Runnable guard = () -> transactions.append(transactionId());
        purse.afterwards(outTradeNo -> transactions.append(" = ").append(transactionId()));

        payments.open(id, request, guard);

        assertThat(transactions.toString()).matches("(\\d+) = \\1");
        assertThat(jdbc.sql("SELECT xmin::text FROM purse_answer WHERE out_trade_no = :outTradeNo")
                        .param("outTradeNo", id.number('P'))
                        .query(String.class)
                        .single())
                .isEqualTo(transactions.toString().split(" ")[0]);
    }

    @Test
    void if_taking_throws_nothing_is_taken() {
        purse.afterwards(outTradeNo -> {
            throw new IllegalStateException("a bug");
        });

        assertThatThrownBy(() -> payments.open(id, request, PAYABLE)).hasMessage("a bug");

        assertNothingHappened();
    }

    /** c18: whatever dies between the taking and the commit, neither is there, and the same request pays once. */
    @Test
    void if_the_database_is_lost_after_the_taking_neither_is_there_and_the_repeat_pays_once() {
        purse.afterwards(outTradeNo -> jdbc.sql("SELECT pg_terminate_backend(pg_backend_pid())")
                .query(Boolean.class)
                .single());
        assertThatThrownBy(() -> payments.open(id, request, PAYABLE)).isNotInstanceOf(Refusal.class);
        assertNothingHappened();
        purse.calmDown();

        assertThat(payments.open(id, request, PAYABLE).state()).isEqualTo(PaymentState.PAID);

        assertThat(purse.balance(request.userId())).isEqualTo(3001);
    }

    /** The answer was lost on its way, and meanwhile what it paid for is not payable any more. */
    @Test
    void the_same_request_again_finds_it_paid_and_asks_nobody() {
        var first = payments.open(id, request, PAYABLE);
        till.settled(first.outTradeNo());

        var again = payments.open(id, request, () -> {
            throw new AssertionError("it is paid already");
        });

        assertThat(again).isEqualTo(till.payment(first.outTradeNo()));
        assertThat(again.state()).isEqualTo(PaymentState.PAID);
        assertThat(purse.balance(request.userId())).isEqualTo(3001);
        assertThat(listener.heardOf(first.outTradeNo())).isEqualTo(1);
    }

    @Test
    void it_cannot_be_closed() {
        var outTradeNo = payments.open(id, request, PAYABLE).outTradeNo();

        var refusal = catchThrowableOfType(Refusal.class, () -> payments.close(outTradeNo));

        assertThat(refusal.status().value()).isEqualTo(409);
        assertThat(refusal.type()).isEqualTo("payment-already-paid");
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PAID);
    }

    /** A genuine message of a real provider that names a payment from the balance. */
    @Test
    void no_callback_can_touch_it() {
        var payment = till.settled(payments.open(id, request, PAYABLE).outTradeNo());

        var paid = door.send(WeChatNotification.paid(payment.outTradeNo(), 1999));
        var refunded = door.send(WeChatNotification.refunded(payment.outTradeNo(), "R-1", 1999, 1999));

        assertThat(paid.statusCode()).isEqualTo(400);
        assertThat(refunded.statusCode()).isEqualTo(400);
        assertThat(payments.get(payment.outTradeNo())).isEqualTo(payment);
    }

    @Test
    void it_is_found_like_any_other() {
        var payment = till.settled(payments.open(id, request, PAYABLE).outTradeNo());

        assertThat(payments.search(
                                new PaymentFilter(
                                        null,
                                        PaymentState.PAID,
                                        null,
                                        null,
                                        "wallet",
                                        request.userId().value(),
                                        null,
                                        null,
                                        null),
                                Paging.of(null, null))
                        .items())
                .containsExactly(payment);
        assertThat(payments.search(
                                new PaymentFilter(
                                        payment.providerTransactionId(),
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null),
                                Paging.of(null, null))
                        .items())
                .containsExactly(payment);
    }

    /** Balances are spent in the sandbox too; what marks a database as live is money from outside. */
    @Test
    void it_is_no_payment_at_anybodys_account() {
        payments.open(id, request, PAYABLE);
        till.opened("bank");

        transaction.executeWithoutResult(status -> {
            status.setRollbackOnly();
            assertThat(payments.anyOutsideAccount("sandbox")).isTrue();
            // Whatever refers to them, for a moment.
            jdbc.sql("SET LOCAL session_replication_role = replica").update();
            jdbc.sql("DELETE FROM payment.payment WHERE provider <> 'wallet'").update();
            assertThat(payments.anyOutsideAccount("sandbox")).isFalse();
        });
    }

    @Test
    void it_cannot_be_done_in_a_transaction() {
        assertThatThrownBy(() -> transaction.execute(status -> payments.open(id, request, PAYABLE)))
                .isInstanceOf(IllegalStateException.class);

        assertNothingHappened();
    }

    private void assertNothingHappened() {
        assertThat(payments.find(id.number('P'))).isEmpty();
        assertThat(purse.answered(id.number('P'))).isFalse();
        assertThat(purse.balance(request.userId())).isEqualTo(5000);
        assertThat(listener.heardOf(id.number('P'))).isZero();
    }

    private String transactionId() {
        return jdbc.sql("SELECT pg_current_xact_id()::text").query(String.class).single();
    }

    private Refusal refusal(PaymentRequest refused) {
        return catchThrowableOfType(Refusal.class, () -> payments.open(id, refused, PAYABLE));
    }

    private static PaymentRequest.Channel atOnce(@Nullable String account) {
        return new PaymentRequest.Channel("wallet", account, "balance", null, Map.of());
    }
}
