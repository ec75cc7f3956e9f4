package io.tallyhook.sandbox.simulator;

/** A refusal in Alipay's own form: a code of five digits, and a sub-code that says what really happened. */
final class AlipayError extends RuntimeException {

    private final String code;
    private final String subCode;

    AlipayError(String code, String subCode, String message) {
        super(message);
        this.code = code;
        this.subCode = subCode;
    }

    static AlipayError invalid(String field, String rule) {
        return new AlipayError("40002", "isv.invalid-parameter", "%s %s".formatted(field, rule));
    }

    static AlipayError business(String subCode, String message) {
        return new AlipayError("40004", subCode, message);
    }

    static AlipayError unknownTrade() {
        return business("ACQ.TRADE_NOT_EXIST", "交易不存在");
    }

    String code() {
        return code;
    }

    /** The general meaning of the code. */
    String generalText() {
        return code.equals("40004") ? "Business Failed" : "Invalid Arguments";
    }

    String subCode() {
        return subCode;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
