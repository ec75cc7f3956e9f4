package io.tallyhook.payment.provider.wechat;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.wire.NotBelieved;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Reads what WeChat Pay says about a payment or a refund, in a notification's content or in the answer to a query. */
final class WeChatFacts {

    private static final String YUAN = Money.CNY.getCurrencyCode();

    /** What only payments of service providers and combined payments have. */
    private static final List<String> FOREIGN =
            List.of("sp_mchid", "sub_mchid", "sp_appid", "combine_mchid", "combine_out_trade_no", "sub_orders");

    private WeChatFacts() {}

    /**
     * The content of a notification. Its own state decides, not the type on the envelope: {@code trade_state} REFUND
     * under {@code TRANSACTION.SUCCESS} is no payment.
     */
    static Fact notified(String eventType, ObjectNode content) {
        var fields = new JsonFields(content);
        refuseForeign(fields);
        if (eventType.startsWith("TRANSACTION.")) {
            return transaction(content);
        }
        if (eventType.startsWith("REFUND.")) {
            return refund(fields);
        }
        if (!fields.has("out_trade_no")) {
            throw NotBelieved.unparsable("%s is about no payment: it has no out_trade_no".formatted(eventType));
        }
        return new Fact.Unchanged(fields.word("out_trade_no"), claim(fields), eventType);
    }

    /** A transaction object. */
    static Fact transaction(ObjectNode content) {
        var fields = new JsonFields(content);
        refuseForeign(fields);
        var outTradeNo = fields.word("out_trade_no");
        var state = fields.word("trade_state");
        return switch (state) {
            case "SUCCESS" ->
                new Fact.Paid(
                        outTradeNo,
                        claimOf(fields, Check.APP_ID, Check.MERCHANT_ID),
                        fields.word("transaction_id"),
                        fields.money(
                                "amount.total",
                                fields.optionalWord("amount.currency").orElse(YUAN)),
                        fields.time("success_time"));
            case "CLOSED", "REVOKED" -> new Fact.Closed(outTradeNo, claimOf(fields, Check.APP_ID, Check.MERCHANT_ID));
            default -> new Fact.Unchanged(outTradeNo, claim(fields), state);
        };
    }

    private static Fact refund(JsonFields fields) {
        var outTradeNo = fields.word("out_trade_no");
        var status = fields.word("refund_status");
        return switch (status) {
            case "SUCCESS" -> refunded(fields, outTradeNo, claimOf(fields, Check.MERCHANT_ID), RefundResult.SUCCEEDED);
            case "CLOSED" -> refunded(fields, outTradeNo, claimOf(fields, Check.MERCHANT_ID), RefundResult.FAILED);
            case "ABNORMAL" -> refunded(fields, outTradeNo, claimOf(fields, Check.MERCHANT_ID), RefundResult.ABNORMAL);
            default -> new Fact.Unchanged(outTradeNo, claim(fields), status);
        };
    }

    /** A refund object as the refund calls answer it, which is signed but names neither merchant nor application. */
    static Fact.Refunded refundAnswered(JsonFields fields, String status) {
        var currency = fields.optionalWord("amount.currency").orElse(YUAN);
        if (!currency.equals(YUAN)) {
            throw NotBelieved.unparsable("currency %s is not supported".formatted(currency));
        }
        var result = status.equals("SUCCESS") ? RefundResult.SUCCEEDED : RefundResult.FAILED;
        return refunded(fields, fields.word("out_trade_no"), claim(fields), result);
    }

    private static Fact.Refunded refunded(JsonFields fields, String outTradeNo, Claim claim, RefundResult result) {
        return new Fact.Refunded(
                outTradeNo,
                claim,
                result,
                fields.word("transaction_id"),
                fields.word("out_refund_no"),
                fields.word("refund_id"),
                fields.money("amount.refund", YUAN),
                null,
                fields.money("amount.total", YUAN),
                fields.optionalTime("success_time").orElse(null));
    }

    private static Claim claimOf(JsonFields fields, Check... required) {
        for (var check : required) {
            fields.word(name(check));
        }
        return claim(fields);
    }

    private static Claim claim(JsonFields fields) {
        Map<Check, String> parties = new EnumMap<>(Check.class);
        for (var check : List.of(Check.APP_ID, Check.MERCHANT_ID)) {
            fields.optionalWord(name(check)).ifPresent(value -> parties.put(check, value));
        }
        return new Claim(parties);
    }

    private static String name(Check party) {
        return party == Check.APP_ID ? "appid" : "mchid";
    }

    private static void refuseForeign(JsonFields fields) {
        FOREIGN.stream().filter(fields::has).findFirst().ifPresent(name -> {
            throw new NotBelieved(
                    Rejection.UNPARSABLE,
                    "a payment of the merchant itself",
                    "%s: payments of service providers and combined payments are not supported".formatted(name));
        });
    }
}
