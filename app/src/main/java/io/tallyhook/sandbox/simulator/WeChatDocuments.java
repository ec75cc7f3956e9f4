package io.tallyhook.sandbox.simulator;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON documents of APIv3: a transaction and a refund, as queries answer and callbacks carry them. */
final class WeChatDocuments {

    static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Clock clock;

    WeChatDocuments(Clock clock) {
        this.clock = clock;
    }

    byte[] json(Map<String, Object> content) {
        return JSON.writeValueAsBytes(content);
    }

    JsonNode parse(byte[] body) {
        return JSON.readTree(body);
    }

    static String time(Instant instant) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                instant.truncatedTo(ChronoUnit.SECONDS).atZone(BEIJING));
    }

    String now() {
        return time(clock.instant());
    }

    /** A transaction as the query answers it; that of a paid one is also what its callback carries. */
    Map<String, Object> transaction(SimulatedOrder order) {
        var document = new LinkedHashMap<String, Object>();
        document.put("appid", SandboxKeys.WECHAT_APP_ID);
        document.put("mchid", SandboxKeys.WECHAT_MCH_ID);
        document.put("out_trade_no", order.outTradeNo());
        document.put("attach", order.attachment());
        document.put("trade_state", tradeState(order));
        document.put("trade_state_desc", description(order));
        if (order.state() == SimulatedOrder.State.PAID) {
            document.put("transaction_id", order.transaction());
            document.put("trade_type", order.product());
            document.put("bank_type", "OTHERS");
            document.put("success_time", time(order.changed()));
            document.put("payer", Map.of("openid", "oSandbox-payer-000000000000"));
        }
        document.put("amount", amount(order));
        return document;
    }

    private static Map<String, Object> amount(SimulatedOrder order) {
        var amount = new LinkedHashMap<String, Object>();
        amount.put("total", order.received().minorUnits());
        amount.put("currency", order.received().currency().getCurrencyCode());
        if (order.state() == SimulatedOrder.State.PAID) {
            amount.put("payer_total", order.received().minorUnits());
            amount.put("payer_currency", order.received().currency().getCurrencyCode());
        }
        return amount;
    }

    /** A refund as its own calls answer it. */
    Map<String, Object> refund(SimulatedOrder order, SimulatedOrder.Refund refund) {
        var document = refundCore(order, refund);
        document.put("channel", "ORIGINAL");
        document.put("user_received_account", "支付用户零钱");
        document.put("create_time", time(refund.at()));
        document.put("status", refund.state().name());
        document.put("funds_account", "AVAILABLE");
        var amount = new LinkedHashMap<>(refundAmount(order, refund));
        amount.put("settlement_refund", refund.amount());
        amount.put("settlement_total", order.received().minorUnits());
        amount.put("discount_refund", 0);
        amount.put("currency", "CNY");
        document.put("amount", amount);
        return document;
    }

    /** A refund as its callback carries it: with {@code refund_status}, and an amount without a currency. */
    Map<String, Object> refundNotice(SimulatedOrder order, SimulatedOrder.Refund refund) {
        var document = new LinkedHashMap<String, Object>();
        document.put("mchid", SandboxKeys.WECHAT_MCH_ID);
        document.putAll(refundCore(order, refund));
        document.put("refund_status", refund.state().name());
        document.put("user_received_account", "支付用户零钱");
        document.put("amount", refundAmount(order, refund));
        return document;
    }

    private static Map<String, Object> refundCore(SimulatedOrder order, SimulatedOrder.Refund refund) {
        var document = new LinkedHashMap<String, Object>();
        document.put("transaction_id", order.transaction());
        document.put("out_trade_no", order.outTradeNo());
        document.put("refund_id", refund.providerNumber());
        document.put("out_refund_no", refund.number());
        if (refund.state() == SimulatedOrder.RefundState.SUCCESS) {
            document.put("success_time", time(refund.at()));
        }
        return document;
    }

    private static Map<String, Object> refundAmount(SimulatedOrder order, SimulatedOrder.Refund refund) {
        var amount = new LinkedHashMap<String, Object>();
        amount.put("total", order.received().minorUnits());
        amount.put("refund", refund.amount());
        amount.put("payer_total", order.received().minorUnits());
        amount.put("payer_refund", refund.amount());
        return amount;
    }

    private static String tradeState(SimulatedOrder order) {
        return switch (order.state()) {
            case NOT_PAID -> "NOTPAY";
            case CLOSED -> "CLOSED";
            case PAID -> order.refunds().isEmpty() ? "SUCCESS" : "REFUND";
        };
    }

    private static String description(SimulatedOrder order) {
        return switch (order.state()) {
            case NOT_PAID -> "订单未支付";
            case CLOSED -> "订单已关闭";
            case PAID -> order.refunds().isEmpty() ? "支付成功" : "订单发生过退款";
        };
    }
}
