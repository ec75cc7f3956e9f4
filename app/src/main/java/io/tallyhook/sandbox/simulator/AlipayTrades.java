package io.tallyhook.sandbox.simulator;

import io.tallyhook.payment.Money;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import tools.jackson.databind.JsonNode;

/** Alipay's trades: made by the merchant's order or, for a printed code, only once a payer has scanned it. */
final class AlipayTrades {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final SimulatedOrders orders;
    private final PayerPages pages;
    private final Clock clock;

    AlipayTrades(SimulatedOrders orders, PayerPages pages, Clock clock) {
        this.orders = orders;
        this.pages = pages;
        this.clock = clock;
    }

    static String time(Instant instant) {
        return TIME.format(instant.atZone(WeChatDocuments.BEIJING));
    }

    Map<String, Object> precreate(SortedMap<String, String> fields, JsonNode content) {
        var order = order(fields, content);
        return Map.of(
                "out_trade_no",
                order.outTradeNo(),
                "qr_code",
                pages.of(SimulatedProvider.ALIPAY, order.outTradeNo()).toString());
    }

    /** For the methods that bring the payer's own browser or wallet: the trade exists from here on. */
    SimulatedOrder open(SortedMap<String, String> fields, JsonNode content) {
        var order = order(fields, content);
        return change(order.outTradeNo(), SimulatedOrder::seenByPayer);
    }

    Map<String, Object> query(JsonNode content) {
        var trade = trade(content);
        var answer = numbers(trade);
        answer.put("buyer_logon_id", "ali***@sandbox.example");
        answer.put("trade_status", status(trade));
        answer.put("total_amount", trade.received().plain());
        if (trade.state() == SimulatedOrder.State.PAID) {
            answer.put("receipt_amount", trade.received().plain());
            answer.put("buyer_pay_amount", trade.received().plain());
            answer.put("send_pay_date", time(trade.changed()));
        }
        return answer;
    }

    Map<String, Object> close(JsonNode content) {
        return numbers(change(trade(content).outTradeNo(), trade -> switch (trade.state()) {
            case NOT_PAID -> trade.closed(clock.instant());
            case CLOSED -> throw AlipayError.business("ACQ.TRADE_HAS_CLOSE", "交易已经关闭");
            case PAID -> throw AlipayError.business("ACQ.TRADE_STATUS_ERROR", "交易状态不合法");
        }));
    }

    /** The trade that is meant; a code that nobody has scanned is none. */
    SimulatedOrder trade(JsonNode content) {
        var outTradeNo = content.path("out_trade_no").asString("");
        var tradeNo = content.path("trade_no").asString("");
        return orders.find(order -> order.provider() == SimulatedProvider.ALIPAY
                        && order.opened()
                        && (tradeNo.isEmpty()
                                ? order.outTradeNo().equals(outTradeNo)
                                : order.transaction().equals(tradeNo)))
                .orElseThrow(AlipayError::unknownTrade);
    }

    static LinkedHashMap<String, Object> numbers(SimulatedOrder trade) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("trade_no", trade.transaction());
        answer.put("out_trade_no", trade.outTradeNo());
        return answer;
    }

    static String status(SimulatedOrder trade) {
        return switch (trade.state()) {
            case NOT_PAID -> "WAIT_BUYER_PAY";
            case CLOSED -> "TRADE_CLOSED";
            case PAID -> trade.refundable() == 0 ? "TRADE_CLOSED" : "TRADE_SUCCESS";
        };
    }

    private SimulatedOrder change(String outTradeNo, java.util.function.UnaryOperator<SimulatedOrder> change) {
        return orders.change(SimulatedProvider.ALIPAY, outTradeNo, change).orElseThrow(AlipayError::unknownTrade);
    }

    private SimulatedOrder order(SortedMap<String, String> fields, JsonNode content) {
        var wanted = wanted(fields, content);
        var order = orders.known(SimulatedProvider.ALIPAY, wanted.outTradeNo(), () -> wanted);
        if (!order.terms().equals(wanted.terms())) {
            throw AlipayError.business("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改: ordered before with other parameters");
        }
        return switch (order.state()) {
            case NOT_PAID -> order;
            case PAID -> throw AlipayError.business("ACQ.TRADE_HAS_SUCCESS", "交易已被支付");
            case CLOSED -> throw AlipayError.business("ACQ.TRADE_HAS_CLOSE", "交易已经关闭");
        };
    }

    private SimulatedOrder wanted(SortedMap<String, String> fields, JsonNode content) {
        var outTradeNo = text(content, "out_trade_no", 64);
        var now = clock.instant();
        return SimulatedOrder.fresh(
                        SimulatedProvider.ALIPAY,
                        outTradeNo,
                        amount(content, "total_amount"),
                        text(content, "subject", 256),
                        String.valueOf(fields.get("method")),
                        "%s %s"
                                .formatted(
                                        outTradeNo, content.path("total_amount").asString("")),
                        notifyUrl(fields),
                        now)
                .with(
                        fields.getOrDefault("charset", "utf-8"),
                        content.path("passback_params").asString(""),
                        expiry(content, now).orElse(now.plus(Duration.ofDays(15))));
    }

    private static URI notifyUrl(SortedMap<String, String> fields) {
        try {
            var url = URI.create(fields.getOrDefault("notify_url", ""));
            if (url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            throw AlipayError.invalid("notify_url", "is not an address");
        }
        throw AlipayError.invalid("notify_url", "is needed here: the sandbox has no other way to tell");
    }

    private static Optional<Instant> expiry(JsonNode content, Instant now) {
        var latest = content.path("time_expire").asString("");
        var span = content.path("timeout_express").asString("");
        try {
            if (!latest.isEmpty()) {
                var text = latest.length() == 16 ? latest + ":00" : latest;
                return Optional.of(LocalDateTime.parse(text, TIME)
                        .atZone(WeChatDocuments.BEIJING)
                        .toInstant());
            }
            return span.isEmpty() ? Optional.empty() : Optional.of(now.plus(span(span)));
        } catch (DateTimeException e) {
            throw AlipayError.invalid("time_expire or timeout_express", "cannot be read");
        }
    }

    private static Duration span(String text) {
        return text.endsWith("d") ? Duration.parse("P" + text) : Duration.parse("PT" + text);
    }

    static Money amount(JsonNode content, String field) {
        var text = content.path(field).asString("");
        if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,2})?") || !Money.yuan(text).isPositive()) {
            throw AlipayError.invalid(field, "must be yuan with at most two decimals, above 0");
        }
        return Money.yuan(text);
    }

    static String text(JsonNode content, String field, int most) {
        var value = content.path(field).asString("");
        if (value.isBlank() || value.length() > most) {
            throw AlipayError.invalid(field, "is required, a text of at most %d characters".formatted(most));
        }
        return value;
    }
}
