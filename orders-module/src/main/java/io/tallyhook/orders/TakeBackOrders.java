package io.tallyhook.orders;

import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.Money;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Ends an order when all of its payer's money goes back, and lets it go on if a refund fails. A part of the money leaves the
 * order as it is: which of the goods it is for is between the shop and its customer.
 */
@Component
class TakeBackOrders implements Entitlement {

    private final JdbcClient jdbc;
    private final TakenBack taken;
    private final Clock clock;

    TakeBackOrders(JdbcClient jdbc, TakenBack taken, Clock clock) {
        this.jdbc = jdbc;
        this.taken = taken;
        this.clock = clock;
    }

    @Override
    public String purpose() {
        return Orders.GOODS.code();
    }

    /** The goods are the same, whatever was paid for them. */
    @Override
    public boolean handsOutForOtherAmount() {
        return true;
    }

    @Override
    public Preview preview(TakeBack refund) {
        var order = find(refund, "");
        if (order.isEmpty()) {
            return new Preview(true, List.of(Line.of("refund.preview.order-not-its-own", refund.reference())));
        }
        var lines = new ArrayList<Line>();
        lines.add(Line.of(
                refund.isLast() ? "refund.preview.order-ends" : "refund.preview.order-stays", refund.reference()));
        if (order.get().goodsHaveLeft()) {
            lines.add(Line.of("refund.preview.goods-have-left"));
        }
        return new Preview(true, lines);
    }

    @Override
    public Taking take(TakeBack refund) {
        takeOnce(refund, TakenBack.Way.ASKED);
        return new Taking.Taken();
    }

    /** What is taken back is final from the beginning; nothing is in between. */
    @Override
    public void settle(TakeBack refund, Instant at) {}

    /** Whichever refund has failed: an order is refunded while all of its money is gone or going. */
    @Override
    public void giveBack(TakeBack refund, Instant at) {
        var order = find(refund, "FOR NO KEY UPDATE");
        var now = now();
        if (order.isPresent() && taken.giveBack(refund, now) && !allGone(refund)) {
            jdbc.sql("""
                            UPDATE orders.goods_order
                            SET state = refunded_from, refunded_from = NULL, changed_at = :now, version = version + 1
                            WHERE order_no = :orderNo AND state = 'REFUNDED'
                            """)
                    .param("now", Timestamp.from(now))
                    .param("orderNo", refund.reference())
                    .update();
        }
    }

    /** An order can always be ended. Goods that have left are not missing: the shop knows what it sent, and why it refunded. */
    @Override
    public Money takeWhatIsLeft(TakeBack refund, Instant at) {
        takeOnce(refund, TakenBack.Way.TOLD);
        return refund.amount().minus(refund.amount());
    }

    private void takeOnce(TakeBack refund, TakenBack.Way way) {
        var order = find(refund, "FOR NO KEY UPDATE");
        var now = now();
        if (order.isPresent() && taken.take(refund, way, now) && (refund.isLast() || allGone(refund))) {
            end(refund, order.get(), now);
        }
    }

    private boolean allGone(TakeBack refund) {
        return taken.gone(refund.outTradeNo()) >= refund.paid().minorUnits();
    }

    /** Keeps who made the last step: its request may be repeated after a failed refund. */
    private void end(TakeBack refund, Standing order, Instant now) {
        if (order.state() == OrderState.REFUNDED) {
            return;
        }
        int ended = jdbc.sql("""
                        UPDATE orders.goods_order
                        SET state = 'REFUNDED', refunded_from = state, changed_at = :now, version = version + 1
                        WHERE order_no = :orderNo AND state = ANY (:origins)
                        """)
                .param("now", Timestamp.from(now))
                .param("orderNo", refund.reference())
                .param("origins", OrderState.REFUNDED.origins())
                .update();
        if (ended == 0) {
            throw new IllegalStateException("Refund %s is the last of payment %s, but order %s cannot be refunded"
                    .formatted(refund.refundNo(), refund.outTradeNo(), refund.reference()));
        }
    }

    /** The order, if it is this payment that paid it. A second payment of it has bought nothing that could be taken back. */
    private Optional<Standing> find(TakeBack refund, String lock) {
        return jdbc.sql("SELECT state, refunded_from, paid_by FROM orders.goods_order WHERE order_no = :orderNo "
                        + lock)
                .param("orderNo", refund.reference())
                .query((row, number) -> new Standing(
                        OrderState.valueOf(row.getString("state")),
                        row.getString("refunded_from"),
                        row.getString("paid_by")))
                .optional()
                .filter(order -> refund.outTradeNo().equals(order.paidBy()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private record Standing(
            OrderState state,
            @Nullable String refundedFrom,
            @Nullable String paidBy) {

        boolean goodsHaveLeft() {
            var before = refundedFrom == null ? state : OrderState.valueOf(refundedFrom);
            return before == OrderState.SHIPPED || before == OrderState.COMPLETED;
        }
    }
}
