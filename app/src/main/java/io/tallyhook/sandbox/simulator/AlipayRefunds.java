package io.tallyhook.sandbox.simulator;

import io.tallyhook.payment.Money;
import io.tallyhook.sandbox.simulator.SimulatedOrder.RefundState;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/** Alipay's refunds: done at once, told by a callback of the trade itself, with the sum given back so far. */
final class AlipayRefunds {

    private final SimulatedOrders orders;
    private final AlipayTrades trades;
    private final Clock clock;
    private final BiConsumer<SimulatedOrder, SimulatedOrder.Refund> done;

    AlipayRefunds(
            SimulatedOrders orders,
            AlipayTrades trades,
            Clock clock,
            BiConsumer<SimulatedOrder, SimulatedOrder.Refund> done) {
        this.orders = orders;
        this.trades = trades;
        this.clock = clock;
        this.done = done;
    }

    Map<String, Object> create(JsonNode content) {
        var before = trades.trade(content);
        var amount = AlipayTrades.amount(content, "refund_amount").minorUnits();
        var number = number(content, before);
        var known = before.refund(number).isPresent();
        if (!known && before.nextRefund() == Misbehaviour.REFUND_FAILS) {
            orders.change(SimulatedProvider.ALIPAY, before.outTradeNo(), trade -> trade.withNextRefund(null));
            throw AlipayError.business("ACQ.SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足");
        }
        var after = orders.change(
                        SimulatedProvider.ALIPAY,
                        before.outTradeNo(),
                        trade -> refunded(trade, number, amount, content))
                .orElseThrow(AlipayError::unknownTrade);
        if (!known) {
            done.accept(after, after.refund(number).orElseThrow());
        }
        if (!known && before.nextRefund() == Misbehaviour.REFUND_UNCLEAR) {
            throw AlipayError.business("ACQ.SYSTEM_ERROR", "系统错误，请用相同参数重新调用");
        }
        var answer = AlipayTrades.numbers(after);
        answer.put("buyer_logon_id", "ali***@sandbox.example");
        answer.put("fund_change", known ? "N" : "Y");
        answer.put("refund_fee", Money.fen(after.refunded()).plain());
        return answer;
    }

    Map<String, Object> find(JsonNode content) {
        var trade = trades.trade(content);
        var answer = new LinkedHashMap<>(AlipayTrades.numbers(trade));
        trade.refund(number(content, trade)).ifPresent(refund -> {
            answer.put("out_request_no", refund.number());
            answer.put("total_amount", trade.received().plain());
            answer.put("refund_amount", Money.fen(refund.amount()).plain());
            answer.put("refund_status", "REFUND_SUCCESS");
            answer.put("gmt_refund_pay", AlipayTrades.time(refund.at()));
        });
        return answer;
    }

    private static String number(JsonNode content, SimulatedOrder trade) {
        var number = content.path("out_request_no").asString("");
        return number.isEmpty() ? trade.outTradeNo() : number;
    }

    private SimulatedOrder refunded(SimulatedOrder trade, String number, long amount, JsonNode content) {
        var known = trade.refund(number);
        if (known.isPresent()) {
            if (known.get().amount() != amount) {
                throw AlipayError.business("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "同一退款请求号的金额不一致");
            }
            return trade;
        }
        if (amount > trade.refundable()) {
            throw AlipayError.business("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限");
        }
        var refund = new SimulatedOrder.Refund(
                number,
                Numbers.refund(clock.instant()),
                amount,
                content.path("refund_reason").asString(""),
                trade.notifyUrl(),
                RefundState.SUCCESS,
                RefundState.SUCCESS,
                clock.instant());
        return trade.with(refund).withNextRefund(null);
    }
}
