package io.tallyhook.sandbox.simulator;

/** A refusal in WeChat Pay's own form: status, code, message. */
final class WeChatError extends RuntimeException {

    private final int status;
    private final String code;

    WeChatError(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    static WeChatError parameter(String field, String rule) {
        return new WeChatError(400, "PARAM_ERROR", "%s %s".formatted(field, rule));
    }

    static WeChatError signature(String message) {
        return new WeChatError(401, "SIGN_ERROR", message);
    }

    static WeChatError unknownOrder() {
        return new WeChatError(404, "ORDER_NOT_EXIST", "订单不存在");
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
