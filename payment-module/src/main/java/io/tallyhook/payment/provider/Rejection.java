package io.tallyhook.payment.provider;

/** Why a delivery is not believed. */
public enum Rejection {
    SIGNATURE_MISSING(Check.SIGNATURE, Answer.NOT_GENUINE),
    SIGNATURE_WRONG(Check.SIGNATURE, Answer.NOT_GENUINE),
    /** WeChat Pay's deliberate test with a wrong signature ({@code WECHATPAY/SIGNTEST/}); no cause for alarm. */
    SIGNATURE_PROBE(Check.SIGNATURE, Answer.NOT_GENUINE),
    UNKNOWN_KEY(Check.KEY, Answer.NOT_GENUINE),
    TIMESTAMP_OUTSIDE_WINDOW(Check.TIMESTAMP, Answer.NOT_GENUINE),
    UNDECRYPTABLE(Check.DECRYPTION, Answer.NOT_GENUINE),
    UNPARSABLE(Check.FORM, Answer.MALFORMED),
    REPEATED_FIELD(Check.FORM, Answer.MALFORMED),
    AMOUNT_NOT_EXACT(Check.FORM, Answer.MALFORMED);

    private final Check check;
    private final Answer answer;

    Rejection(Check check, Answer answer) {
        this.check = check;
        this.answer = answer;
    }

    /** The check that failed. */
    public Check check() {
        return check;
    }

    /** What the provider is told. */
    public Answer answer() {
        return answer;
    }
}
