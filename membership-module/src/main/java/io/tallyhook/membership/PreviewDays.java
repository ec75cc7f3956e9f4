package io.tallyhook.membership;

import io.tallyhook.payment.Entitlement.Line;
import io.tallyhook.payment.Entitlement.Preview;
import io.tallyhook.payment.Entitlement.TakeBack;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Tells people beforehand which days a refund would take, which are used, and until when the user would be a member. */
@Component
class PreviewDays {

    private final PurchaseRows purchases;
    private final LineEntries entries;
    private final Shares shares;

    PreviewDays(PurchaseRows purchases, LineEntries entries, Shares shares) {
        this.purchases = purchases;
        this.entries = entries;
        this.shares = shares;
    }

    Preview of(TakeBack refund, Instant now) {
        return purchases
                .find(refund.reference())
                .filter(purchase -> refund.outTradeNo().equals(purchase.paidBy()))
                .map(purchase -> new Preview(true, sentences(refund, purchase, now)))
                .orElseGet(() -> new Preview(
                        true, List.of(Line.of("refund.preview.membership-not-its-own", refund.reference()))));
    }

    private List<Line> sentences(TakeBack refund, Purchase purchase, Instant now) {
        var share = shares.of(refund, purchase.days(), now);
        var sentences = new ArrayList<Line>();
        sentences.add(
                share.days() == 0
                        ? Line.of("refund.preview.no-days", purchase.planName())
                        : Line.of("refund.preview.days", share.days(), purchase.planName()));
        if (share.usedDays() > 0) {
            sentences.add(Line.of("refund.preview.days-used", share.usedDays()));
        }
        var user = purchase.userId().value();
        var end = entries.end(refund.outTradeNo()).minus(share.length());
        sentences.add(
                end.isAfter(now)
                        ? Line.of("refund.preview.member-until", user, end)
                        : Line.of("refund.preview.member-no-more", user));
        return sentences;
    }
}
