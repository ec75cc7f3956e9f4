package io.tallyhook.payment.provider.alipay;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.provider.PaymentGateway.Order;
import io.tallyhook.payment.provider.wire.OrderFields;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** What an order is in Alipay's words, method by method (Alipay OpenAPI, {@code alipay.trade.*}). */
final class AlipayOrders {

    static final String PRECREATE = "precreate";
    static final String PAGE = "page";
    static final String WAP = "wap";
    static final String APP = "app";

    private static final Map<String, Set<String>> FIELDS =
            Map.of(PRECREATE, Set.of(), PAGE, Set.of("returnUrl"), WAP, Set.of("returnUrl", "quitUrl"), APP, Set.of());

    private AlipayOrders() {}

    static Set<String> methods() {
        return FIELDS.keySet();
    }

    /** @throws Refusal (400) naming the field */
    static void check(Order order) {
        OrderFields.check(order, FIELDS);
        OrderFields.checkAddress(order, "returnUrl");
        OrderFields.checkAddress(order, "quitUrl");
    }

    /** The name of the gateway's method. */
    static String method(Order order) {
        return order.method().equals(PRECREATE) ? "alipay.trade.precreate" : "alipay.trade." + order.method() + ".pay";
    }

    static ObjectNode content(Order order) {
        var content = StrictJson.empty()
                .put("out_trade_no", order.outTradeNo())
                .put("total_amount", order.amount().plain())
                .put("subject", subject(order.description()));
        if (order.expiresAt() != null) {
            content.put("time_expire", AlipaySigner.TIME.format(order.expiresAt()));
        }
        switch (order.method()) {
            case PAGE -> content.put("product_code", "FAST_INSTANT_TRADE_PAY");
            case WAP -> {
                content.put("product_code", "QUICK_WAP_WAY");
                if (order.fields().containsKey("quitUrl")) {
                    content.put("quit_url", order.fields().get("quitUrl"));
                }
            }
            case APP -> content.put("product_code", "QUICK_MSECURITY_PAY");
            default -> {}
        }
        return content;
    }

    /** Parameters beside the content. */
    static Map<String, String> further(Order order) {
        var further = new LinkedHashMap<String, String>();
        further.put("notify_url", order.notifyUrl().toString());
        if (order.fields().containsKey("returnUrl")) {
            further.put("return_url", order.fields().getOrDefault("returnUrl", ""));
        }
        return further;
    }

    /** Alipay forbids these characters in a subject. */
    private static String subject(String description) {
        return description.replaceAll("[/=&]", " ");
    }
}
