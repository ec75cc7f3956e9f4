package io.tallyhook.sandbox.simulator;

import static io.tallyhook.sandbox.simulator.SimulatedProvider.ALIPAY;
import static io.tallyhook.sandbox.simulator.SimulatedProvider.WECHAT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.api.AlipayApiException;
import com.alipay.api.internal.util.AlipaySignature;
import com.wechat.pay.java.core.exception.ValidationException;
import com.wechat.pay.java.core.notification.NotificationParser;
import com.wechat.pay.java.core.notification.RSAPublicKeyNotificationConfig;
import com.wechat.pay.java.core.notification.RequestParam;
import com.wechat.pay.java.service.payments.model.Transaction;
import com.wechat.pay.java.service.refund.model.RefundNotification;
import io.tallyhook.payment.Money;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a merchant hears, read with the providers' own classes, and for how long it is told. */
class NotifierTests {

    private final Sandbox sandbox = new Sandbox();

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void weChatTellsEncryptedAndSignedWhatWasPaid() {
        sandbox.receiver.answering(200, "{\"code\":\"SUCCESS\"}");
        sandbox.order(WECHAT, "W-100001", 1999);
        sandbox.simulator.pay(WECHAT, "W-100001");
        var transaction = parse(sandbox.receiver.received().getFirst(), Transaction.class);
        assertThat(transaction.getOutTradeNo()).isEqualTo("W-100001");
        assertThat(transaction.getAmount().getTotal()).isEqualTo(1999);
        assertThat(transaction.getAppid()).isEqualTo(SandboxKeys.WECHAT_APP_ID);
        assertThat(transaction.getMchid()).isEqualTo(SandboxKeys.WECHAT_MCH_ID);
        assertThat(transaction.getTradeState()).isEqualTo(Transaction.TradeStateEnum.SUCCESS);
        assertThat(sandbox.simulator.attempts("W-100001"))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.accepted()).isTrue());
        assertThat(sandbox.timer.isIdle()).isTrue();
    }

    @Test
    void alipayTellsByASignedForm() throws AlipayApiException {
        sandbox.receiver.answering(200, "success");
        sandbox.order(ALIPAY, "A-100001", 1999);
        sandbox.simulator.pay(ALIPAY, "A-100001");
        var fields = form(sandbox.receiver.received().getFirst());
        assertThat(fields)
                .containsEntry("out_trade_no", "A-100001")
                .containsEntry("total_amount", "19.99")
                .containsEntry("app_id", SandboxKeys.ALIPAY_APP_ID)
                .containsEntry("seller_id", SandboxKeys.ALIPAY_SELLER_ID)
                .containsEntry("trade_status", "TRADE_SUCCESS");
        assertThat(genuine(fields)).isTrue();
        assertThat(sandbox.timer.isIdle()).isTrue();
    }

    @Test
    void weChatRepeatsOnItsScheduleSignedAnewEachTimeAndThenGivesUp() {
        sandbox.order(WECHAT, "W-100001", 1999);
        sandbox.simulator.pay(WECHAT, "W-100001");
        while (!sandbox.timer.isIdle()) {
            sandbox.clock.advance(Duration.ofMinutes(6));
            sandbox.timer.turn();
        }
        var total = sandbox.timer.delays().stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(total.multipliedBy(60)).isEqualTo(Duration.ofHours(24).plusMinutes(4));
        assertThat(sandbox.timer.delays().subList(0, 4))
                .containsExactly(
                        Duration.ofMillis(250), Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(3));
        var received = sandbox.receiver.received();
        assertThat(received).hasSize(16);
        assertThat(received.stream()
                        .map(each -> each.header("Wechatpay-Timestamp"))
                        .distinct())
                .hasSize(16);
        assertThat(received.stream()
                        .map(each -> each.header("Wechatpay-Signature"))
                        .distinct())
                .hasSize(16);
        assertThat(received.stream().map(Receiver.Received::text).distinct()).hasSize(1);
        assertThat(sandbox.simulator.attempts("W-100001").getFirst().nextAt()).isNull();
    }

    @Test
    void alipayRepeatsOnItsScheduleWithTheSameNoticeAndThenGivesUp() {
        sandbox.order(ALIPAY, "A-100001", 1999);
        sandbox.simulator.pay(ALIPAY, "A-100001");
        sandbox.timer.runOut();
        assertThat(sandbox.timer.delays().stream().map(delay -> delay.multipliedBy(60)))
                .containsExactly(
                        Duration.ofMinutes(4),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(10),
                        Duration.ofHours(1),
                        Duration.ofHours(2),
                        Duration.ofHours(6),
                        Duration.ofHours(15));
        assertThat(sandbox.receiver.received().stream()
                        .map(each -> form(each).get("notify_id"))
                        .distinct())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "WECHAT, 200, '', true",
        "WECHAT, 204, '', true",
        "WECHAT, 200, '{\"code\":\"FAIL\"}', true",
        "WECHAT, 201, '', false",
        "WECHAT, 302, '', false",
        "WECHAT, 400, '{\"code\":\"SUCCESS\"}', false",
        "WECHAT, 503, '', false",
        "ALIPAY, 200, 'success', true",
        "ALIPAY, 200, 'SUCCESS', false",
        "ALIPAY, 200, 'success ', false",
        "ALIPAY, 200, '\"success\"', false",
        "ALIPAY, 200, 'fail', false",
        "ALIPAY, 200, '', false",
        "ALIPAY, 503, 'success', false",
    })
    void stopsExactlyOnWhatThatProviderTakesForASuccess(
            SimulatedProvider provider, int status, String body, boolean stops) {
        sandbox.receiver.answering(status, body);
        sandbox.order(provider, "X-100001", 1);
        sandbox.simulator.pay(provider, "X-100001");
        assertThat(sandbox.timer.isIdle()).isEqualTo(stops);
        assertThat(sandbox.simulator.attempts("X-100001").getFirst().accepted()).isEqualTo(stops);
    }

    @Test
    void stopsAtTheFirstRightAnswerOfARepeat() {
        sandbox.order(WECHAT, "W-100001", 1);
        sandbox.simulator.pay(WECHAT, "W-100001");
        sandbox.timer.turn();
        sandbox.receiver.answering(204, "");
        sandbox.timer.turn();
        assertThat(sandbox.timer.isIdle()).isTrue();
        assertThat(sandbox.simulator.attempts("W-100001"))
                .extracting(Attempt::accepted)
                .containsExactly(true, false, false);
    }

    @Test
    void goesOnWhenNobodyAnswers() {
        sandbox.order(WECHAT, "W-100001", 1);
        sandbox.receiver.close();
        sandbox.simulator.pay(WECHAT, "W-100001");
        assertThat(sandbox.simulator.attempts("W-100001").getFirst().status()).isNull();
        assertThat(sandbox.timer.isIdle()).isFalse();
    }

    @Test
    void probesWithAWrongSignatureFirstAndThenTellsTheTruth() {
        sandbox.receiver.answering(callback -> new Receiver.Reply(isProbe(callback) ? 401 : 200, ""));
        sandbox.order(WECHAT, "W-100001", 1);
        assertThat(sandbox.simulator.misbehave(WECHAT, "W-100001", Misbehaviour.SIGNATURE_PROBE))
                .isTrue();
        assertThatThrownBy(() -> parse(sandbox.receiver.received().getFirst(), Transaction.class))
                .isInstanceOf(RuntimeException.class);
        sandbox.timer.turn();
        assertThat(parse(sandbox.receiver.received().getLast(), Transaction.class)
                        .getOutTradeNo())
                .isEqualTo("W-100001");
        assertThat(sandbox.timer.isIdle()).isTrue();
        assertThat(sandbox.receiver.received()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(SimulatedProvider.class)
    void sendsTwoAtTheSameMoment(SimulatedProvider provider) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var concurrent = new Sandbox(threads)) {
            var both = new CountDownLatch(2);
            concurrent.receiver.answering(callback -> {
                both.countDown();
                return new Receiver.Reply(reached(both) ? 200 : 500, "success");
            });
            concurrent.order(provider, "X-100001", 1);
            concurrent.simulator.misbehave(provider, "X-100001", Misbehaviour.TWICE_AT_ONCE);
            await().until(() -> concurrent.simulator.attempts("X-100001").size() == 2);
            assertThat(concurrent.simulator.attempts("X-100001")).allMatch(Attempt::accepted);
            assertThat(concurrent.timer.isIdle()).isTrue();
        }
    }

    @Test
    void neverTellsOfALostCallbackThoughTheOrderIsPaid() {
        sandbox.order(ALIPAY, "A-100001", 1);
        assertThat(sandbox.simulator.misbehave(ALIPAY, "A-100001", Misbehaviour.LOST))
                .isTrue();
        assertThat(sandbox.receiver.received()).isEmpty();
        assertThat(sandbox.simulator.order(ALIPAY, "A-100001").orElseThrow().state())
                .isEqualTo(SimulatedOrder.State.PAID);
    }

    @ParameterizedTest
    @CsvSource({"WRONG_APP_ID,wx0000000000000000,", "WRONG_MERCHANT,,1900000000"})
    void weChatCanSayGenuinelyWhatIsNotOurs(Misbehaviour what, String appId, String mchId) {
        sandbox.order(WECHAT, "W-100001", 1999);
        sandbox.simulator.misbehave(WECHAT, "W-100001", what);
        var said = parse(sandbox.receiver.received().getFirst(), Transaction.class);
        assertThat(said.getAmount().getTotal()).isEqualTo(1999);
        assertThat(said.getAppid()).isEqualTo(appId == null ? SandboxKeys.WECHAT_APP_ID : appId);
        assertThat(said.getMchid()).isEqualTo(mchId == null ? SandboxKeys.WECHAT_MCH_ID : mchId);
        assertThat(sandbox.timer.isIdle()).isTrue();
        assertThat(sandbox.simulator.order(WECHAT, "W-100001").orElseThrow().state())
                .isEqualTo(SimulatedOrder.State.NOT_PAID);
    }

    @ParameterizedTest
    @CsvSource({"WRONG_APP_ID,app_id,2021000000000000", "WRONG_MERCHANT,seller_id,2088000000000000"})
    void alipayCanSayGenuinelyWhatIsNotOurs(Misbehaviour what, String field, String value) throws AlipayApiException {
        sandbox.order(ALIPAY, "A-100001", 1999);
        sandbox.simulator.misbehave(ALIPAY, "A-100001", what);
        var fields = form(sandbox.receiver.received().getFirst());
        assertThat(fields).containsEntry(field, value);
        assertThat(genuine(fields)).isTrue();
        assertThat(sandbox.timer.isIdle()).isTrue();
    }

    @Test
    void aWrongAmountIsToldAsItWasPaidUntilTheMerchantTakesIt() throws AlipayApiException {
        sandbox.order(WECHAT, "W-100001", 1999);
        sandbox.order(ALIPAY, "A-100001", 1999);
        sandbox.receiver.answering(400, "fail");
        assertThat(sandbox.simulator.misbehave(WECHAT, "W-100001", Misbehaviour.WRONG_AMOUNT))
                .isTrue();
        assertThat(sandbox.simulator.misbehave(ALIPAY, "A-100001", Misbehaviour.WRONG_AMOUNT))
                .isTrue();
        assertThat(parse(sandbox.receiver.received().getFirst(), Transaction.class)
                        .getAmount()
                        .getTotal())
                .isEqualTo(2000);
        assertThat(form(sandbox.receiver.received().getLast()))
                .containsEntry("total_amount", "20.00")
                .containsEntry("receipt_amount", "20.00");
        assertThat(sandbox.timer.isIdle()).isFalse();
    }

    /** It is paid, so nobody can pay it another time, rightly or wrongly. */
    @ParameterizedTest
    @EnumSource
    void aWrongAmountIsPaidOnlyOnce(SimulatedProvider provider) {
        sandbox.order(provider, "X-100001", 1999);
        sandbox.simulator.misbehave(provider, "X-100001", Misbehaviour.WRONG_AMOUNT);

        assertThat(sandbox.simulator.pay(provider, "X-100001")).isEmpty();
        assertThat(sandbox.simulator.misbehave(provider, "X-100001", Misbehaviour.WRONG_AMOUNT))
                .isFalse();
        assertThat(sandbox.simulator.order(provider, "X-100001").orElseThrow().received())
                .isEqualTo(Money.fen(2000));
    }

    @Test
    void aWrongSignatureConvincesNobody() throws AlipayApiException {
        sandbox.order(WECHAT, "W-100001", 1);
        sandbox.order(ALIPAY, "A-100001", 1);
        sandbox.simulator.misbehave(WECHAT, "W-100001", Misbehaviour.WRONG_SIGNATURE);
        sandbox.simulator.misbehave(ALIPAY, "A-100001", Misbehaviour.WRONG_SIGNATURE);
        assertThatThrownBy(() -> parse(sandbox.receiver.received().getFirst(), Transaction.class))
                .isInstanceOf(ValidationException.class);
        assertThat(genuine(form(sandbox.receiver.received().getLast()))).isFalse();
    }

    @Test
    void anOldTimestampIsTrulySigned() {
        sandbox.order(WECHAT, "W-100001", 1);
        sandbox.simulator.misbehave(WECHAT, "W-100001", Misbehaviour.OLD_TIMESTAMP);
        var callback = sandbox.receiver.received().getFirst();
        assertThat(Long.parseLong(callback.header("Wechatpay-Timestamp")))
                .isEqualTo(sandbox.clock.instant().getEpochSecond() - 600);
        assertThat(parse(callback, Transaction.class).getOutTradeNo()).isEqualTo("W-100001");
    }

    @ParameterizedTest
    @CsvSource({"WECHAT,OVERSIZED", "WECHAT,OVERSIZED_CHUNKED", "ALIPAY,OVERSIZED", "ALIPAY,OVERSIZED_CHUNKED"})
    void anOversizedBodyIsOver256KiBAndItsLengthMayBeUntold(SimulatedProvider provider, Misbehaviour what) {
        sandbox.order(provider, "X-100001", 1);
        sandbox.simulator.misbehave(provider, "X-100001", what);
        var callback = sandbox.receiver.received().getFirst();
        assertThat(callback.body()).hasSizeGreaterThan(256 * 1024);
        assertThat(callback.headers().containsKey("Content-Length")).isEqualTo(what == Misbehaviour.OVERSIZED);
        assertThat(sandbox.simulator.attempts("X-100001").getFirst().requestBody())
                .hasSizeLessThanOrEqualTo(8 * 1024);
    }

    @Test
    void refundsThatNobodyAskedForAddUpToWhatWasPaid() {
        sandbox.receiver.answering(200, "");
        sandbox.order(WECHAT, "W-100001", 1999);
        assertThat(sandbox.simulator.misbehave(WECHAT, "W-100001", Misbehaviour.FULL_REFUND))
                .isFalse();
        sandbox.simulator.pay(WECHAT, "W-100001");
        assertThat(sandbox.simulator.misbehave(WECHAT, "W-100001", Misbehaviour.PARTIAL_REFUND))
                .isTrue();
        assertThat(sandbox.simulator.misbehave(WECHAT, "W-100001", Misbehaviour.FULL_REFUND))
                .isTrue();
        assertThat(sandbox.simulator.misbehave(WECHAT, "W-100001", Misbehaviour.FULL_REFUND))
                .isFalse();
        var received = sandbox.receiver.received();
        assertThat(received).hasSize(3);
        assertThat(parse(received.get(1), RefundNotification.class).getAmount().getRefund())
                .isEqualTo(1000);
        assertThat(parse(received.get(2), RefundNotification.class).getAmount().getRefund())
                .isEqualTo(999);
    }

    @Test
    void lateMoneyComesForAClosedOrderAndOnlyOnce() {
        sandbox.receiver.answering(200, "");
        sandbox.order(WECHAT, "W-100001", 1);
        sandbox.simulator.misbehave(WECHAT, "W-100001", Misbehaviour.LATE);
        assertThat(sandbox.simulator.misbehave(WECHAT, "W-100001", Misbehaviour.LATE))
                .isFalse();
        assertThat(sandbox.simulator.pay(WECHAT, "W-100001")).isEmpty();
        assertThat(sandbox.receiver.received()).hasSize(1);
    }

    private <T> T parse(Receiver.Received callback, Class<T> type) {
        var keys = sandbox.simulator.keys();
        var parser = new NotificationParser(new RSAPublicKeyNotificationConfig.Builder()
                .publicKey(keys.weChatPlatform().getPublic())
                .publicKeyId(SandboxKeys.WECHAT_PUBLIC_KEY_ID)
                .apiV3Key(new String(keys.weChatApiV3Key(), UTF_8))
                .build());
        return parser.parse(
                new RequestParam.Builder()
                        .serialNumber(callback.header("Wechatpay-Serial"))
                        .timestamp(callback.header("Wechatpay-Timestamp"))
                        .nonce(callback.header("Wechatpay-Nonce"))
                        .signature(callback.header("Wechatpay-Signature"))
                        .signType(callback.header("Wechatpay-Signature-Type"))
                        .body(callback.text())
                        .build(),
                type);
    }

    private boolean genuine(Map<String, String> fields) throws AlipayApiException {
        var key = Base64.getEncoder()
                .encodeToString(sandbox.simulator.keys().alipay().getPublic().getEncoded());
        return AlipaySignature.verifyV1(new HashMap<>(fields), key, "utf-8", "RSA2");
    }

    private static Map<String, String> form(Receiver.Received callback) {
        return AlipayForm.parse("", callback.body());
    }

    private static boolean isProbe(Receiver.Received callback) {
        return callback.header("Wechatpay-Signature").startsWith("WECHATPAY/SIGNTEST/");
    }

    private static boolean reached(CountDownLatch latch) {
        try {
            return latch.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
