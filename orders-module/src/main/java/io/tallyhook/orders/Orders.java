package io.tallyhook.orders;

import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The way into this module: place orders, have them paid, move them on, look at them.
 *
 * <p>Nobody can mark an order paid from here: a confirmed payment does.
 */
@Component
public class Orders {

    /** What payments of orders are for. */
    public static final Purpose GOODS = new Purpose("GOODS");

    private final OrderRows rows;
    private final PlaceOrder place;
    private final PayForOrder payFor;
    private final MoveOrder move;
    private final CancelOrder cancel;
    private final Payments payments;

    Orders(
            OrderRows rows,
            PlaceOrder place,
            PayForOrder payFor,
            MoveOrder move,
            CancelOrder cancel,
            Payments payments) {
        this.rows = rows;
        this.place = place;
        this.payFor = payFor;
        this.move = move;
        this.cancel = cancel;
        this.payments = payments;
    }

    /**
     * Places an order.
     *
     * @param id of the request; a repeat with the same one answers the order of the first try
     * @param items 1 to 100 lines
     * @throws Refusal (400) if there are no or too many lines, or they cost more than one payment may
     */
    public Order place(RequestId id, UserId userId, List<OrderItem> items) {
        return get(place.place(id, userId, items));
    }

    /** The order with this number. */
    public Optional<Order> find(String orderNo) {
        return rows.find(orderNo);
    }

    /**
     * The order with this number.
     *
     * @throws Refusal (404) if there is none
     */
    public Order get(String orderNo) {
        return find(orderNo).orElseThrow(() -> Refusal.notFound("order", orderNo));
    }

    /** The orders a person looks for, newest first. */
    public Page<Order> search(OrderFilter filter, Paging paging) {
        return rows.search(filter, paging);
    }

    /** All attempts to pay this order, oldest first. */
    public List<Payment> payments(String orderNo) {
        return payments.of(GOODS, orderNo);
    }

    /**
     * Opens a payment of what the order costs. Must not be called in a transaction.
     *
     * @param id of the request; a repeat with the same one never opens a second payment
     * @throws Refusal 404 if there is no such order; 409 if it does not await a payment; and what {@link
     *     Payments#open} refuses
     */
    public Payment pay(RequestId id, String orderNo, PaymentRequest.Channel channel) {
        return payFor.open(id, get(orderNo), channel);
    }

    /**
     * The goods of a paid order have left.
     *
     * @param id of the request; a repeat of the one that made the step is answered like the first
     * @throws Refusal 404 if there is no such order; 409 if it is not paid, or shipped already
     */
    public Order ship(RequestId id, String orderNo) {
        move.move(id, get(orderNo), OrderState.SHIPPED);
        return get(orderNo);
    }

    /**
     * The goods of a shipped order have arrived.
     *
     * @param id of the request; a repeat of the one that made the step is answered like the first
     * @throws Refusal 404 if there is no such order; 409 if it is not shipped, or completed already
     */
    public Order complete(RequestId id, String orderNo) {
        move.move(id, get(orderNo), OrderState.COMPLETED);
        return get(orderNo);
    }

    /**
     * Gives up an unpaid order: closes its open payments first, at their providers and here, so that it cannot be paid
     * any more. Must not be called in a transaction.
     *
     * @param id of the request; a repeat of the one that made the step is answered like the first
     * @throws Refusal 404 if there is no such order; 409 if it does not await a payment or one of its payments is paid;
     *     504 if a provider does not say clearly that a payment is closed
     */
    public Order cancel(RequestId id, String orderNo) {
        cancel.cancel(id, get(orderNo));
        return get(orderNo);
    }
}
