package io.tallyhook.sandbox.simulator;

import io.tallyhook.payment.Money;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Alipay's callbacks: a signed form in the charset of the order, with the same {@code notify_id} every time. */
final class AlipayNotices {

    private static final int TOO_BIG = 257 * 1024;

    private final SandboxKeys keys;
    private final Clock clock;

    AlipayNotices(SandboxKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** Tells that an order is paid, or what is said instead. */
    Notification payment(SimulatedOrder order, @Nullable Misbehaviour twist) {
        var fields = fields(order);
        if (twist == Misbehaviour.WRONG_APP_ID) {
            fields.put("app_id", "2021000000000000");
        } else if (twist == Misbehaviour.WRONG_MERCHANT) {
            fields.put("seller_id", "2088000000000000");
        } else if (twist == Misbehaviour.OVERSIZED || twist == Misbehaviour.OVERSIZED_CHUNKED) {
            fields.put("body", "x".repeat(TOO_BIG));
        }
        return notification(order, fields, twist);
    }

    /** Tells that money went back: the trade's state again, with the sum given back so far. */
    Notification refund(SimulatedOrder order, SimulatedOrder.Refund refund) {
        var fields = fields(order);
        fields.put("refund_fee", Money.fen(order.refunded()).plain());
        fields.put("gmt_refund", AlipayTrades.time(refund.at()) + ".000");
        fields.put("out_biz_no", refund.number());
        if (order.refundable() == 0) {
            fields.put("gmt_close", AlipayTrades.time(refund.at()));
        }
        return notification(order, fields, null);
    }

    private Notification notification(
            SimulatedOrder order, TreeMap<String, String> fields, @Nullable Misbehaviour twist) {
        var repeated = twist == null || twist.effect() == Misbehaviour.Effect.PAYS;
        var id = String.valueOf(fields.get("notify_id"));
        var kind = String.valueOf(fields.get("trade_status"));
        return new Notification(
                id,
                order.provider(),
                order.outTradeNo(),
                kind,
                order.notifyUrl(),
                repeated,
                number -> sign(fields, order, twist));
    }

    private SignedRequest sign(TreeMap<String, String> fields, SimulatedOrder order, @Nullable Misbehaviour twist) {
        var charset = AlipayForm.charset(order.charset());
        var text = AlipayForm.signedText(fields, "sign", "sign_type").getBytes(charset);
        var pair = twist == Misbehaviour.WRONG_SIGNATURE ? keys.alipayApp() : keys.alipay();
        var form = new LinkedHashMap<String, String>(fields);
        form.put("sign_type", "RSA2");
        form.put("sign", Rsa.sign(pair.getPrivate(), text));
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/x-www-form-urlencoded; charset=" + order.charset());
        headers.put("User-Agent", "Mozilla/4.0");
        return new SignedRequest(
                headers,
                AlipayForm.encode(form, charset).getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                twist == Misbehaviour.OVERSIZED_CHUNKED);
    }

    private TreeMap<String, String> fields(SimulatedOrder order) {
        var yuan = order.received().plain();
        var fields = new TreeMap<String, String>();
        fields.put("notify_time", AlipayTrades.time(clock.instant()));
        fields.put("notify_type", "trade_status_sync");
        fields.put("notify_id", UUID.randomUUID().toString().replace("-", ""));
        fields.put("app_id", SandboxKeys.ALIPAY_APP_ID);
        fields.put("auth_app_id", SandboxKeys.ALIPAY_APP_ID);
        fields.put("charset", order.charset());
        fields.put("version", "1.0");
        fields.put("trade_no", order.transaction());
        fields.put("out_trade_no", order.outTradeNo());
        fields.put("buyer_id", "2088000000000001");
        fields.put("buyer_logon_id", "ali***@sandbox.example");
        fields.put("seller_id", SandboxKeys.ALIPAY_SELLER_ID);
        fields.put("trade_status", AlipayTrades.status(order));
        fields.put("total_amount", yuan);
        fields.put("receipt_amount", yuan);
        fields.put("invoice_amount", yuan);
        fields.put("buyer_pay_amount", yuan);
        fields.put("point_amount", "0.00");
        fields.put("subject", order.description());
        fields.put("passback_params", order.attachment());
        fields.put("gmt_create", AlipayTrades.time(order.createdAt()));
        fields.put("gmt_payment", AlipayTrades.time(order.changed()));
        fields.put("fund_bill_list", "[{\"amount\":\"%s\",\"fundChannel\":\"ALIPAYACCOUNT\"}]".formatted(yuan));
        fields.values().removeIf(String::isEmpty);
        return fields;
    }
}
