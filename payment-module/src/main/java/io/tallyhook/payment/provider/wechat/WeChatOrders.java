package io.tallyhook.payment.provider.wechat;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.provider.PaymentGateway.Order;
import io.tallyhook.payment.provider.wire.OrderFields;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** What an order is in WeChat Pay's words, method by method (WeChat Pay APIv3, ordering). */
final class WeChatOrders {

    private static final String NATIVE = "native";
    private static final String JSAPI = "jsapi";
    private static final String H5 = "h5";
    private static final String APP = "app";

    private static final Map<String, Set<String>> FIELDS =
            Map.of(NATIVE, Set.of(), JSAPI, Set.of("openid"), H5, Set.of("payerClientIp", "h5Type"), APP, Set.of());

    private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

    private WeChatOrders() {}

    static Set<String> methods() {
        return FIELDS.keySet();
    }

    /** @throws Refusal (400) naming the field */
    static void check(Order order) {
        OrderFields.check(order, FIELDS);
        switch (order.method()) {
            case JSAPI ->
                OrderFields.require(
                        order,
                        "openid",
                        "[0-9A-Za-z_-]{1,128}",
                        "is required by the method jsapi: the payer's id in your WeChat application");
            case H5 -> {
                OrderFields.require(
                        order,
                        "payerClientIp",
                        "[0-9a-fA-F.:]{2,45}",
                        "is required by the method h5: the payer's IP address");
                if (order.fields().containsKey("h5Type")) {
                    OrderFields.require(order, "h5Type", "Wap|iOS|Android", "must be Wap, iOS or Android");
                }
            }
            default -> {}
        }
    }

    static String path(Order order) {
        return "/v3/pay/transactions/" + order.method();
    }

    static ObjectNode body(WeChatAccount account, Order order) {
        var body = StrictJson.empty()
                .put("appid", account.appId())
                .put("mchid", account.mchId())
                .put("description", order.description())
                .put("out_trade_no", order.outTradeNo())
                .put("notify_url", order.notifyUrl().toString());
        if (order.expiresAt() != null) {
            body.put(
                    "time_expire",
                    DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                            order.expiresAt().truncatedTo(ChronoUnit.SECONDS).atZone(BEIJING)));
        }
        body.putObject("amount")
                .put("total", order.amount().minorUnits())
                .put("currency", order.amount().currency().getCurrencyCode());
        switch (order.method()) {
            case JSAPI -> body.putObject("payer").put("openid", order.fields().get("openid"));
            case H5 ->
                body.putObject("scene_info")
                        .put("payer_client_ip", order.fields().get("payerClientIp"))
                        .putObject("h5_info")
                        .put("type", order.fields().getOrDefault("h5Type", "Wap"));
            default -> {}
        }
        return body;
    }

    /** What the payer's device needs. */
    static Map<String, String> payParams(Order order, WeChatAnswer answer, WeChatSigner signer) {
        return switch (order.method()) {
            case NATIVE -> Map.of("codeUrl", answer.word("code_url"));
            case H5 -> Map.of("h5Url", answer.word("h5_url"));
            case JSAPI -> signer.jsapi(answer.word("prepay_id"));
            case APP -> signer.app(answer.word("prepay_id"));
            default -> throw new IllegalArgumentException("There is no method " + order.method());
        };
    }
}
