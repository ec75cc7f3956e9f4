package io.tallyhook.sandbox.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** WeChat Pay's side of APIv3 for a direct merchant: order, query, close, refund. Every answer is signed. */
final class WeChatApi {

    private static final String ORDERS = "/v3/pay/transactions/";
    private static final String BY_NUMBER = ORDERS + "out-trade-no/";
    private static final String REFUNDS = "/v3/refund/domestic/refunds";
    private static final Pattern CLOSE = Pattern.compile(BY_NUMBER + "([^/]+)/close");

    private final WeChatWire wire;
    private final WeChatPrepay prepay;
    private final WeChatRefunds refunds;
    private final SimulatedOrders orders;
    private final WeChatDocuments documents;
    private final Clock clock;

    WeChatApi(
            WeChatWire wire,
            WeChatPrepay prepay,
            WeChatRefunds refunds,
            SimulatedOrders orders,
            WeChatDocuments documents,
            Clock clock) {
        this.wire = wire;
        this.prepay = prepay;
        this.refunds = refunds;
        this.orders = orders;
        this.documents = documents;
        this.clock = clock;
    }

    ApiAnswer answer(ApiRequest request) {
        try {
            wire.authenticate(request);
            return route(request);
        } catch (WeChatError e) {
            var body = new LinkedHashMap<String, Object>();
            body.put("code", e.code());
            body.put("message", e.text());
            return signed(e.status(), documents.json(body));
        }
    }

    private ApiAnswer route(ApiRequest request) {
        return switch (request.method()) {
            case "GET" -> get(request, request.path());
            case "POST" -> post(request, request.path());
            default -> throw noSuchCall();
        };
    }

    private ApiAnswer post(ApiRequest request, String path) {
        var close = CLOSE.matcher(path);
        if (close.matches()) {
            return close(close.group(1), request);
        } else if (path.equals(REFUNDS)) {
            return ok(refunds.create(body(request)));
        } else if (path.startsWith(ORDERS)) {
            return ok(prepay.order(path.substring(ORDERS.length()), body(request)));
        }
        throw noSuchCall();
    }

    private ApiAnswer get(ApiRequest request, String path) {
        if (path.startsWith(BY_NUMBER)) {
            return query(request, BY_NUMBER, this::byNumber);
        } else if (path.startsWith(ORDERS + "id/")) {
            return query(request, ORDERS + "id/", this::byTransaction);
        } else if (path.startsWith(REFUNDS + "/")) {
            return ok(refunds.find(path.substring(REFUNDS.length() + 1)));
        }
        throw noSuchCall();
    }

    private static WeChatError noSuchCall() {
        return new WeChatError(404, "RESOURCE_NOT_EXISTS", "无此接口: the simulator has no such call");
    }

    private ApiAnswer query(ApiRequest request, String prefix, Function<String, SimulatedOrder> find) {
        var merchant = URLDecoder.decode(request.rawQuery(), StandardCharsets.UTF_8);
        if (!merchant.equals("mchid=" + SandboxKeys.WECHAT_MCH_ID)) {
            throw WeChatError.parameter("mchid", "must be in the query and be the signing merchant's");
        }
        return ok(documents.transaction(find.apply(request.path().substring(prefix.length()))));
    }

    private SimulatedOrder byNumber(String outTradeNo) {
        return orders.find(SimulatedProvider.WECHAT, outTradeNo).orElseThrow(WeChatError::unknownOrder);
    }

    private SimulatedOrder byTransaction(String transactionId) {
        return orders.find(order -> order.provider() == SimulatedProvider.WECHAT
                        && order.transaction().equals(transactionId))
                .orElseThrow(WeChatError::unknownOrder);
    }

    private ApiAnswer close(String outTradeNo, ApiRequest request) {
        if (!SandboxKeys.WECHAT_MCH_ID.equals(body(request).path("mchid").asString(""))) {
            throw WeChatError.parameter("mchid", "must be the signing merchant's");
        }
        var closed = orders.change(SimulatedProvider.WECHAT, outTradeNo, order -> switch (order.state()) {
            case NOT_PAID -> order.closed(clock.instant());
            case CLOSED -> order;
            case PAID -> throw new WeChatError(400, "ORDERPAID", "该订单已支付");
        });
        if (closed.isEmpty()) {
            throw WeChatError.unknownOrder();
        }
        return signed(204, new byte[0]);
    }

    private JsonNode body(ApiRequest request) {
        try {
            var body = documents.parse(request.body());
            if (body.isObject()) {
                return body;
            }
        } catch (JacksonException e) {
            throw new WeChatError(400, "PARAM_ERROR", "请求体不是合法的JSON: " + e.getOriginalMessage());
        }
        throw new WeChatError(400, "PARAM_ERROR", "请求体不是JSON对象");
    }

    private ApiAnswer ok(Map<String, Object> content) {
        return signed(200, documents.json(content));
    }

    private ApiAnswer signed(int status, byte[] body) {
        var headers = wire.proof(body, clock.instant().getEpochSecond());
        if (body.length > 0) {
            headers.put("Content-Type", "application/json; charset=utf-8");
        }
        return new ApiAnswer(status, headers, body);
    }
}
