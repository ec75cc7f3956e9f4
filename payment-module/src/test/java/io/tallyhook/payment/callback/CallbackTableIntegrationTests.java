package io.tallyhook.payment.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Till;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;
import tallyhook.testing.WeChatNotification;

/** The table of replies, row by row, for both providers over real HTTP: what is answered, and what stands in the database. */
@PaymentModuleTest
class CallbackTableIntegrationTests {

    private static final String TAKEN = "200 {\"code\":\"SUCCESS\"}";

    private final Door door;
    private final Till till;
    private final LoggedCallbacks logged;
    private final RejectedDeliveries rejectedDeliveries;

    CallbackTableIntegrationTests(Door door, Till till, JdbcClient jdbc, RejectedDeliveries rejectedDeliveries) {
        this.door = door;
        this.till = till;
        this.logged = new LoggedCallbacks(jdbc);
        this.rejectedDeliveries = rejectedDeliveries;
    }

    @Test
    void a_payment_is_confirmed() {
        var byWeChat = till.opened("wechat");
        var byAlipay = till.opened("alipay");

        assertThat(text(door.send(weChat(byWeChat)))).isEqualTo(TAKEN);
        assertThat(text(door.send(alipay(byAlipay)))).isEqualTo("200 success");

        for (var outTradeNo : List.of(byWeChat, byAlipay)) {
            var line = logged.only(outTradeNo);
            assertThat(line.outcome()).isEqualTo("CONFIRMED");
            assertThat(line.differences()).isNull();
            assertThat(line.replyStatus()).isEqualTo(200);
            assertThat(line.transactionId()).isEqualTo(till.payment(outTradeNo).providerTransactionId());
            assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
            assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
            assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
        }
    }

    /** c21: a repeat gets the same success, byte for byte, or the provider repeats for ever. */
    @Test
    void the_same_fact_again_is_a_duplicate_with_the_same_reply() {
        var byWeChat = till.opened("wechat");
        var byAlipay = till.opened("alipay");

        for (int i = 0; i < 3; i++) {
            assertThat(text(door.send(weChat(byWeChat).id("EV-" + i)))).isEqualTo(TAKEN);
            assertThat(text(door.send(alipay(byAlipay)))).isEqualTo("200 success");
        }

        assertThat(logged.outcomes(byWeChat)).containsExactly("CONFIRMED", "DUPLICATE", "DUPLICATE");
        assertThat(logged.outcomes(byAlipay)).containsExactly("CONFIRMED", "DUPLICATE", "DUPLICATE");
        till.settled(byWeChat);
        assertThat(till.handedOut(byWeChat)).isEqualTo(1);
    }

    /** c16: a message that was not final must not stand in the way of the final one. */
    @Test
    void what_changes_nothing_is_ignored_and_the_payment_can_still_be_paid() {
        var byWeChat = till.opened("wechat");
        var byAlipay = till.opened("alipay");

        assertThat(text(door.send(weChat(byWeChat).tradeState("USERPAYING")))).isEqualTo(TAKEN);
        assertThat(text(door.send(alipay(byAlipay).tradeStatus("WAIT_BUYER_PAY"))))
                .isEqualTo("200 success");
        assertThat(logged.only(byWeChat).outcome()).isEqualTo("IGNORED");
        assertThat(logged.only(byWeChat).reason()).isEqualTo("USERPAYING");
        assertThat(logged.only(byAlipay).reason()).isEqualTo("WAIT_BUYER_PAY");
        assertThat(till.payment(byAlipay).state()).isEqualTo(PaymentState.PENDING);

        door.send(weChat(byWeChat));
        door.send(alipay(byAlipay));
        assertThat(logged.outcomes(byWeChat)).containsExactly("IGNORED", "CONFIRMED");
        assertThat(logged.outcomes(byAlipay)).containsExactly("IGNORED", "CONFIRMED");
    }

    /** c20: TRANSACTION.SUCCESS around a state that is not success. */
    @ParameterizedTest
    @ValueSource(strings = {"REFUND", "NOTPAY", "PAYERROR", "ACCEPT", "SOMETHING_NEW"})
    void only_the_trade_state_success_is_a_payment(String tradeState) {
        var outTradeNo = till.opened("wechat");

        assertThat(text(door.send(weChat(outTradeNo).tradeState(tradeState)))).isEqualTo(TAKEN);

        assertThat(logged.only(outTradeNo).outcome()).isEqualTo("IGNORED");
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void an_unpaid_payment_is_closed() {
        var byWeChat = till.opened("wechat");
        var byAlipay = till.opened("alipay");

        assertThat(text(door.send(weChat(byWeChat).tradeState("CLOSED")))).isEqualTo(TAKEN);
        assertThat(text(door.send(AlipayNotification.closed(byAlipay, 1999)))).isEqualTo("200 success");

        for (var outTradeNo : List.of(byWeChat, byAlipay)) {
            assertThat(logged.only(outTradeNo).outcome()).isEqualTo("CLOSED");
            assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.CLOSED);
        }
    }

    /** c10 */
    @Test
    void a_success_for_a_closed_payment_is_late_booked_and_parked_but_not_handed_out() {
        var byWeChat = till.closed("wechat");
        var byAlipay = till.closed("alipay");

        assertThat(text(door.send(weChat(byWeChat)))).isEqualTo(TAKEN);
        assertThat(text(door.send(alipay(byAlipay)))).isEqualTo("200 success");

        for (var outTradeNo : List.of(byWeChat, byAlipay)) {
            assertThat(logged.only(outTradeNo).outcome()).isEqualTo("LATE");
            var payment = till.payment(outTradeNo);
            assertThat(payment.state()).isEqualTo(PaymentState.PAID);
            assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.PARKED);
            assertThat(payment.fulfilmentReason()).isEqualTo(ParkingReason.LATE);
            assertThat(till.listener().heardOf(outTradeNo)).isZero();
            assertThat(till.handedOut(outTradeNo)).isZero();
        }
    }

    /** c19: refunds and payments of Alipay share one address and one state. */
    @Test
    void money_is_given_back_in_parts() {
        var byWeChat = till.opened("wechat");
        var byAlipay = till.opened("alipay");
        door.send(weChat(byWeChat));
        door.send(alipay(byAlipay));
        till.settled(byWeChat);
        till.settled(byAlipay);

        assertThat(text(door.send(WeChatNotification.refunded(byWeChat, "R1", 500, 1999))))
                .isEqualTo(TAKEN);
        assertThat(text(door.send(AlipayNotification.refunded(byAlipay, "R1", 500, 1999))))
                .isEqualTo("200 success");
        for (var outTradeNo : List.of(byWeChat, byAlipay)) {
            assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PARTIALLY_REFUNDED);
            assertThat(till.payment(outTradeNo).refundedAmount()).isEqualTo(500);
        }

        door.send(WeChatNotification.refunded(byWeChat, "R2", 1499, 1999));
        door.send(AlipayNotification.refunded(byAlipay, "R2", 1999, 1999).tradeStatus("TRADE_CLOSED"));
        for (var outTradeNo : List.of(byWeChat, byAlipay)) {
            assertThat(logged.outcomes(outTradeNo))
                    .containsExactly("CONFIRMED", "REFUND_CONFIRMED", "REFUND_CONFIRMED");
            assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> till.payment(outTradeNo).fulfilment() == FulfilmentState.REVERSED);
        }

        // The same again, and the plain success that Alipay sends once more when nothing can be refunded any longer.
        assertThat(text(door.send(WeChatNotification.refunded(byWeChat, "R2", 1499, 1999))))
                .isEqualTo(TAKEN);
        assertThat(text(door.send(alipay(byAlipay).tradeStatus("TRADE_FINISHED"))))
                .isEqualTo("200 success");
        assertThat(logged.outcomes(byWeChat).getLast()).isEqualTo("DUPLICATE");
        assertThat(logged.outcomes(byAlipay).getLast()).isEqualTo("DUPLICATE");
    }

    /** c19: products that finish at once send TRADE_FINISHED as their first success. */
    @Test
    void trade_finished_is_a_success() {
        var outTradeNo = till.opened("alipay");

        assertThat(text(door.send(alipay(outTradeNo).tradeStatus("TRADE_FINISHED"))))
                .isEqualTo("200 success");

        assertThat(logged.only(outTradeNo).outcome()).isEqualTo("CONFIRMED");
    }

    @Test
    void a_refund_that_failed_is_booked_as_failed_and_one_that_is_stuck_is_not_final() {
        var outTradeNo = till.opened("wechat");
        door.send(weChat(outTradeNo));
        till.settled(outTradeNo);

        var refund = WeChatNotification.refunded(outTradeNo, "R1", 500, 1999);
        assertThat(text(door.send(refund.refundStatus("ABNORMAL")))).isEqualTo(TAKEN);
        assertThat(text(door.send(refund.refundStatus("CLOSED")))).isEqualTo(TAKEN);

        assertThat(logged.outcomes(outTradeNo)).containsExactly("CONFIRMED", "IGNORED", "REFUND_FAILED");
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        assertThat(till.payment(outTradeNo).refundedAmount()).isZero();
    }

    /** c7, c8, c9: genuine, but about somebody or something else. */
    @ParameterizedTest
    @CsvSource({
        "amount,      AMOUNT,      19.99, 0.01",
        "more,        AMOUNT,      19.99, 20.00",
        "currency,    CURRENCY,    CNY,   USD",
        "app,         APP_ID,      ,      wx0000000000000000",
        "merchant,    MERCHANT_ID, ,      1900000000"
    })
    void a_genuine_wechat_payment_that_does_not_fit_is_quarantined(
            String what, String check, String expected, String actual) {
        var outTradeNo = till.opened("wechat");
        UnaryOperator<WeChatNotification> wrong = switch (what) {
            case "amount" -> it -> it.amount(1);
            case "more" -> it -> it.amount(2000);
            case "currency" -> it -> it.currency("USD");
            case "app" -> it -> it.appId(actual);
            default -> it -> it.mchId(actual);
        };

        var reply = door.send(wrong.apply(weChat(outTradeNo)));

        assertThat(text(reply)).isEqualTo("400 {\"code\":\"FAIL\",\"message\":\"MISMATCH\"}");
        assertQuarantined(outTradeNo, check, Optional.ofNullable(expected).orElse(ours(what)), actual);
    }

    private static String ours(String what) {
        return what.equals("app")
                ? TestAccounts.weChat().appId()
                : TestAccounts.weChat().mchId();
    }

    @ParameterizedTest
    @CsvSource({
        "amount, AMOUNT, 19.99, 0.01",
        "app,    APP_ID, ,      2021000000000000",
        "seller, SELLER, ,      2088000000000009"
    })
    void a_genuine_alipay_payment_that_does_not_fit_is_quarantined(
            String what, String check, String expected, String actual) {
        var outTradeNo = till.opened("alipay");
        var notification = alipay(outTradeNo);
        var wrong = switch (what) {
            case "amount" -> notification.amount(1);
            case "app" -> notification.appId(actual);
            default -> notification.sellerId(actual);
        };
        var ours = what.equals("app")
                ? TestAccounts.alipay().appId()
                : TestAccounts.alipay().sellerId();

        assertThat(text(door.send(wrong))).isEqualTo("200 fail");

        assertQuarantined(outTradeNo, check, expected == null ? ours : expected, actual);
    }

    /** c7: another provider, or another account of the same one. */
    @Test
    void a_genuine_payment_through_another_channel_is_quarantined() {
        var atMain = till.opened("wechat");
        var byAlipay = till.opened("alipay");

        assertThat(text(door.send(weChat(atMain).by(TestAccounts.weChat("shop-2")))))
                .isEqualTo("400 {\"code\":\"FAIL\",\"message\":\"MISMATCH\"}");
        assertThat(text(door.send(weChat(byAlipay)))).isEqualTo("400 {\"code\":\"FAIL\",\"message\":\"MISMATCH\"}");
        var crossed = till.opened("wechat");
        assertThat(text(door.send(alipay(crossed)))).isEqualTo("200 fail");

        assertQuarantined(atMain, "CHANNEL", "wechat/main", "wechat/shop-2");
        assertQuarantined(byAlipay, "CHANNEL", "alipay/main", "wechat/main");
        assertQuarantined(crossed, "CHANNEL", "wechat/main", "alipay/main");
    }

    @Test
    void a_second_transaction_for_a_paid_payment_is_quarantined() {
        var byWeChat = till.opened("wechat");
        var byAlipay = till.opened("alipay");
        door.send(weChat(byWeChat));
        door.send(alipay(byAlipay));

        assertThat(door.send(weChat(byWeChat).transactionId("4200009")).statusCode())
                .isEqualTo(400);
        assertThat(text(door.send(alipay(byAlipay).tradeNo("2026009")))).isEqualTo("200 fail");

        assertThat(logged.of(byWeChat).getLast().differences()).contains("TRANSACTION", "4200009");
        assertThat(logged.of(byAlipay).getLast().differences()).contains("TRANSACTION", "2026009");
        assertThat(till.payment(byWeChat).providerTransactionId()).isNotEqualTo("4200009");
    }

    /** c28 */
    @Test
    void a_refund_of_more_than_was_paid_or_of_what_was_never_paid_is_quarantined() {
        var paid = till.opened("wechat");
        door.send(weChat(paid));
        var unpaid = till.opened("wechat");

        assertThat(door.send(WeChatNotification.refunded(paid, "R1", 2000, 1999))
                        .statusCode())
                .isEqualTo(400);
        assertThat(door.send(WeChatNotification.refunded(unpaid, "R1", 100, 1999))
                        .statusCode())
                .isEqualTo(400);

        assertThat(logged.of(paid).getLast().differences()).contains("at most 19.99 CNY", "refund of 20.00 CNY");
        assertThat(logged.only(unpaid).differences()).contains("STATE", "PAID", "PENDING");
        assertThat(till.payment(paid).refundedAmount()).isZero();
    }

    /** c22: not a friendly 200 with free text. */
    @Test
    void a_payment_that_we_do_not_have_is_unknown() {
        assertThat(text(door.send(weChat("P-nobody-wechat"))))
                .isEqualTo("404 {\"code\":\"FAIL\",\"message\":\"UNKNOWN_PAYMENT\"}");
        assertThat(text(door.send(alipay("P-nobody-alipay")))).isEqualTo("200 fail");

        for (var outTradeNo : List.of("P-nobody-wechat", "P-nobody-alipay")) {
            var line = logged.only(outTradeNo);
            assertThat(line.outcome()).isEqualTo("UNKNOWN_PAYMENT");
            assertThat(line.differences()).contains("PAYMENT", outTradeNo);
        }
    }

    /** c1, c3, c5, c6 and their like: nothing about the payment changes, a row tells why. */
    @Test
    void a_wechat_delivery_that_is_not_proved_genuine_is_rejected() {
        var outTradeNo = till.opened("wechat");
        var paid = weChat(outTradeNo);

        assertRejected(paid.signedWith(TestKeys.stranger().getPrivate()), "SIGNATURE_WRONG");
        assertRejected(paid.tampered(), "SIGNATURE_WRONG");
        assertRejected(paid.without("wechatpay-signature"), "SIGNATURE_MISSING");
        assertRejected(paid.serial("PUB_KEY_ID_OF_SOMEBODY_ELSE"), "UNKNOWN_KEY");
        assertRejected(paid.at(now().minusSeconds(360)), "TIMESTAMP_OUTSIDE_WINDOW");
        assertRejected(paid.at(now().plusSeconds(360)), "TIMESTAMP_OUTSIDE_WINDOW");
        assertRejected(
                paid.encryptedWith("another0another0another0another0".getBytes(StandardCharsets.US_ASCII)),
                "UNDECRYPTABLE");
        assertRejected(paid.probe(), "SIGNATURE_PROBE");

        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    private void assertRejected(WeChatNotification notification, String reason) {
        var userAgent = "test-" + reason + "-" + System.nanoTime();
        assertThat(text(door.send(notification.header("user-agent", userAgent))))
                .isEqualTo("401 {\"code\":\"FAIL\",\"message\":\"NOT_GENUINE\"}");
        var line = logged.withUserAgent(userAgent);
        assertThat(line.outcome()).isEqualTo("REJECTED");
        assertThat(line.reason()).isEqualTo(reason);
        assertThat(line.replyStatus()).isEqualTo(401);
    }

    @Test
    void what_cannot_be_read_is_rejected() {
        var outTradeNo = till.opened("wechat");

        assertThat(text(door.send(weChat(outTradeNo).content("{\"out_trade_no\":\"%s\"".formatted(outTradeNo)))))
                .isEqualTo("400 {\"code\":\"FAIL\",\"message\":\"MALFORMED\"}");
        assertThat(text(door.send(weChat(outTradeNo).with("amount.total", 19.99))))
                .isEqualTo("400 {\"code\":\"FAIL\",\"message\":\"MALFORMED\"}");
        var byAlipay = till.opened("alipay");
        assertThat(text(door.send(alipay(byAlipay).tampered(form -> form + "&total_amount=0.01"))))
                .isEqualTo("200 fail");
        assertThat(text(door.send(alipay(byAlipay).totalAmount("19.990001")))).isEqualTo("200 fail");

        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
        assertThat(till.payment(byAlipay).state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void an_alipay_delivery_that_is_not_proved_genuine_is_rejected() {
        var outTradeNo = till.opened("alipay");
        var paid = alipay(outTradeNo);

        for (var forged : List.of(
                paid.tampered(),
                paid.unsigned(),
                paid.forged("sign", ""),
                paid.signedWith(TestKeys.stranger().getPrivate()),
                paid.signedBySha1())) {
            assertThat(text(door.send(forged))).isEqualTo("200 fail");
        }

        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
        assertThat(rejectedDeliveries.isRunning()).isTrue();
    }

    private void assertQuarantined(String outTradeNo, String check, String expected, String actual) {
        var line = logged.only(outTradeNo);
        assertThat(line.outcome()).isEqualTo("MISMATCH");
        assertThat(line.differences())
                .contains("\"check\": \"%s\"".formatted(check))
                .contains("\"expected\": \"%s\"".formatted(expected))
                .contains("\"actual\": \"%s\"".formatted(actual));
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
        assertThat(till.listener().heardOf(outTradeNo)).isZero();
    }

    private static Instant now() {
        return Clock.systemUTC().instant();
    }

    private static WeChatNotification weChat(String outTradeNo) {
        return WeChatNotification.paid(outTradeNo, 1999);
    }

    private static AlipayNotification alipay(String outTradeNo) {
        return AlipayNotification.paid(outTradeNo, 1999);
    }

    private static String text(HttpResponse<String> response) {
        return response.statusCode() + " " + response.body();
    }
}
