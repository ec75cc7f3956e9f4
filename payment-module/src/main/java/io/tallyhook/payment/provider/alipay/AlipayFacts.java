package io.tallyhook.payment.provider.alipay;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.wire.NotBelieved;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Alipay says about a trade, in a notification or in the answer to a query. Payments, refunds and closings of
 * one trade all come under the same few states; only the fields beside them tell which it is.
 */
final class AlipayFacts {

    private AlipayFacts() {}

    /**
     * @param claim for whom the message says it is
     * @param seenAt stands in for the time of payment where the message has none
     */
    static Fact trade(AlipayFields fields, Claim claim, Instant seenAt) {
        var outTradeNo = fields.word("out_trade_no");
        var status = fields.word("trade_status");
        refuseForeignCurrency(fields);
        return switch (status) {
            case "TRADE_SUCCESS" ->
                fields.has("gmt_refund") && refundFee(fields).isPresent()
                        ? refunded(fields, outTradeNo, claim)
                        : paid(fields, outTradeNo, claim, seenAt);
            case "TRADE_FINISHED" -> paid(fields, outTradeNo, claim, seenAt);
            case "TRADE_CLOSED" -> closed(fields, outTradeNo, claim);
            default -> new Fact.Unchanged(outTradeNo, claim, status);
        };
    }

    private static Fact paid(AlipayFields fields, String outTradeNo, Claim claim, Instant seenAt) {
        return new Fact.Paid(
                outTradeNo,
                claim,
                fields.word("trade_no"),
                fields.yuan("total_amount"),
                paymentTime(fields).orElse(seenAt));
    }

    private static Fact closed(AlipayFields fields, String outTradeNo, Claim claim) {
        if (fields.has("gmt_refund") || refundFee(fields).isPresent()) {
            return refunded(fields, outTradeNo, claim);
        }
        // Closed, but once paid: given back in full, as far as this message tells. By no means closed unpaid.
        return paymentTime(fields).isPresent()
                ? new Fact.Unchanged(outTradeNo, claim, "TRADE_CLOSED")
                : new Fact.Closed(outTradeNo, claim);
    }

    private static Fact refunded(AlipayFields fields, String outTradeNo, Claim claim) {
        var total = fields.yuan("total_amount");
        @Nullable Instant at = fields.optionalTime("gmt_refund").orElse(null);
        return new Fact.Refunded(
                outTradeNo,
                claim,
                RefundResult.SUCCEEDED,
                fields.optionalWord("trade_no").orElse(null),
                fields.optionalWord("out_biz_no").orElse(null),
                null,
                null,
                refundFee(fields).orElse(total),
                total,
                at);
    }

    private static Optional<Money> refundFee(AlipayFields fields) {
        return fields.has("refund_fee")
                ? Optional.of(fields.yuan("refund_fee")).filter(Money::isPositive)
                : Optional.empty();
    }

    private static Optional<Instant> paymentTime(AlipayFields fields) {
        return fields.optionalTime("gmt_payment").or(() -> fields.optionalTime("send_pay_date"));
    }

    private static void refuseForeignCurrency(AlipayFields fields) {
        fields.optionalWord("trans_currency")
                .filter(currency -> !currency.equals(Money.CNY.getCurrencyCode()))
                .ifPresent(currency -> {
                    throw NotBelieved.unparsable("trans_currency %s is not supported".formatted(currency));
                });
    }
}
