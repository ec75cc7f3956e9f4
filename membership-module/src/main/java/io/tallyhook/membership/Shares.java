package io.tallyhook.membership;

import io.tallyhook.payment.Entitlement.TakeBack;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** Reckons what a refund takes of a membership at a moment. Exact while the purchase and the line are locked. */
@Component
class Shares {

    private final LineEntries entries;
    private final TakenDays taken;

    Shares(LineEntries entries, TakenDays taken) {
        this.entries = entries;
        this.taken = taken;
    }

    Share of(TakeBack refund, int daysOfPurchase, Instant now) {
        var ahead = entries.since(refund.outTradeNo()).ahead(refund.outTradeNo(), now);
        return Share.of(refund, daysOfPurchase, taken.gone(refund.outTradeNo()), ahead);
    }
}
