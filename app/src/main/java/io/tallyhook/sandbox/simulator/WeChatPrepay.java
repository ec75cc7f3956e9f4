package io.tallyhook.sandbox.simulator;

import io.tallyhook.payment.Money;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** WeChat Pay's order calls: checks every documented rule, remembers the order, answers what the payer needs. */
final class WeChatPrepay {

    private final SimulatedOrders orders;
    private final PayerPages pages;
    private final Clock clock;

    WeChatPrepay(SimulatedOrders orders, PayerPages pages, Clock clock) {
        this.orders = orders;
        this.pages = pages;
        this.clock = clock;
    }

    /**
     * Takes an order; the same one again gets the same answer.
     *
     * @param product {@code native}, {@code jsapi}, {@code h5} or {@code app}
     */
    Map<String, Object> order(String product, JsonNode body) {
        var answer = productAnswer(product, body);
        mustBe(body, "appid", SandboxKeys.WECHAT_APP_ID);
        mustBe(body, "mchid", SandboxKeys.WECHAT_MCH_ID);
        var wanted = order(product, body, text(body, "out_trade_no", 32));
        var order = orders.known(SimulatedProvider.WECHAT, wanted.outTradeNo(), () -> wanted);
        if (!order.terms().equals(wanted.terms())) {
            throw new WeChatError(403, "OUT_TRADE_NO_USED", "商户订单号重复: ordered before with other parameters");
        }
        return switch (order.state()) {
            case NOT_PAID -> answer;
            case PAID -> throw new WeChatError(400, "ORDERPAID", "该订单已支付");
            case CLOSED -> throw new WeChatError(400, "ORDER_CLOSED", "该订单已关闭，请重新下单");
        };
    }

    private SimulatedOrder order(String product, JsonNode body, String outTradeNo) {
        if (!outTradeNo.matches("[0-9A-Za-z_\\-|*]{6,32}")) {
            throw WeChatError.parameter("out_trade_no", "must be 6 to 32 characters of 0-9 A-Z a-z _ - | *");
        }
        var now = clock.instant();
        var attach = body.has("attach") ? text(body, "attach", 128) : "";
        return SimulatedOrder.fresh(
                        SimulatedProvider.WECHAT,
                        outTradeNo,
                        amount(body),
                        text(body, "description", 127),
                        product.equals("h5") ? "MWEB" : product.toUpperCase(Locale.ROOT),
                        product + " " + body,
                        notifyUrl(text(body, "notify_url", 255)),
                        now)
                .with("utf-8", attach, expiry(body, now).orElse(now.plus(Duration.ofDays(7))));
    }

    private Map<String, Object> productAnswer(String product, JsonNode body) {
        var number = body.path("out_trade_no").asString("");
        return switch (product) {
            case "native" -> Map.of("code_url", page(number));
            case "app" -> Map.of("prepay_id", prepayId(number));
            case "jsapi" -> {
                text(body.path("payer"), "openid", 128);
                yield Map.of("prepay_id", prepayId(number));
            }
            case "h5" -> {
                text(body.path("scene_info"), "payer_client_ip", 45);
                text(body.path("scene_info").path("h5_info"), "type", 32);
                yield Map.of("h5_url", page(number));
            }
            default -> throw new WeChatError(404, "RESOURCE_NOT_EXISTS", "无此接口: there is no product " + product);
        };
    }

    private String page(String outTradeNo) {
        return outTradeNo.matches("[0-9A-Za-z_\\-]+")
                ? pages.of(SimulatedProvider.WECHAT, outTradeNo).toString()
                : "";
    }

    private static String prepayId(String outTradeNo) {
        return "wx" + outTradeNo;
    }

    private static Money amount(JsonNode body) {
        var total = body.path("amount").path("total");
        if (!total.isIntegralNumber() || !total.canConvertToLong() || total.longValue() < 1) {
            throw WeChatError.parameter("amount.total", "must be a whole number of fen above 0");
        }
        if (!body.path("amount").path("currency").asString("CNY").equals("CNY")) {
            throw WeChatError.parameter("amount.currency", "must be CNY");
        }
        return Money.fen(total.longValue());
    }

    private static Optional<Instant> expiry(JsonNode body, Instant now) {
        if (!body.has("time_expire")) {
            return Optional.empty();
        }
        try {
            var expiry = OffsetDateTime.parse(text(body, "time_expire", 64)).toInstant();
            // Measured from the first order; a repeat of it is not judged again, but this check comes before we know.
            if (expiry.isAfter(now.plus(Duration.ofDays(90)))) {
                throw WeChatError.parameter("time_expire", "must be at most 90 days ahead");
            }
            return Optional.of(expiry);
        } catch (DateTimeException e) {
            throw WeChatError.parameter("time_expire", "must look like 2026-01-01T12:00:00+08:00");
        }
    }

    static URI notifyUrl(String text) {
        try {
            var url = URI.create(text);
            if (url.getHost() != null
                    && url.getQuery() == null
                    && url.getScheme().startsWith("http")) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            throw WeChatError.parameter("notify_url", "is not an address");
        }
        throw WeChatError.parameter("notify_url", "must be an absolute address without a query");
    }

    private static void mustBe(JsonNode body, String field, String expected) {
        if (!expected.equals(text(body, field, 32))) {
            throw WeChatError.parameter(field, "is not of this merchant");
        }
    }

    static String text(JsonNode body, String field, int most) {
        var value = body.path(field);
        if (!value.isString()
                || value.asString().isBlank()
                || value.asString().codePointCount(0, value.asString().length()) > most) {
            throw WeChatError.parameter(field, "is required, a text of at most %d characters".formatted(most));
        }
        return value.asString();
    }
}
