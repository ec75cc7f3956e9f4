package io.tallyhook.payment.booking;

import io.tallyhook.payment.provider.Answer;

/** What became of a delivery. */
public enum Outcome {
    /** It confirmed a payment. */
    CONFIRMED(Answer.SUCCESS),
    /** The fact was booked already. */
    DUPLICATE(Answer.SUCCESS),
    /** Genuine, and of a kind that changes nothing here. */
    IGNORED(Answer.SUCCESS),
    /** It closed an unpaid payment. */
    CLOSED(Answer.SUCCESS),
    /** Money was given back. */
    REFUND_CONFIRMED(Answer.SUCCESS),
    /** A refund has definitely failed. */
    REFUND_FAILED(Answer.SUCCESS),
    /** It confirmed a payment that was closed before. */
    LATE(Answer.SUCCESS),
    /** Genuine, but it does not fit the payment: kept apart for a person. */
    MISMATCH(Answer.MISMATCH),
    /** Genuine, but there is no such payment. */
    UNKNOWN_PAYMENT(Answer.UNKNOWN_PAYMENT),
    /** Not proved genuine, or unreadable; the reason tells what the provider was answered. */
    REJECTED(Answer.NOT_GENUINE);

    private final Answer answer;

    Outcome(Answer answer) {
        this.answer = answer;
    }

    /** What the provider is told. */
    public Answer answer() {
        return answer;
    }

    /** Whether something was booked by it. */
    public boolean changedSomething() {
        return switch (this) {
            case CONFIRMED, CLOSED, REFUND_CONFIRMED, REFUND_FAILED, LATE -> true;
            case DUPLICATE, IGNORED, MISMATCH, UNKNOWN_PAYMENT, REJECTED -> false;
        };
    }
}
