package io.tallyhook.payment.provider.alipay;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** What a refund is in Alipay's words ({@code alipay.trade.refund}, {@code alipay.trade.fastpay.refund.query}). */
final class AlipayRefunds {

    /** The answers name neither application nor seller; but they are signed, and are to questions only we could ask. */
    private static final Claim NOBODY = new Claim(Map.of());

    /**
     * Refusals of a refund after which nothing was given back and nothing will be ({@code alipay.trade.refund}, business
     * error codes). Not among them: what tells of a refund with this number, and trouble with our own keys.
     */
    private static final Set<String> REFUSED = Set.of(
            "ACQ.INVALID_PARAMETER",
            "ACQ.SELLER_BALANCE_NOT_ENOUGH",
            "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
            "ACQ.REFUND_FEE_ERROR",
            "ACQ.REASON_TRADE_REFUND_FEE_ERR",
            "ACQ.REASON_TRADE_BEEN_FREEZEN",
            "ACQ.REASON_TRADE_STATUS_INVALID",
            "ACQ.TRADE_NOT_EXIST",
            "ACQ.TRADE_HAS_FINISHED",
            "ACQ.TRADE_STATUS_ERROR",
            "ACQ.TRADE_NOT_ALLOW_REFUND",
            "ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND",
            "ACQ.CUSTOMER_VALIDATE_ERROR",
            "ACQ.BUYER_ERROR");

    private AlipayRefunds() {}

    static ObjectNode content(RefundOrder order) {
        return StrictJson.empty()
                .put("out_trade_no", order.outTradeNo())
                .put("out_request_no", order.refundNo())
                .put("refund_amount", order.amount().plain())
                .put("refund_reason", order.reason());
    }

    static ObjectNode question(RefundOrder order) {
        var question =
                StrictJson.empty().put("out_trade_no", order.outTradeNo()).put("out_request_no", order.refundNo());
        question.putArray("query_options").add("gmt_refund_pay");
        return question;
    }

    /** Whether this very call has moved money; a success alone does not say so. */
    static boolean moved(AlipayAnswer answer, RefundOrder order) {
        requireSame(answer, "out_trade_no", order.outTradeNo());
        return answer.word("fund_change").equals("Y");
    }

    /** What to throw when a refund was not taken. */
    static RuntimeException failure(AlipayAnswer answer) {
        var subCode = answer.fields().getOrDefault("sub_code", "");
        return "40004".equals(answer.fields().get("code")) && REFUSED.contains(subCode)
                ? new ProviderRefused(subCode, answer.fields().getOrDefault("sub_msg", "no reason given"))
                : answer.unclear();
    }

    /** The answer tells only what was given back in all, so the amount is the one that was asked for. */
    static RefundAnswer succeeded(AlipayAnswer answer, RefundOrder order) {
        return believed(() -> ended(answer, order, order.amount()));
    }

    /** What has become of it, if Alipay knows that it has; else it may never have arrived. */
    static Optional<RefundAnswer> queried(AlipayAnswer answer, RefundOrder order) {
        if (!"REFUND_SUCCESS".equals(answer.fields().get("refund_status"))) {
            return Optional.empty();
        }
        requireSame(answer, "out_trade_no", order.outTradeNo());
        requireSame(answer, "out_request_no", order.refundNo());
        return Optional.of(
                believed(() -> ended(answer, order, new AlipayFields(answer.fields()).yuan("refund_amount"))));
    }

    private static RefundAnswer ended(AlipayAnswer answer, RefundOrder order, Money amount) {
        var fields = new AlipayFields(answer.fields());
        return new RefundAnswer.Ended(new Fact.Refunded(
                order.outTradeNo(),
                NOBODY,
                RefundResult.SUCCEEDED,
                fields.optionalWord("trade_no").orElse(null),
                order.refundNo(),
                null,
                amount,
                null,
                null,
                fields.optionalTime("gmt_refund_pay").orElse(null)));
    }

    private static void requireSame(AlipayAnswer answer, String field, String expected) {
        if (!answer.word(field).equals(expected)) {
            throw new ProviderUnclear("the answer is about another refund", null);
        }
    }

    private static RefundAnswer believed(Supplier<RefundAnswer> reading) {
        try {
            return reading.get();
        } catch (NotBelieved because) {
            throw new ProviderUnclear(
                    "the answer is not readable: " + because.verdict().reason(), because);
        }
    }
}
