package io.tallyhook.admin;

import io.tallyhook.membership.Memberships;
import io.tallyhook.membership.PurchaseFilter;
import io.tallyhook.orders.OrderFilter;
import io.tallyhook.orders.Orders;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentFilter;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.callback.CallbackFilter;
import io.tallyhook.payment.callback.Callbacks;
import io.tallyhook.wallet.Wallets;
import io.tallyhook.wallet.books.Adjustments;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Finds whatever has exactly this number, or everything of the user with this name. */
@Component
class FindAnything {

    private static final Paging FEW = new Paging(10, null);
    private static final Paging ONE = new Paging(1, null);

    private final Payments payments;
    private final Callbacks callbacks;
    private final Orders orders;
    private final Wallets wallets;
    private final Memberships memberships;
    private final Adjustments adjustments;

    FindAnything(
            Payments payments,
            Callbacks callbacks,
            Orders orders,
            Wallets wallets,
            Memberships memberships,
            Adjustments adjustments) {
        this.adjustments = adjustments;
        this.payments = payments;
        this.callbacks = callbacks;
        this.orders = orders;
        this.wallets = wallets;
        this.memberships = memberships;
    }

    List<Whereabouts> find(String wanted) {
        var hits = new ArrayList<Whereabouts>();
        payments(wanted)
                .items()
                .forEach(found ->
                        hits.add(Whereabouts.to("payment", found.outTradeNo(), "payments", found.outTradeNo())));
        orders.find(wanted).ifPresent(found -> hits.add(Whereabouts.to("order", wanted, "orders", wanted)));
        wallets.find(wanted)
                .ifPresent(found -> hits.add(Whereabouts.to(
                        "recharge", wanted, "wallets", found.userId().value())));
        memberships
                .findPurchase(wanted)
                .ifPresent(found -> hits.add(Whereabouts.to(
                        "purchase", wanted, "memberships", found.userId().value())));
        adjustments
                .find(wanted)
                .ifPresent(found -> hits.add(Whereabouts.to("adjustment", wanted, "ledger", "adjustments", wanted)));
        if (hits.isEmpty()) {
            callbacks(wanted, hits);
        }
        if (wanted.matches(UserId.PATTERN)) {
            user(new UserId(wanted), hits);
        }
        return hits;
    }

    private Page<Payment> payments(String number) {
        return payments.search(new PaymentFilter(number, null, null, null, null, null, null, null, null), FEW);
    }

    /** A delivery about a payment that does not exist, or a notification by its own id. */
    private void callbacks(String wanted, List<Whereabouts> hits) {
        var found = callbacks
                .search(new CallbackFilter(wanted, null, Set.of(), null, null, null), FEW)
                .items();
        if (found.size() == 1) {
            var id = found.getFirst().callbackId().toString();
            hits.add(Whereabouts.to("callback", wanted, "callbacks", id));
        } else if (!found.isEmpty()) {
            hits.add(Whereabouts.toList("callbacks", wanted, "callbacks", "number"));
        }
    }

    private void user(UserId user, List<Whereabouts> hits) {
        var name = user.value();
        var bought = new PaymentFilter(null, null, null, null, null, name, null, null, null);
        if (!payments.search(bought, ONE).items().isEmpty()) {
            hits.add(Whereabouts.toList("user.payments", name, "payments", "user"));
        }
        if (!orders.search(new OrderFilter(null, name), ONE).items().isEmpty()) {
            hits.add(Whereabouts.toList("user.orders", name, "orders", "user"));
        }
        if (!wallets.recharges(user, ONE).items().isEmpty()) {
            hits.add(Whereabouts.to("user.wallet", name, "wallets", name));
        }
        if (!memberships
                .purchases(new PurchaseFilter(null, name, null), ONE)
                .items()
                .isEmpty()) {
            hits.add(Whereabouts.to("user.membership", name, "memberships", name));
        }
    }
}
