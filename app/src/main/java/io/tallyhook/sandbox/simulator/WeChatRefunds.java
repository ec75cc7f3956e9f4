package io.tallyhook.sandbox.simulator;

import io.tallyhook.sandbox.simulator.SimulatedOrder.RefundState;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** WeChat Pay's refund calls: accepted at once, done a little later, and then told by callback. */
final class WeChatRefunds {

    private final SimulatedOrders orders;
    private final WeChatDocuments documents;
    private final Clock clock;
    private final Settlement settlement;

    /** Finishes a refund when its time has come. */
    @FunctionalInterface
    interface Settlement {
        void later(SimulatedOrder order, String refundNumber);
    }

    WeChatRefunds(SimulatedOrders orders, WeChatDocuments documents, Clock clock, Settlement settlement) {
        this.orders = orders;
        this.documents = documents;
        this.clock = clock;
        this.settlement = settlement;
    }

    Map<String, Object> create(JsonNode body) {
        var number = WeChatPrepay.text(body, "out_refund_no", 64);
        var before = paidOrder(body);
        var known = before.refund(number);
        var after = orders.change(SimulatedProvider.WECHAT, before.outTradeNo(), order -> refunded(order, number, body))
                .orElseThrow(WeChatError::unknownOrder);
        if (known.isEmpty() || known.get().state() == RefundState.ABNORMAL) {
            settlement.later(after, number);
        }
        if (known.isEmpty() && before.nextRefund() == Misbehaviour.REFUND_UNCLEAR) {
            throw new WeChatError(500, "SYSTEM_ERROR", "系统异常，请用相同参数重新调用");
        }
        return documents.refund(after, after.refund(number).orElseThrow());
    }

    Map<String, Object> find(String number) {
        var order = orders.find(each -> each.provider() == SimulatedProvider.WECHAT
                        && each.refund(number).isPresent())
                .orElseThrow(() -> new WeChatError(404, "RESOURCE_NOT_EXISTS", "退款单不存在"));
        return documents.refund(order, order.refund(number).orElseThrow());
    }

    private SimulatedOrder paidOrder(JsonNode body) {
        var outTradeNo = body.path("out_trade_no").asString("");
        var transaction = body.path("transaction_id").asString("");
        return orders.find(order -> order.provider() == SimulatedProvider.WECHAT
                        && order.state() == SimulatedOrder.State.PAID
                        && (transaction.isEmpty() || order.transaction().equals(transaction))
                        && (outTradeNo.isEmpty() || order.outTradeNo().equals(outTradeNo))
                        && !(transaction.isEmpty() && outTradeNo.isEmpty()))
                .orElseThrow(() -> new WeChatError(404, "RESOURCE_NOT_EXISTS", "订单不存在或未支付"));
    }

    private SimulatedOrder refunded(SimulatedOrder order, String number, JsonNode body) {
        var amount = fen(body, "refund");
        if (fen(body, "total") != order.received().minorUnits()) {
            throw WeChatError.parameter("amount.total", "is not what was paid");
        }
        if (!body.path("amount").path("currency").asString("").equals("CNY")) {
            throw WeChatError.parameter("amount.currency", "must be CNY");
        }
        var known = order.refund(number);
        if (known.isPresent()) {
            if (known.get().amount() != amount) {
                throw WeChatError.parameter("out_refund_no", "was used before with another amount");
            }
            return known.get().state() == RefundState.ABNORMAL
                    ? order.with(known.get().startedAgain(clock.instant()))
                    : order;
        }
        if (amount > order.refundable()) {
            throw new WeChatError(403, "NOT_ENOUGH", "退款金额超过可退金额");
        }
        var reason = body.has("reason") ? WeChatPrepay.text(body, "reason", 80) : "";
        var refund = new SimulatedOrder.Refund(
                number,
                Numbers.refund(clock.instant()),
                amount,
                reason,
                notifyUrl(body, order),
                RefundState.PROCESSING,
                ending(order),
                clock.instant());
        return order.with(refund).withNextRefund(null);
    }

    private static RefundState ending(SimulatedOrder order) {
        return switch (order.nextRefund()) {
            case REFUND_FAILS -> RefundState.CLOSED;
            case REFUND_ABNORMAL -> RefundState.ABNORMAL;
            case null, default -> RefundState.SUCCESS;
        };
    }

    private static URI notifyUrl(JsonNode body, SimulatedOrder order) {
        return body.has("notify_url")
                ? WeChatPrepay.notifyUrl(WeChatPrepay.text(body, "notify_url", 255))
                : order.notifyUrl();
    }

    private static long fen(JsonNode body, String field) {
        var value = body.path("amount").path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1) {
            throw WeChatError.parameter("amount." + field, "must be a whole number of fen above 0");
        }
        return value.longValue();
    }
}
