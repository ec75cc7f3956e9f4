package io.tallyhook.payment.board;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong between money and goods.
 *
 * @param id names the line while it is there
 * @param since when it began: for a payment when it was paid, for a refund when it was asked for or ended, for a delivery when
 *     the first one of its payment came
 * @param amount what is at stake
 * @param refundNo of the refund, if it is about one
 * @param callbackId the newest delivery, if it is about one
 * @param detail what a module or a provider said of it; for people
 * @param values what we expect and what was received, if it is about a delivery
 * @param asked what its policy has done, and why it has left it to a person: {@code SETTING}, {@code TOO_MUCH}, {@code
 *     PARKED_AGAIN} or {@code FAILED}; absent if there is none, or its time has not come
 * @param repairs what may safely be done here; the one that is right most often comes first
 */
public record BoardLine(
        String id,
        BoardKind kind,
        Cause cause,
        Instant since,
        String outTradeNo,
        String purpose,
        String reference,
        UserId userId,
        Money amount,
        @Nullable String refundNo,
        @Nullable String callbackId,
        @Nullable String detail,
        List<String> values,
        @Nullable String asked,
        List<Repair> repairs) {

    /** Whether this is one of its repairs. */
    public boolean may(Repair repair) {
        return repairs.contains(repair);
    }
}
