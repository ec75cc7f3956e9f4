package io.tallyhook.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tallyhook.orders.OrderItem;
import io.tallyhook.orders.OrderState;
import io.tallyhook.orders.Orders;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.board.Board;
import io.tallyhook.payment.board.BoardFilter;
import io.tallyhook.payment.board.BoardLine;
import io.tallyhook.payment.release.Release;
import io.tallyhook.payment.release.Releases;
import io.tallyhook.sandbox.simulator.Attempt;
import io.tallyhook.sandbox.simulator.Misbehaviour;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import io.tallyhook.sandbox.simulator.SimulatedProvider;
import io.tallyhook.wallet.Wallets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Another amount than was ordered arrives over HTTP, is quarantined, two people release it, and what was received goes back over
 * HTTP: the provider's books, ours and the module's agree at every step.
 */
class OtherAmountsThroughSandboxIntegrationTests extends WholeApplication {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long ORDERED = 1999;
    private static final long RECEIVED = 2000;

    @Autowired
    private ProviderSimulator simulator;

    @Autowired
    private io.tallyhook.payment.Payments payments;

    @Autowired
    private Orders orders;

    @Autowired
    private Refunds refunds;

    @Autowired
    private Wallets wallets;

    @Autowired
    private Board board;

    @Autowired
    private Releases releases;

    private final UserId user = new UserId("u-" + UUID.randomUUID());

    @ParameterizedTest
    @CsvSource({"WECHAT, native", "ALIPAY, precreate"})
    void what_is_released_to_go_back_arrives_at_the_payer_and_the_order_waits_for_money(
            SimulatedProvider provider, String method) {
        var payment = quarantined(provider, method);

        released(payment, Release.Action.REFUND);

        await().atMost(PATIENCE).until(() -> now(payment).state() == PaymentState.REFUNDED);
        assertThat(now(payment).fulfilment()).isEqualTo(FulfilmentState.CANCELLED);
        assertThat(givenBack(provider, payment)).isEqualTo(RECEIVED);
        assertThat(orders.get(payment.reference()).state()).isEqualTo(OrderState.AWAITING_PAYMENT);
        isHeard(payment);
    }

    @ParameterizedTest
    @CsvSource({"WECHAT, native", "ALIPAY, precreate"})
    void what_is_accepted_pays_its_order_and_goes_back_with_its_last_fen_and_no_more(
            SimulatedProvider provider, String method) {
        var payment = quarantined(provider, method);

        released(payment, Release.Action.REOPEN);

        await().atMost(PATIENCE).until(() -> now(payment).fulfilment() == FulfilmentState.SUCCEEDED);
        assertThat(orders.get(payment.reference()).state()).isEqualTo(OrderState.PAID);
        assertThatThrownBy(() -> askBack(payment, RECEIVED + 1)).isInstanceOf(Refusal.class);
        askBack(payment, RECEIVED);
        await().atMost(PATIENCE).until(() -> now(payment).state() == PaymentState.REFUNDED);
        assertThat(givenBack(provider, payment)).isEqualTo(RECEIVED);
        assertThat(orders.get(payment.reference()).state()).isEqualTo(OrderState.REFUNDED);
        isHeard(payment);
    }

    @ParameterizedTest
    @CsvSource({"WECHAT, native", "ALIPAY, precreate"})
    void what_is_credited_is_balance_and_goes_back_out_of_the_wallet(SimulatedProvider provider, String method) {
        var payment = quarantined(provider, method);

        released(payment, Release.Action.CREDIT_TO_WALLET);

        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(RECEIVED));
        assertThat(orders.get(payment.reference()).state()).isEqualTo(OrderState.AWAITING_PAYMENT);
        askBack(payment, RECEIVED);
        await().atMost(PATIENCE).until(() -> now(payment).fulfilment() == FulfilmentState.REVERSED);
        assertThat(givenBack(provider, payment)).isEqualTo(RECEIVED);
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(0));
        assertThat(wallets.proof().holds()).isTrue();
        isHeard(payment);
    }

    /** What one person wants is not enough, and until then the provider's money moves nothing here. */
    private Payment quarantined(SimulatedProvider provider, String method) {
        var payment = attempt(provider, method);
        assertThat(simulator.misbehave(provider, payment.outTradeNo(), Misbehaviour.WRONG_AMOUNT))
                .isTrue();
        await().atMost(PATIENCE).until(() -> !lines(payment).isEmpty());
        assertThat(simulator.attempts(payment.outTradeNo())).noneMatch(Attempt::accepted);
        assertThat(now(payment).state()).isEqualTo(PaymentState.PENDING);
        assertThat(givenBack(provider, payment)).isZero();
        return payment;
    }

    private void released(Payment payment, Release.Action action) {
        var delivery = String.valueOf(lines(payment).getFirst().callbackId());
        var proposal = releases.propose(delivery, action, "a fen too much", "ming");
        assertThatThrownBy(() -> releases.confirm(proposal.id(), "ming")).isInstanceOf(Refusal.class);
        assertThat(now(payment).state()).isEqualTo(PaymentState.PENDING);
        releases.confirm(proposal.id(), "hong");
        assertThat(now(payment).received()).isEqualTo(Money.fen(RECEIVED));
    }

    /** The provider told of it until it was released, and rests then. */
    private void isHeard(Payment payment) {
        await().atMost(PATIENCE)
                .until(() -> simulator.attempts(payment.outTradeNo()).stream().anyMatch(Attempt::accepted));
        assertThat(lines(payment)).isEmpty();
    }

    private void askBack(Payment payment, long fen) {
        refunds.request(new RefundRequest(payment.outTradeNo(), fresh().number('F'), fen, "sent back", "ming"));
    }

    private Payment attempt(SimulatedProvider provider, String method) {
        var item = new OrderItem("TEA-1", "Tea pot", 1, Money.fen(ORDERED));
        var order = orders.place(fresh(), user, List.of(item));
        var channel = new PaymentRequest.Channel(provider.id(), "sandbox", method, null, Map.of());
        return orders.pay(fresh(), order.orderNo(), channel);
    }

    private long givenBack(SimulatedProvider provider, Payment payment) {
        return simulator.order(provider, payment.outTradeNo()).orElseThrow().refunded();
    }

    private Payment now(Payment payment) {
        return payments.get(payment.outTradeNo());
    }

    private List<BoardLine> lines(Payment payment) {
        return board.lines(BoardFilter.of(payment.outTradeNo()), new Paging(10, null))
                .items();
    }

    private static RequestId fresh() {
        return RequestId.fresh(Clock.systemUTC());
    }
}
