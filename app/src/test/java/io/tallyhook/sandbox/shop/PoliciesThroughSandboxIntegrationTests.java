package io.tallyhook.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.orders.OrderItem;
import io.tallyhook.orders.OrderState;
import io.tallyhook.orders.Orders;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.board.Board;
import io.tallyhook.payment.board.BoardFilter;
import io.tallyhook.payment.board.BoardKind;
import io.tallyhook.payment.board.BoardLine;
import io.tallyhook.payment.board.Repair;
import io.tallyhook.payment.board.Repairs;
import io.tallyhook.sandbox.simulator.Misbehaviour;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import io.tallyhook.sandbox.simulator.SimulatedProvider;
import io.tallyhook.wallet.Wallets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Money that comes too late, with everything real: the provider's callback, the module, the policies, the board, two roles. */
class PoliciesThroughSandboxIntegrationTests extends WholeApplication {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Autowired
    private ProviderSimulator simulator;

    @Autowired
    private Payments payments;

    @Autowired
    private Orders orders;

    @Autowired
    private Refunds refunds;

    @Autowired
    private Wallets wallets;

    @Autowired
    private Board board;

    @Autowired
    private Repairs repairs;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void a_late_payment_pays_its_order_after_all_and_a_second_one_goes_back() {
        var orderNo = ordered();
        var first = attempt(orderNo);
        var second = attempt(orderNo);
        paidLate(first);
        paidLate(second);

        hasWaited(first);
        await().atMost(PATIENCE).until(() -> now(first).fulfilment() == FulfilmentState.SUCCEEDED);
        assertThat(orders.get(orderNo).state()).isEqualTo(OrderState.PAID);

        hasWaited(second);
        await().atMost(PATIENCE).until(() -> now(second).fulfilmentReason() == ParkingReason.SURPLUS);
        assertThat(line(second).kind()).isEqualTo(BoardKind.PAID_TWICE);
        hasWaited(second);
        await().atMost(PATIENCE).until(() -> now(second).state() == PaymentState.REFUNDED);

        assertThat(simulator
                        .order(SimulatedProvider.WECHAT, second.outTradeNo())
                        .orElseThrow()
                        .refunded())
                .isEqualTo(1999);
        assertThat(lines(second)).isEmpty();
        assertThat(now(first).state()).isEqualTo(PaymentState.PAID);
        assertThat(orders.get(orderNo).state()).isEqualTo(OrderState.PAID);
    }

    @Test
    void the_role_of_the_application_may_all_that_the_board_needs() {
        var payment = attempt(ordered());
        paidLate(payment);
        assertThat(line(payment).may(Repair.REFUND)).isTrue();
        assertThat(board.totals()).containsKeys(BoardKind.values());

        repairs.refund(payment.outTradeNo(), "F-" + payment.outTradeNo(), "too late", "ming");

        await().atMost(PATIENCE).until(() -> now(payment).state() == PaymentState.REFUNDED);
        assertThat(lines(payment)).isEmpty();
        await().atMost(PATIENCE).until(this::inspected);
    }

    @Test
    void a_late_payment_becomes_balance_and_goes_back_out_of_the_wallet_and_its_order_stays_as_it_is() {
        var orderNo = ordered();
        var payment = attempt(orderNo);
        paidLate(payment);
        assertThat(line(payment).may(Repair.CREDIT_TO_WALLET)).isTrue();

        repairs.creditToWallet(payment.outTradeNo(), "kept for the next order", "ming");

        assertThat(lines(payment)).isEmpty();
        assertThat(wallets.balance(payment.userId()).principal()).isEqualTo(Money.fen(1999));
        assertThat(orders.get(orderNo).state()).isEqualTo(OrderState.AWAITING_PAYMENT);
        inspectsAgain();
        assertThat(lines(payment)).isEmpty();

        refunds.request(new RefundRequest(
                payment.outTradeNo(), RequestId.fresh(Clock.systemUTC()).number('F'), 1999, "after all", "ming"));
        await().atMost(PATIENCE).until(() -> now(payment).fulfilment() == FulfilmentState.REVERSED);
        assertThat(simulator
                        .order(SimulatedProvider.WECHAT, payment.outTradeNo())
                        .orElseThrow()
                        .refunded())
                .isEqualTo(1999);
        assertThat(wallets.balance(payment.userId()).principal()).isEqualTo(Money.fen(0));
        assertThat(wallets.proof().holds()).isTrue();
        assertThat(orders.cancel(RequestId.fresh(Clock.systemUTC()), orderNo).state())
                .isEqualTo(OrderState.CANCELLED);
    }

    /** Everything is looked at once more from now on. */
    private void inspectsAgain() {
        jdbc.sql("UPDATE payment.inspection SET full_at = NULL, next_at = now()")
                .update();
        await().atMost(PATIENCE).until(this::inspected);
    }

    private boolean inspected() {
        return jdbc.sql("SELECT full_at IS NOT NULL FROM payment.inspection")
                .query((row, number) -> row.getBoolean(1))
                .single();
    }

    private String ordered() {
        var item = new OrderItem("TEA-1", "Tea pot", 1, Money.fen(1999));
        return orders.place(RequestId.fresh(Clock.systemUTC()), new UserId("u-policies"), List.of(item))
                .orderNo();
    }

    private Payment attempt(String orderNo) {
        var channel = new PaymentRequest.Channel("wechat", "sandbox", "native", null, Map.of());
        return orders.pay(RequestId.fresh(Clock.systemUTC()), orderNo, channel);
    }

    private void paidLate(Payment payment) {
        payments.close(payment.outTradeNo());
        assertThat(simulator.misbehave(SimulatedProvider.WECHAT, payment.outTradeNo(), Misbehaviour.LATE))
                .isTrue();
        await().atMost(PATIENCE).until(() -> now(payment).fulfilmentReason() == ParkingReason.LATE);
    }

    /** A person had all the time to be faster. */
    private void hasWaited(Payment payment) {
        jdbc.sql("""
                        UPDATE payment.payment SET undecided_since = '2001-01-01T00:00Z'
                        WHERE out_trade_no = :no AND undecided_since IS NOT NULL
                        """).param("no", payment.outTradeNo()).update();
    }

    private Payment now(Payment payment) {
        return payments.get(payment.outTradeNo());
    }

    private BoardLine line(Payment payment) {
        assertThat(lines(payment)).hasSize(1);
        return lines(payment).getFirst();
    }

    private List<BoardLine> lines(Payment payment) {
        return board.lines(BoardFilter.of(payment.outTradeNo()), new Paging(10, null))
                .items();
    }
}
