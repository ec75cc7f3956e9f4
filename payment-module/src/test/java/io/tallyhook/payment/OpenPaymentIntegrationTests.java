package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.Payer;

@PaymentModuleTest
class OpenPaymentIntegrationTests {

    private static final Runnable PAYABLE = () -> {};

    private final Payments payments;
    private final MoodyBank bank;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private RequestId id = RequestId.fresh(Clock.systemUTC());
    private PaymentRequest request = Till.atTheBank();

    OpenPaymentIntegrationTests(
            Payments payments, MoodyBank bank, JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.payments = payments;
        this.bank = bank;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @BeforeEach
    void anotherRequest() {
        id = RequestId.fresh(Clock.systemUTC());
        request = Till.atTheBank();
    }

    @BeforeEach
    @AfterEach
    void aCalmBank() {
        bank.calmDown();
    }

    @Test
    void a_payment_is_booked_and_then_ordered_with_what_was_booked() {
        var payment = payments.open(id, request, PAYABLE);

        assertThat(payment.outTradeNo()).isEqualTo(id.number('P'));
        assertThat(payment.state()).isEqualTo(PaymentState.PENDING);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.NONE);
        assertThat(payment.amount()).isEqualTo(Money.fen(1999));
        assertThat(payment.payParams()).containsOnlyKeys("ticket");
        assertThat(Duration.between(payment.createdAt(), payment.expiresAt())).isEqualTo(Duration.ofHours(2));
        assertThat(payments.of(request.purpose(), request.reference())).containsExactly(payment);
    }

    @Test
    void external_calls_nobody_and_has_no_end_unless_one_is_given() {
        var external = Till.request(Payer.by("external"));
        var within =
                Till.request(new PaymentRequest.Channel("bank", "main", "external", Duration.ofMinutes(1), Map.of()));

        assertThat(payments.open(id, external, PAYABLE).expiresAt()).isNull();
        assertThat(payments.open(RequestId.fresh(Clock.systemUTC()), within, PAYABLE)
                        .expiresAt())
                .isNotNull();
        assertThat(bank.calls()).isEmpty();
    }

    @Test
    void the_same_request_again_opens_and_orders_nothing_more() {
        var first = payments.open(id, request, PAYABLE);
        var again = payments.open(id, request, () -> {
            throw new AssertionError("it is opened already");
        });

        assertThat(again).isEqualTo(first);
        assertThat(bank.calls()).containsExactly("prepare " + first.outTradeNo());
        assertThat(payments.of(request.purpose(), request.reference())).hasSize(1);
    }

    @Test
    void the_same_request_many_times_at_once_opens_one_payment() throws Exception {
        var gate = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<Payment>>();
            for (int i = 0; i < 10; i++) {
                all.add(threads.submit(() -> {
                    gate.await();
                    return payments.open(id, request, PAYABLE);
                }));
            }
            gate.countDown();
            for (var one : all) {
                assertThat(one.get(10, TimeUnit.SECONDS).outTradeNo()).isEqualTo(id.number('P'));
            }
        }
        assertThat(payments.of(request.purpose(), request.reference())).hasSize(1);
    }

    /** c18 and a process that dies between the booking and the provider's answer. */
    @Test
    void after_a_crash_the_same_request_goes_on_where_the_first_try_died() {
        bank.onPrepare(order -> {
            assertThat(payments.get(order.outTradeNo()).state())
                    .as("committed before")
                    .isEqualTo(PaymentState.PENDING);
            throw new IllegalStateException("killed");
        });
        assertThatThrownBy(() -> payments.open(id, request, PAYABLE)).hasMessage("killed");
        assertThat(payments.get(id.number('P')).payParams()).isEmpty();
        bank.calmDown();

        var payment = payments.open(id, request, PAYABLE);

        assertThat(payment.payParams()).containsOnlyKeys("ticket");
        assertThat(payments.of(request.purpose(), request.reference())).hasSize(1);
    }

    @Test
    void a_definite_refusal_closes_the_payment_and_its_repeat_does_not_look_opened() {
        bank.onPrepare(order -> {
            throw new ProviderRefused("NO_CREDIT", "no credit");
        });

        var refusal = refusal(() -> payments.open(id, request, PAYABLE));
        assertThat(refusal.status().value()).isEqualTo(502);
        assertThat(refusal.type()).isEqualTo("provider-refused");
        assertThat(refusal.properties())
                .containsEntry("outTradeNo", id.number('P'))
                .containsEntry("providerCode", "NO_CREDIT");
        assertThat(payments.get(id.number('P')).state()).isEqualTo(PaymentState.CLOSED);

        var again = refusal(() -> payments.open(id, request, PAYABLE));
        assertThat(again.status().value()).isEqualTo(409);
        assertThat(again.type()).isEqualTo("payment-closed");
        assertThat(bank.calls()).hasSize(1);
    }

    @Test
    void an_unclear_answer_leaves_it_pending_and_the_same_request_tries_again() {
        bank.onPrepare(order -> {
            throw new ProviderUnclear("timeout", null);
        });

        var refusal = refusal(() -> payments.open(id, request, PAYABLE));
        assertThat(refusal.status().value()).isEqualTo(504);
        assertThat(refusal.properties()).containsEntry("outTradeNo", id.number('P'));
        assertThat(payments.get(id.number('P')).state()).isEqualTo(PaymentState.PENDING);
        assertThat(payments.get(id.number('P')).payParams()).isEmpty();
        bank.onPrepare(order -> Map.of("ticket", "second"));

        assertThat(payments.open(id, request, PAYABLE).payParams()).containsEntry("ticket", "second");
    }

    @Test
    void what_is_not_payable_any_more_leaves_no_payment() {
        assertThatThrownBy(() -> payments.open(id, request, () -> {
                    throw Refusal.conflict("order-already-paid", "paid");
                }))
                .isInstanceOf(Refusal.class);

        assertThat(payments.find(id.number('P'))).isEmpty();
        assertThat(bank.calls()).isEmpty();
    }

    @Test
    void the_guard_runs_in_the_transaction_that_books_the_payment() {
        var seen = new AtomicInteger();
        payments.open(
                id,
                request,
                () -> seen.set(jdbc.sql(
                                "SELECT count(*) FROM payment.payment WHERE out_trade_no = :outTradeNo AND xmin::text = (pg_current_xact_id()::text::bigint % 4294967296)::text")
                        .param("outTradeNo", id.number('P'))
                        .query(Integer.class)
                        .single()));

        assertThat(seen).hasValue(1);
    }

    @Test
    void what_cannot_be_chosen_is_named_with_what_can() {
        for (var wrong : List.of(
                new Wrong("nobody", "main", "external", "provider must be one of alipay, bank, wallet, wechat."),
                new Wrong(
                        "wechat", "nobody", "external", "account must be one of asked, main, noisy, shop-2 at wechat."),
                new Wrong("bank", "main", "cheque", "method must be one of external, till at bank."))) {
            var channel = new PaymentRequest.Channel(wrong.provider(), wrong.account(), wrong.method(), null, Map.of());
            var refusal = refusal(() -> payments.open(id, Till.request(channel), PAYABLE));
            assertThat(refusal.status().value()).isEqualTo(400);
            assertThat(refusal.detail()).isEqualTo(wrong.message());
        }
        assertThat(payments.find(id.number('P'))).isEmpty();
    }

    private record Wrong(String provider, String account, String method, String message) {}

    @Test
    void external_has_no_fields_of_its_own() {
        var channel = new PaymentRequest.Channel("bank", "main", "external", null, Map.of("openid", "o1"));

        assertThat(refusal(() -> payments.open(id, Till.request(channel), PAYABLE))
                        .detail())
                .isEqualTo("openid is unknown to the method external.");
    }

    @Test
    void a_purpose_that_no_module_declares_is_a_bug_of_the_caller() {
        var undeclared = new PaymentRequest(
                new Purpose("SECRET"), "X1", new UserId("u1"), Money.fen(1), "?", Payer.by("external"));

        assertThatThrownBy(() -> payments.open(id, undeclared, PAYABLE)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Nothing remote inside a transaction. */
    @Test
    void it_cannot_be_done_in_a_transaction() {
        assertThatThrownBy(() -> transaction.execute(status -> payments.open(id, request, PAYABLE)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(bank.calls()).isEmpty();
        assertThat(payments.find(id.number('P'))).isEmpty();
    }

    private static Refusal refusal(Runnable call) {
        return catchThrowableOfType(Refusal.class, call::run);
    }
}
