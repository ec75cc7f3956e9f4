package io.tallyhook.payment.provider.wechat;

import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** What a refund is in WeChat Pay's words (WeChat Pay APIv3, {@code /v3/refund/domestic/refunds}). */
final class WeChatRefunds {

    static final String PATH = "/v3/refund/domestic/refunds";

    private static final int LONGEST_REASON = 80;

    private WeChatRefunds() {}

    static String path(RefundOrder order) {
        return PATH + "/" + URLEncoder.encode(order.refundNo(), StandardCharsets.UTF_8);
    }

    static ObjectNode body(RefundOrder order) {
        var body = StrictJson.empty()
                .put("out_trade_no", order.outTradeNo())
                .put("out_refund_no", order.refundNo())
                .put("reason", shortened(order.reason()))
                .put("notify_url", order.notifyUrl().toString());
        body.putObject("amount")
                .put("refund", order.amount().minorUnits())
                .put("total", order.paid().minorUnits())
                .put("currency", order.amount().currency().getCurrencyCode());
        return body;
    }

    /** What the answer to either call says; it must be about this refund. */
    static RefundAnswer answer(WeChatAnswer answer, RefundOrder order) {
        try {
            var fields = answer.fields();
            if (!fields.word("out_refund_no").equals(order.refundNo())
                    || !fields.word("out_trade_no").equals(order.outTradeNo())) {
                throw new ProviderUnclear("the answer is about another refund", null);
            }
            var status = fields.word("status");
            return switch (status) {
                case "SUCCESS", "CLOSED" -> new RefundAnswer.Ended(WeChatFacts.refundAnswered(fields, status));
                case "PROCESSING" -> new RefundAnswer.Accepted(fields.word("refund_id"));
                case "ABNORMAL" -> new RefundAnswer.Stuck(status, fields.word("refund_id"));
                default -> throw new ProviderUnclear("the refund is " + status, null);
            };
        } catch (NotBelieved because) {
            throw new ProviderUnclear(
                    "the answer is not readable: " + because.verdict().reason(), because);
        }
    }

    private static String shortened(String reason) {
        return reason.codePoints()
                .limit(LONGEST_REASON)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
