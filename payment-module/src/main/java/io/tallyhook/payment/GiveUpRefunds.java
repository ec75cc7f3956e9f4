package io.tallyhook.payment;

import io.tallyhook.payment.refund.GiveUp;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Ends refunds that never get a clear answer, on the word of two persons who have seen for themselves how they ended. The
 * provider is asked before each of them is heard, and what it says clearly counts for more. Where it tells later that the
 * money has gone after all, that is booked as a refund of its own, or stands on the board where it does not fit any more.
 */
@Component
public class GiveUpRefunds {

    private final GiveUp giveUp;
    private final Refunds refunds;
    private final RefundRows rows;

    GiveUpRefunds(GiveUp giveUp, Refunds refunds, RefundRows rows) {
        this.giveUp = giveUp;
        this.refunds = refunds;
        this.rows = rows;
    }

    /**
     * Proposes that nothing has gone and nothing will: the refund is to be {@code FAILED}, and what was taken for it given
     * back. From now on it is asked for, and not sent again. Must not be called in a transaction.
     *
     * @param reason how the actor knows, such as what he has seen in the provider's console: 1 to 200 characters
     * @param actor recorded
     * @throws Refusal 400 for the reason; 404; 409 if it is not time for that, or the provider has answered
     */
    public Refund proposeNothingWent(String outTradeNo, String refundNo, String reason, String actor) {
        RefundRequest.requireWords("reason", reason);
        refunds.get(outTradeNo, refundNo);
        giveUp.propose(outTradeNo, refundNo, "FAILED", reason, null, actor);
        return refunds.get(outTradeNo, refundNo);
    }

    /**
     * Proposes that the money was given back in another way: the refund is to be {@code SUCCEEDED}. As {@link
     * #proposeNothingWent} otherwise.
     *
     * @param reference of the payment by which it was given back: 1 to 64 characters
     */
    public Refund proposePaidOut(String outTradeNo, String refundNo, String reason, String reference, String actor) {
        RefundRequest.requireWords("reason", reason);
        requireReference(reference);
        refunds.get(outTradeNo, refundNo);
        giveUp.propose(outTradeNo, refundNo, "SUCCEEDED", reason, reference, actor);
        return refunds.get(outTradeNo, refundNo);
    }

    /**
     * Ends it as proposed. Must not be called in a transaction.
     *
     * @param actor the second person; recorded
     * @throws Refusal 404; 409 if nothing is proposed, the actor has proposed it himself, somebody may be sending it at this
     *     moment, the provider has answered, or more would go back than was paid
     */
    public Refund confirm(String outTradeNo, String refundNo, String actor) {
        refunds.get(outTradeNo, refundNo);
        giveUp.confirm(outTradeNo, refundNo, actor);
        return refunds.get(outTradeNo, refundNo);
    }

    /**
     * The proposal goes, and the refund goes on as before.
     *
     * @param actor anybody; who has proposed it withdraws it. Recorded
     * @throws Refusal 404; 409 if nothing is proposed
     */
    public Refund reject(String outTradeNo, String refundNo, String actor) {
        refunds.get(outTradeNo, refundNo);
        giveUp.reject(outTradeNo, refundNo, actor);
        return refunds.get(outTradeNo, refundNo);
    }

    /** Refunds about which a second person is to be heard, oldest first. */
    public List<Refund> awaitingConfirmation() {
        return rows.awaitingGivingUp();
    }

    private static void requireReference(String reference) {
        RefundRequest.requireWords("reference", reference);
        if (reference.length() > 64) {
            throw Refusal.badField("reference", "must be 1 to 64 characters");
        }
    }
}
