package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import java.util.List;

/**
 * What became of a lot, and what of it could go back to the payer now.
 *
 * @param steps they add up to what is left, to the cent
 * @param moves the bookings behind the steps, oldest first
 * @param refundable the principal that could be refunded; nothing for a lot that no provider collected
 * @param forgone the bonus that would go with all of it
 */
public record LotStory(Lot lot, List<Step> steps, List<LotMove> moves, Money refundable, Money forgone) {

    /**
     * What all bookings of one sort did to the lot.
     *
     * @param principal signed: more is left, or less
     */
    public record Step(Why why, Money principal, Money bonus) {}

    /** The sorts of bookings that touch a lot. */
    public enum Why {
        GRANTED,
        SPENT,
        GIVEN_BACK,
        HELD,
        EXPIRED,
        REFUNDED,
        REFUND_FAILED,
        CHARGED_BACK,
        ADJUSTED
    }
}
