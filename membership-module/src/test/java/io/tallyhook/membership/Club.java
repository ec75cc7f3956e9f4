package io.tallyhook.membership;

import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Fulfilments;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.Payer;

/** The language of these tests: plans, purchases, and listeners that live at a time of their own. */
class Club {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Memberships memberships;
    private final Payments payments;
    private final LockedPurchases purchases;
    private final Lines lines;
    private final LineEntries entries;
    private final TakenDays taken;
    private final PurchaseRows rows;
    private final Fulfilments fulfilments;
    private final JdbcClient jdbc;
    private final Clock clock;

    Club(
            Memberships memberships,
            Payments payments,
            LockedPurchases purchases,
            Lines lines,
            LineEntries entries,
            TakenDays taken,
            PurchaseRows rows,
            Fulfilments fulfilments,
            JdbcClient jdbc,
            Clock clock) {
        this.memberships = memberships;
        this.payments = payments;
        this.purchases = purchases;
        this.lines = lines;
        this.entries = entries;
        this.taken = taken;
        this.rows = rows;
        this.fulfilments = fulfilments;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    RequestId request() {
        return RequestId.fresh(clock);
    }

    UserId someone() {
        return new UserId("member-" + NUMBER.incrementAndGet());
    }

    Plan aPlan(int days) {
        var plan = new Plan("plan-%d-%d".formatted(days, NUMBER.incrementAndGet()), "VIP", Money.fen(2500), days, true);
        memberships.put(plan);
        return plan;
    }

    Purchase purchase(UserId user, Plan plan) {
        return memberships.buy(request(), user, plan.planCode());
    }

    Payment attempt(Purchase purchase) {
        return memberships.pay(request(), purchase.purchaseNo(), Payer.by("external"));
    }

    /** A purchase whose payment is paid, but nobody was told, as if the event had been lost. */
    Payment paidInSilence(UserId user, Plan plan) {
        var attempt = attempt(purchase(user, plan));
        pay(attempt);
        return attempt;
    }

    void pay(Payment attempt) {
        jdbc.sql("""
                        UPDATE payment.payment
                        SET state = 'PAID', fulfilment = 'PENDING', due_at = now() + interval '1 hour', paid_at = now(),
                            provider_transaction_id = 'S' || out_trade_no, version = version + 1
                        WHERE out_trade_no = :outTradeNo
                        """).param("outTradeNo", attempt.outTradeNo()).update();
    }

    /** The listener of an instance whose clock stands at this time; it works on the caller's thread. */
    GrantMemberships listenerAt(Instant time) {
        return new GrantMemberships(purchases, lines, fulfilments, Clock.fixed(time, ZoneOffset.UTC));
    }

    /** What takes back at this time. */
    TakeBackMemberships refundsAt(Instant time) {
        var shares = new Shares(entries, taken);
        var preview = new PreviewDays(rows, entries, shares);
        return new TakeBackMemberships(purchases, lines, taken, shares, preview, Clock.fixed(time, ZoneOffset.UTC));
    }

    /** A refund of a payment of 25.00. */
    static TakeBack refund(Payment payment, String refundNo, long goneBefore, long amount) {
        return refund(payment.outTradeNo(), payment.reference(), payment.userId(), refundNo, goneBefore, amount);
    }

    static TakeBack refund(String outTradeNo, Purchase purchase, String refundNo, long goneBefore, long amount) {
        return refund(outTradeNo, purchase.purchaseNo(), purchase.userId(), refundNo, goneBefore, amount);
    }

    private static TakeBack refund(
            String outTradeNo, String purchaseNo, UserId user, String refundNo, long goneBefore, long amount) {
        return new TakeBack(
                refundNo,
                outTradeNo,
                purchaseNo,
                user,
                Money.fen(2500),
                Money.fen(goneBefore),
                Money.fen(amount),
                "api:shop",
                "unhappy");
    }

    Membership of(UserId user, Instant time) {
        return Membership.at(time, user, entries.of(user));
    }

    /** Waits until the module has answered for this payment, one way or the other. */
    Payment settled(Payment payment) {
        return await().until(
                        () -> payments.get(payment.outTradeNo()),
                        now -> now.fulfilment() != FulfilmentState.NONE && now.fulfilment() != FulfilmentState.PENDING);
    }

    static PaymentsConfirmed confirmed(Payment... attempts) {
        return confirmed(List.of(attempts));
    }

    static PaymentsConfirmed confirmed(Collection<Payment> attempts) {
        return new PaymentsConfirmed(
                "VIP",
                attempts.stream()
                        .map(payment -> new ConfirmedPayment(
                                payment.outTradeNo(),
                                payment.reference(),
                                payment.userId().value(),
                                payment.amount().minorUnits(),
                                payment.amount().currency().getCurrencyCode(),
                                payment.provider(),
                                payment.account(),
                                "S" + payment.outTradeNo(),
                                Instant.now()))
                        .toList());
    }
}
