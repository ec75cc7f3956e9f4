package io.tallyhook.payment.refund;

import io.tallyhook.payment.booking.KnownRefund.State;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code payment.refund} in memory; amounts in minor units. */
public final class StoredRefund {

    /** Waits for a second person. */
    static final Instant NEVER = Instant.MAX;

    final String outTradeNo;
    final String refundNo;
    final long amount;
    final String reason;
    final @Nullable String requestedBy;
    final @Nullable Long goneBefore;
    final boolean taken;
    final boolean needsApproval;
    final Instant createdAt;
    State state;
    int attempts;

    @Nullable
    Instant dueAt;

    @Nullable
    Instant leasedUntil;

    @Nullable
    Instant stuckAt;

    /** Whether the last answer was none, or no clear one. */
    boolean unclear;

    @Nullable
    String approvedBy;

    @Nullable
    Instant approvedAt;

    @Nullable
    String giveUpAs;

    @Nullable
    String giveUpBy;

    @Nullable
    Instant giveUpAt;

    @Nullable
    String givenUpBy;

    @Nullable
    Instant settledAt;

    @Nullable
    Instant unwindDueAt;

    int unwindAttempts;

    @Nullable
    Long shortAmount;

    StoredRefund(
            String outTradeNo,
            String refundNo,
            State state,
            long amount,
            String reason,
            @Nullable String requestedBy,
            @Nullable Long goneBefore,
            boolean taken,
            boolean needsApproval,
            Instant createdAt) {
        this.outTradeNo = outTradeNo;
        this.refundNo = refundNo;
        this.state = state;
        this.amount = amount;
        this.reason = reason;
        this.requestedBy = requestedBy;
        this.goneBefore = goneBefore;
        this.taken = taken;
        this.needsApproval = needsApproval;
        this.createdAt = createdAt;
    }

    StoredRefund copy() {
        var copy = new StoredRefund(
                outTradeNo, refundNo, state, amount, reason, requestedBy, goneBefore, taken, needsApproval, createdAt);
        copy.attempts = attempts;
        copy.dueAt = dueAt;
        copy.leasedUntil = leasedUntil;
        copy.stuckAt = stuckAt;
        copy.unclear = unclear;
        copy.approvedBy = approvedBy;
        copy.approvedAt = approvedAt;
        copy.giveUpAs = giveUpAs;
        copy.giveUpBy = giveUpBy;
        copy.giveUpAt = giveUpAt;
        copy.givenUpBy = givenUpBy;
        copy.settledAt = settledAt;
        copy.unwindDueAt = unwindDueAt;
        copy.unwindAttempts = unwindAttempts;
        copy.shortAmount = shortAmount;
        return copy;
    }

    boolean isUnderWay() {
        return !state.isFinal();
    }

    boolean unapproved() {
        return needsApproval && approvedBy == null;
    }

    /** As it is shown. */
    public Look look() {
        return new Look(
                refundNo,
                state.name(),
                amount,
                requestedBy != null,
                taken,
                unapproved(),
                attempts,
                dueAt == null || dueAt.equals(NEVER) ? -1 : dueAt.getEpochSecond(),
                stuckAt != null,
                unwindDueAt == null ? -1 : unwindDueAt.getEpochSecond(),
                shortAmount == null ? -1 : shortAmount,
                giveUpAs,
                giveUpBy,
                givenUpBy);
    }

    /**
     * What can be seen of a refund.
     *
     * @param due in seconds; -1 if it never is
     * @param unwind when its module is told, in seconds; -1 if it knows
     * @param lacking what could not be taken back; -1 if nobody tried
     * @param giveUpAs how somebody says that it has ended, if somebody does
     * @param givenUpBy who has confirmed that
     */
    public record Look(
            String refundNo,
            String state,
            long amount,
            boolean ours,
            boolean taken,
            boolean unapproved,
            int attempts,
            long due,
            boolean stuck,
            long unwind,
            long lacking,
            @Nullable String giveUpAs,
            @Nullable String giveUpBy,
            @Nullable String givenUpBy) {

        public boolean isProposed() {
            return giveUpAs != null && givenUpBy == null;
        }

        public boolean isGivenUp() {
            return givenUpBy != null;
        }

        /** Given back in a way that the bank knows nothing of, as is said. */
        public boolean isPaidOut() {
            return String.valueOf(giveUpAs).equals("SUCCEEDED");
        }

        public boolean isUnderWay() {
            return state.equals("REQUESTED") || state.equals("PROCESSING");
        }

        public boolean succeeded() {
            return state.equals("SUCCEEDED");
        }

        public boolean failed() {
            return state.equals("FAILED");
        }
    }
}
