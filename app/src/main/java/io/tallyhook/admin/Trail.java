package io.tallyhook.admin;

import io.tallyhook.membership.Memberships;
import io.tallyhook.orders.Orders;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.CallbackFilter;
import io.tallyhook.payment.callback.Callbacks;
import io.tallyhook.wallet.Wallets;
import io.tallyhook.wallet.books.Adjustments;
import io.tallyhook.wallet.books.Voucher;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.springframework.stereotype.Component;

/** From a voucher back to what caused it: the payment, the delivery that confirmed it, the order, the proposal. */
@Component
class Trail {

    private static final Paging FEW = new Paging(5, null);

    private final Payments payments;
    private final Callbacks callbacks;
    private final Orders orders;
    private final Wallets wallets;
    private final Memberships memberships;
    private final Adjustments adjustments;

    Trail(
            Payments payments,
            Callbacks callbacks,
            Orders orders,
            Wallets wallets,
            Memberships memberships,
            Adjustments adjustments) {
        this.payments = payments;
        this.callbacks = callbacks;
        this.orders = orders;
        this.wallets = wallets;
        this.memberships = memberships;
        this.adjustments = adjustments;
    }

    List<Whereabouts> of(Voucher voucher) {
        var key = voucher.head().requestKey();
        var reference = voucher.head().reference();
        var steps = new ArrayList<Whereabouts>();
        // What a refund books has the numbers of payment and refund as its key.
        var payment = key.split("/", 2)[0];
        payments.find(payment).ifPresent(found -> {
            steps.add(Whereabouts.to("payment", payment, "payments", payment));
            confirmations(payment, steps);
        });
        adjustments
                .find(key)
                .ifPresent(found -> steps.add(Whereabouts.to("adjustment", key, "ledger", "adjustments", key)));
        orders.find(reference).ifPresent(found -> steps.add(Whereabouts.to("order", reference, "orders", reference)));
        wallets.find(reference)
                .ifPresent(found -> steps.add(Whereabouts.to(
                                "recharge", reference, "wallets", found.userId().value())
                        .onThePage()));
        memberships
                .findPurchase(reference)
                .ifPresent(found -> steps.add(Whereabouts.to(
                        "purchase", reference, "memberships", found.userId().value())));
        return steps;
    }

    private void confirmations(String outTradeNo, List<Whereabouts> steps) {
        var booked = EnumSet.of(Outcome.CONFIRMED, Outcome.LATE);
        callbacks
                .search(new CallbackFilter(outTradeNo, null, booked, null, null, null), FEW)
                .items()
                .forEach(line -> steps.add(Whereabouts.to(
                        "callback",
                        line.callbackId().toString(),
                        "callbacks",
                        line.callbackId().toString())));
    }
}
