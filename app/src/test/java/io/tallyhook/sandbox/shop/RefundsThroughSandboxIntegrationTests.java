package io.tallyhook.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.sandbox.simulator.Misbehaviour;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import io.tallyhook.sandbox.simulator.SimulatedProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Refunds through the sandbox: our calls by real HTTP, its callbacks to our own address. Of late payments, which were not
 * handed out, so that no module has a say.
 */
class RefundsThroughSandboxIntegrationTests extends WholeApplication {

    @Autowired
    private ProviderSimulator simulator;

    @Autowired
    private io.tallyhook.payment.Payments payments;

    @Autowired
    private Refunds refunds;

    private final String refundNo = "R" + UUID.randomUUID().toString().substring(0, 23);

    @ParameterizedTest
    @CsvSource({"WECHAT, native", "ALIPAY, precreate"})
    void what_is_asked_for_goes_back_and_the_payment_knows(SimulatedProvider provider, String method) {
        var outTradeNo = late(provider, method);

        ask(outTradeNo, 700);

        assertThat(ended(outTradeNo).state()).isEqualTo("SUCCEEDED");
        var payment = payments.get(outTradeNo);
        assertThat(payment.state()).isEqualTo(PaymentState.PARTIALLY_REFUNDED);
        assertThat(payment.refundedAmount()).isEqualTo(700);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(simulator.order(provider, outTradeNo).orElseThrow().refunded())
                .isEqualTo(700);
    }

    @ParameterizedTest
    @CsvSource({"WECHAT, native", "ALIPAY, precreate"})
    void what_the_provider_refuses_leaves_everything_as_it_was(SimulatedProvider provider, String method) {
        var outTradeNo = late(provider, method);
        assertThat(simulator.misbehave(provider, outTradeNo, Misbehaviour.REFUND_FAILS))
                .isTrue();

        ask(outTradeNo, 1999);

        assertThat(ended(outTradeNo).state()).isEqualTo("FAILED");
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        assertThat(payments.get(outTradeNo).fulfilmentReason()).isEqualTo(ParkingReason.LATE);
        assertThat(simulator.order(provider, outTradeNo).orElseThrow().refunded())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"WECHAT, native", "ALIPAY, precreate"})
    void what_was_done_though_the_answer_was_an_error_is_found_out(SimulatedProvider provider, String method) {
        var outTradeNo = late(provider, method);
        assertThat(simulator.misbehave(provider, outTradeNo, Misbehaviour.REFUND_UNCLEAR))
                .isTrue();

        ask(outTradeNo, 1999);

        assertThat(ended(outTradeNo).state()).isEqualTo("SUCCEEDED");
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(payments.get(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.CANCELLED);
        assertThat(simulator.order(provider, outTradeNo).orElseThrow().refunded())
                .isEqualTo(1999);
    }

    private void ask(String outTradeNo, long fen) {
        refunds.request(new RefundRequest(outTradeNo, refundNo, fen, "太大了", "a test"));
    }

    private Refund ended(String outTradeNo) {
        await().atMost(Duration.ofSeconds(90)).until(() -> {
            var refund = refunds.get(outTradeNo, refundNo);
            return !refund.isUnderWay() && refund.nextUnwindAt() == null;
        });
        return refunds.get(outTradeNo, refundNo);
    }

    private String late(SimulatedProvider provider, String method) {
        var request = new PaymentRequest(
                new Purpose("GOODS"),
                "O-" + refundNo,
                new UserId("u-refunds"),
                Money.fen(1999),
                "Tea",
                new PaymentRequest.Channel(provider.id(), "sandbox", method, null, Map.of()));
        var outTradeNo = payments.open(RequestId.fresh(Clock.systemUTC()), request, () -> {})
                .outTradeNo();
        payments.close(outTradeNo);
        assertThat(simulator.misbehave(provider, outTradeNo, Misbehaviour.LATE)).isTrue();
        await().atMost(Duration.ofSeconds(60)).until(() -> paidLate(payments.get(outTradeNo)));
        return outTradeNo;
    }

    private static boolean paidLate(Payment payment) {
        return payment.fulfilmentReason() == ParkingReason.LATE;
    }
}
