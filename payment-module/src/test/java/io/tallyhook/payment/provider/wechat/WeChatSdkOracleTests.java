package io.tallyhook.payment.provider.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.wechat.pay.java.core.cipher.RSASigner;
import com.wechat.pay.java.core.exception.DecryptionException;
import com.wechat.pay.java.core.exception.ValidationException;
import com.wechat.pay.java.core.notification.NotificationParser;
import com.wechat.pay.java.core.notification.RSAPublicKeyNotificationConfig;
import com.wechat.pay.java.core.notification.RequestParam;
import com.wechat.pay.java.service.payments.model.Transaction;
import com.wechat.pay.java.service.refund.model.RefundNotification;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.Verdict;
import io.tallyhook.payment.provider.wire.Cryptography;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;
import tallyhook.testing.WeChatNotification;

/** The official SDK as an oracle: both believe the same messages, and where it stumbles we do not. */
class WeChatSdkOracleTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");

    private final WeChatAccount account = TestAccounts.weChat();
    private final WeChatCallbacks callbacks =
            new WeChatCallbacks(new WeChatAccounts(List.of(() -> List.of(account))), Cryptography.jdk());
    private final WeChatNotification paid =
            WeChatNotification.paid("P123456", 1999).by(account).at(NOW);

    @Test
    void both_read_the_same_payment() {
        var transaction = sdk(paid, Transaction.class);
        var fact = (Fact.Paid) ours(paid);

        assertThat(transaction.getOutTradeNo()).isEqualTo(fact.outTradeNo());
        assertThat(transaction.getTransactionId()).isEqualTo(fact.providerTransactionId());
        assertThat((long) transaction.getAmount().getTotal())
                .isEqualTo(fact.amount().minorUnits());
    }

    @Test
    void both_read_the_same_refund() {
        var refunded =
                WeChatNotification.refunded("P123456", "R123456", 500, 1999).at(NOW);
        var refund = sdk(refunded, RefundNotification.class);
        var fact = (Fact.Refunded) ours(refunded);

        assertThat(refund.getOutRefundNo()).isEqualTo(fact.refundNo());
        assertThat(refund.getAmount().getRefund()).isEqualTo(500);
    }

    @Test
    void what_the_sdk_signs_we_accept() {
        var request = paid.toRequest();
        var headers = new HashMap<>(request.headers());
        var message = "%s\n%s\n%s\n"
                .formatted(
                        headers.get(WeChatSignature.TIMESTAMP),
                        headers.get(WeChatSignature.NONCE),
                        new String(request.body(), UTF_8));
        var signed =
                new RSASigner(TestAccounts.PUBLIC_KEY_ID, TestKeys.weChatPay().getPrivate()).sign(message);
        headers.put(WeChatSignature.SIGNATURE, signed.getSign());

        assertThat(callbacks.verify(new Delivery(UUID.randomUUID(), NOW, "wechat", "main", headers, request.body())))
                .isInstanceOf(Verdict.Genuine.class);
    }

    @Test
    void both_refuse_what_was_tampered_with() {
        assertThatThrownBy(() -> sdk(paid.tampered(), Transaction.class)).isInstanceOf(ValidationException.class);
        assertThat(reason(paid.tampered())).isEqualTo(Rejection.SIGNATURE_WRONG);
    }

    @Test
    void both_refuse_what_another_key_encrypted() {
        var foreign = paid.encryptedWith(new byte[32]);

        assertThatThrownBy(() -> sdk(foreign, Transaction.class)).isInstanceOf(DecryptionException.class);
        assertThat(reason(foreign)).isEqualTo(Rejection.UNDECRYPTABLE);
    }

    @Test
    void the_sdk_believes_old_messages_and_we_do_not() {
        var old = paid.at(NOW.minusSeconds(26_000_000));

        assertThat(sdk(old, Transaction.class)).isNotNull();
        assertThat(callbacks.verify(old.toDelivery(NOW)))
                .extracting(it -> ((Verdict.Rejected) it).reason())
                .isEqualTo(Rejection.TIMESTAMP_OUTSIDE_WINDOW);
    }

    @Test
    void the_sdk_stumbles_over_absent_associated_data_and_we_do_not() {
        var without = paid.envelope("resource.associated_data", null);

        assertThatThrownBy(() -> sdk(without, Transaction.class)).isInstanceOf(NullPointerException.class);
        assertThat(ours(without)).isInstanceOf(Fact.Paid.class);
    }

    @Test
    void the_sdk_throws_on_a_signed_body_that_is_not_json_and_we_refuse_it() {
        var nonsense = paid.body(json -> "nonsense");

        assertThatThrownBy(() -> sdk(nonsense, Transaction.class)).isInstanceOf(RuntimeException.class);
        assertThat(reason(nonsense)).isEqualTo(Rejection.UNPARSABLE);
    }

    @Test
    void the_sdk_throws_on_a_signature_that_is_not_base64_and_we_refuse_it() {
        var nonsense = paid.header(WeChatSignature.SIGNATURE, "no base64!");

        assertThatThrownBy(() -> sdk(nonsense, Transaction.class)).isInstanceOf(IllegalArgumentException.class);
        assertThat(reason(nonsense)).isEqualTo(Rejection.SIGNATURE_WRONG);
    }

    @Test
    void the_sdk_loses_an_unknown_trade_state_and_we_keep_its_word() {
        var unknown = paid.tradeState("SOMETHING_NEW");

        assertThat(sdk(unknown, Transaction.class).getTradeState()).isNull();
        assertThat(((Fact.Unchanged) ours(unknown)).state()).isEqualTo("SOMETHING_NEW");
    }

    private Fact ours(WeChatNotification notification) {
        return ((Verdict.Genuine) callbacks.verify(notification.toDelivery())).fact();
    }

    private Rejection reason(WeChatNotification notification) {
        return ((Verdict.Rejected) callbacks.verify(notification.toDelivery())).reason();
    }

    private <T> T sdk(WeChatNotification notification, Class<T> type) {
        var config = new RSAPublicKeyNotificationConfig.Builder()
                .publicKey(TestKeys.weChatPay().getPublic())
                .publicKeyId(TestAccounts.PUBLIC_KEY_ID)
                .apiV3Key(new String(account.apiV3Key(), UTF_8))
                .build();
        var request = notification.toRequest();
        var param = new RequestParam.Builder()
                .serialNumber(request.headers().get(WeChatSignature.SERIAL))
                .timestamp(request.headers().get(WeChatSignature.TIMESTAMP))
                .nonce(request.headers().get(WeChatSignature.NONCE))
                .signature(request.headers().get(WeChatSignature.SIGNATURE))
                .body(new String(request.body(), UTF_8))
                .build();
        return new NotificationParser(config).parse(param, type);
    }
}
