package io.tallyhook.membership;

import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The way into this module: keep the catalog of plans, sell memberships, ask who is a member until when.
 *
 * <p>Nobody can grant a membership from here: a confirmed payment does.
 */
@Component
public class Memberships {

    /** What payments of membership purchases are for. */
    public static final Purpose VIP = new Purpose("VIP");

    private final Catalog catalog;
    private final BuyMembership buy;
    private final PayForPurchase payFor;
    private final PurchaseRows purchases;
    private final LineEntries entries;
    private final Payments payments;
    private final Clock clock;

    Memberships(
            Catalog catalog,
            BuyMembership buy,
            PayForPurchase payFor,
            PurchaseRows purchases,
            LineEntries entries,
            Payments payments,
            Clock clock) {
        this.catalog = catalog;
        this.buy = buy;
        this.payFor = payFor;
        this.purchases = purchases;
        this.entries = entries;
        this.payments = payments;
        this.clock = clock;
    }

    /**
     * Creates or replaces a plan. Running purchases keep the terms they were made with.
     *
     * @return whether the plan is new
     * @throws Refusal (400) if its code is not one
     */
    public boolean put(Plan plan) {
        return catalog.put(plan);
    }

    /** The plan with this code. */
    public Optional<Plan> plan(String planCode) {
        return catalog.find(planCode);
    }

    /** All plans, also those that cannot be bought at present, by code. */
    public Page<Plan> plans(Paging paging) {
        return catalog.plans(paging);
    }

    /**
     * Makes a purchase of a plan, with the terms of this moment.
     *
     * @param id of the request; a repeat with the same one answers the purchase of the first try
     * @throws Refusal 400 if there is no such plan; 409 if it is not active
     */
    public Purchase buy(RequestId id, UserId userId, String planCode) {
        return buy.buy(id, userId, planCode);
    }

    /** The purchase with this number. */
    public Optional<Purchase> findPurchase(String purchaseNo) {
        return purchases.find(purchaseNo);
    }

    /**
     * The purchase with this number.
     *
     * @throws Refusal (404) if there is none
     */
    public Purchase purchase(String purchaseNo) {
        return findPurchase(purchaseNo).orElseThrow(() -> Refusal.notFound("membership purchase", purchaseNo));
    }

    /** The purchases a person looks for, newest first. */
    public Page<Purchase> purchases(PurchaseFilter filter, Paging paging) {
        return purchases.search(filter, paging);
    }

    /** All attempts to pay this purchase, oldest first. */
    public List<Payment> payments(String purchaseNo) {
        return payments.of(VIP, purchaseNo);
    }

    /**
     * Opens a payment of what the purchase costs. Must not be called in a transaction.
     *
     * @param id of the request; a repeat with the same one never opens a second payment
     * @throws Refusal 404 if there is no such purchase; 409 if it does not await a payment; and what {@link
     *     Payments#open} refuses
     */
    public Payment pay(RequestId id, String purchaseNo, PaymentRequest.Channel channel) {
        return payFor.open(id, purchase(purchaseNo), channel);
    }

    /** The user's membership at this moment; of a user never seen, one that is not active and has no grants. */
    public Membership of(UserId userId) {
        return Membership.at(clock.instant(), userId, entries.of(userId));
    }
}
