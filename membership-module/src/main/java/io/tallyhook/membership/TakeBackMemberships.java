package io.tallyhook.membership;

import io.tallyhook.membership.LineEntry.Kind;
import io.tallyhook.membership.LockedPurchases.Locked;
import io.tallyhook.membership.TakenDays.Way;
import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.Money;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Takes back days of a membership when its payer's money goes back: as many as the money stands for and are not used yet,
 * never one that another purchase gave. If the refund fails, the user gets as many again.
 */
@Component
class TakeBackMemberships implements Entitlement {

    private final LockedPurchases purchases;
    private final Lines lines;
    private final TakenDays taken;
    private final Shares shares;
    private final PreviewDays preview;
    private final Clock clock;

    TakeBackMemberships(
            LockedPurchases purchases, Lines lines, TakenDays taken, Shares shares, PreviewDays preview, Clock clock) {
        this.purchases = purchases;
        this.lines = lines;
        this.taken = taken;
        this.shares = shares;
        this.preview = preview;
        this.clock = clock;
    }

    @Override
    public String purpose() {
        return Memberships.VIP.code();
    }

    /** The days are the same, whatever was paid for them. */
    @Override
    public boolean handsOutForOtherAmount() {
        return true;
    }

    @Override
    public Preview preview(TakeBack refund) {
        return preview.of(refund, now());
    }

    @Override
    public Taking take(TakeBack refund) {
        takeOnce(refund, Way.ASKED);
        return new Taking.Taken();
    }

    /** What is taken back is final from the beginning; nothing is in between. */
    @Override
    public void settle(TakeBack refund, Instant at) {}

    /**
     * Whichever refund has failed: a purchase is refunded while all of its money is gone or going. If another refund has taken
     * all of it meanwhile, the days stay with that one.
     */
    @Override
    public void giveBack(TakeBack refund, Instant at) {
        lock(refund).ifPresent(purchase -> {
            var line = lines.lockOne(purchase.userId());
            // After the lock: time has passed while waiting for it.
            var now = now();
            if (taken.giveBack(refund, now) && !taken.allGone(refund)) {
                taken.length(refund)
                        .map(length -> line.extend(now, length))
                        .ifPresent(stretch -> taken.note(refund, Way.ASKED, Kind.GIVEN_BACK, purchase, stretch, now));
                purchases.markGrantedAgain(purchase.purchaseNo(), now);
            }
        });
    }

    @Override
    public Money takeWhatIsLeft(TakeBack refund, Instant at) {
        return takeOnce(refund, Way.TOLD);
    }

    /** @return what of the amount was for days that are used */
    private Money takeOnce(TakeBack refund, Way way) {
        return lock(refund)
                .map(purchase -> taken.shortfall(refund, way)
                        .orElseGet(() -> takeFrom(purchase, refund, way).shortfall()))
                .orElseGet(() -> refund.amount().minus(refund.amount()));
    }

    private Share takeFrom(Locked purchase, TakeBack refund, Way way) {
        var line = lines.lockOne(purchase.userId());
        var now = now();
        var share = shares.of(refund, purchase.days(), now);
        taken.keep(refund, way, share, now);
        if (share.length().isPositive()) {
            taken.note(refund, way, Kind.TAKEN, purchase, line.shorten(share.length()), now);
        }
        if (refund.isLast() || taken.allGone(refund)) {
            purchases.markRefunded(purchase.purchaseNo(), now);
        }
        return share;
    }

    /** The purchase, if it is this payment that was granted. A second payment of it has bought nothing. */
    private Optional<Locked> lock(TakeBack refund) {
        return Optional.ofNullable(purchases.lock(List.of(refund.reference())).get(refund.reference()))
                .filter(purchase -> refund.outTradeNo().equals(purchase.paidBy()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
