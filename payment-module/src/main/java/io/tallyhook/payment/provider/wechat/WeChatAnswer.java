package io.tallyhook.payment.provider.wechat;

import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.wire.NotBelieved;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer of WeChat Pay's API that is believed: content, or an error code with a message.
 *
 * @param signed whether WeChat Pay has signed it, as it does with every success
 */
record WeChatAnswer(int status, JsonFields fields, boolean signed) {

    /** Only what is said of orders: {@code RESOURCE_NOT_EXISTS} may as well mean the address. */
    private static final Set<String> NOT_FOUND = Set.of("ORDERNOTEXIST", "ORDERNOTEXISTS");

    /**
     * Failures that say nothing about what has become of an order, whatever their status. Among them those that tell of
     * an order with this number: it was made by an attempt of ours whose answer was lost.
     */
    private static final Set<String> UNCLEAR = Set.of(
            "SYSTEMERROR",
            "BANKERROR",
            "FREQUENCYLIMITED",
            "FREQUENCYLIMITEXCEED",
            "RATELIMITEXCEEDED",
            "RATELIMITEXCEED",
            "OUTTRADENOUSED",
            "ORDERPAID",
            "USERPAYING");

    /**
     * Refusals of a refund after which nothing was given back and nothing will be (APIv3, error codes of the refund call).
     * All others, such as trouble with our own keys, are left to a person while the refund stays asked for.
     */
    private static final Set<String> REFUND_REFUSED = Set.of(
            "PARAMERROR",
            "INVALIDREQUEST",
            "NOTENOUGH",
            "USERACCOUNTABNORMAL",
            "MCHNOTEXISTS",
            "ORDERNOTEXIST",
            "ORDERNOTEXISTS",
            "RESOURCENOTEXISTS");

    /** Done. Other 2xx, such as 202 while the payer is typing a password, are not. */
    boolean isSuccess() {
        return status == 200 || status == 204;
    }

    boolean isNotFound() {
        return isDefinite() && NOT_FOUND.contains(plainCode());
    }

    boolean isAlreadyPaid() {
        return !isSuccess() && plainCode().equals("ORDERPAID");
    }

    boolean isAlreadyClosed() {
        return isDefinite() && plainCode().equals("ORDERCLOSED");
    }

    /** The content of a success. */
    ObjectNode content() {
        return fields.node();
    }

    /** A field that a success must have. */
    String word(String name) {
        try {
            return fields.text(name)
                    .filter(text -> !text.isBlank())
                    .orElseThrow(() -> new ProviderUnclear("the answer has no " + name, null));
        } catch (NotBelieved malformed) {
            throw new ProviderUnclear("the answer has no " + name, malformed);
        }
    }

    /** What to throw for a failure: refused only if it is sure that nothing was done and nothing will be. */
    RuntimeException failure() {
        return isDefinite() && !UNCLEAR.contains(plainCode())
                ? new ProviderRefused(code(), text("message"))
                : unclear();
    }

    /** Whether it says that there is no refund with this number; only WeChat Pay itself can know. */
    boolean knowsNoRefund() {
        return signed && status == 404 && plainCode().equals("RESOURCENOTEXISTS");
    }

    /** What to throw when a refund was not taken: anybody could have made up a refusal that is not signed. */
    RuntimeException refundFailure() {
        return signed && isDefinite() && REFUND_REFUSED.contains(plainCode())
                ? new ProviderRefused(code(), text("message"))
                : unclear();
    }

    /** What to throw where even a definite failure leaves open what has become of the order. */
    ProviderUnclear unclear() {
        return new ProviderUnclear("status %d %s".formatted(status, code()).strip(), null);
    }

    private boolean isDefinite() {
        return status >= 400 && status < 500 && status != 408 && status != 429 && !code().isEmpty();
    }

    private String code() {
        return text("code");
    }

    /** WeChat Pay writes the same code with and without underscores. */
    private String plainCode() {
        return code().replace("_", "");
    }

    private String text(String name) {
        return content().path(name).asString("");
    }
}
