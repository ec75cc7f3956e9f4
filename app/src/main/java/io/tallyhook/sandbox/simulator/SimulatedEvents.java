package io.tallyhook.sandbox.simulator;

import io.tallyhook.payment.Money;
import io.tallyhook.sandbox.simulator.SimulatedOrder.RefundState;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to orders beside the merchant's calls: payers pay, money goes back, and the merchant is told. */
final class SimulatedEvents {

    /** How long WeChat Pay takes for a refund, in the provider's time. */
    private static final Duration REFUND_TAKES = Duration.ofMinutes(1);

    private final SimulatedOrders orders;
    private final WeChatNotices weChatNotices;
    private final AlipayNotices alipayNotices;
    private final Notifier notifier;
    private final Timer timer;
    private final Clock clock;

    SimulatedEvents(
            SimulatedOrders orders,
            WeChatNotices weChatNotices,
            AlipayNotices alipayNotices,
            Notifier notifier,
            Timer timer,
            Clock clock) {
        this.orders = orders;
        this.weChatNotices = weChatNotices;
        this.alipayNotices = alipayNotices;
        this.notifier = notifier;
        this.timer = timer;
        this.clock = clock;
    }

    Optional<SimulatedOrder> pay(SimulatedProvider provider, String outTradeNo) {
        var paid = markPaid(provider, outTradeNo, null);
        paid.ifPresent(order -> notifier.send(payment(order, null)));
        return paid;
    }

    boolean misbehave(SimulatedProvider provider, String outTradeNo, Misbehaviour what) {
        var order = orders.find(provider, outTradeNo)
                .filter(found -> Misbehaviour.possibleFor(found).contains(what));
        return order.isPresent()
                && switch (what.effect()) {
                    case TELLS -> told(order.get(), what);
                    case REFUNDS -> refunded(order.get(), what);
                    case AWAITS_REFUND ->
                        orders.change(provider, outTradeNo, found -> found.withNextRefund(what))
                                .isPresent();
                    case PAYS ->
                        markPaid(provider, outTradeNo, what)
                                .map(paid -> paidWith(paid, what))
                                .orElse(false);
                };
    }

    void tellRefund(SimulatedOrder order, SimulatedOrder.Refund refund) {
        notifier.send(
                order.provider() == SimulatedProvider.WECHAT
                        ? weChatNotices.refund(order, refund)
                        : alipayNotices.refund(order, refund));
    }

    void finishRefundLater(SimulatedOrder order, String number) {
        timer.in(notifier.scaled(REFUND_TAKES), () -> finishRefund(order.provider(), order.outTradeNo(), number));
    }

    private void finishRefund(SimulatedProvider provider, String outTradeNo, String number) {
        var finished = orders.change(
                provider,
                outTradeNo,
                order -> order.refund(number)
                        .map(refund -> order.with(refund.finished(clock.instant())))
                        .orElse(order));
        finished.ifPresent(order -> order.refund(number).ifPresent(refund -> tellRefund(order, refund)));
    }

    private boolean paidWith(SimulatedOrder paid, Misbehaviour what) {
        switch (what) {
            case TWICE_AT_ONCE -> notifier.sendTwiceAtOnce(payment(paid, null));
            case LOST -> {}
            default -> notifier.send(payment(paid, what));
        }
        return true;
    }

    /** What is told of an order that nobody paid names a payment that never was; the order stays as it is. */
    private boolean told(SimulatedOrder order, Misbehaviour what) {
        var claimed = order.state() == SimulatedOrder.State.PAID
                ? order
                : order.paid(transactionNumber(order.provider()), clock.instant());
        notifier.send(payment(claimed, what));
        return true;
    }

    private boolean refunded(SimulatedOrder order, Misbehaviour what) {
        var amount = what == Misbehaviour.PARTIAL_REFUND ? (order.refundable() + 1) / 2 : order.refundable();
        var number = "R" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
        var refund = new SimulatedOrder.Refund(
                number,
                Numbers.refund(clock.instant()),
                amount,
                "",
                order.notifyUrl(),
                RefundState.SUCCESS,
                RefundState.SUCCESS,
                clock.instant());
        var after = orders.change(
                order.provider(), order.outTradeNo(), now -> now.refundable() >= amount ? now.with(refund) : now);
        var done = after.filter(now -> now.refund(number).isPresent());
        done.ifPresent(now -> tellRefund(now, refund));
        return done.isPresent();
    }

    private Optional<SimulatedOrder> markPaid(
            SimulatedProvider provider, String outTradeNo, @Nullable Misbehaviour what) {
        var number = transactionNumber(provider);
        return orders.change(
                        provider,
                        outTradeNo,
                        order -> payable(order, what == Misbehaviour.LATE)
                                ? order.paid(sum(order, what), number, clock.instant())
                                : order)
                .filter(order -> order.transaction().equals(number));
    }

    private static Money sum(SimulatedOrder order, @Nullable Misbehaviour what) {
        return what == Misbehaviour.WRONG_AMOUNT ? order.amount().plus(Money.fen(1)) : order.amount();
    }

    private static boolean payable(SimulatedOrder order, boolean evenIfClosed) {
        return switch (order.state()) {
            case NOT_PAID -> true;
            case CLOSED -> evenIfClosed;
            case PAID -> false;
        };
    }

    private String transactionNumber(SimulatedProvider provider) {
        return switch (provider) {
            case WECHAT -> Numbers.weChatTransaction(clock.instant());
            case ALIPAY -> Numbers.alipayTrade(clock.instant());
        };
    }

    private Notification payment(SimulatedOrder order, @Nullable Misbehaviour twist) {
        return switch (order.provider()) {
            case WECHAT -> weChatNotices.payment(order, twist);
            case ALIPAY -> alipayNotices.payment(order, twist);
        };
    }
}
