package io.tallyhook.payment.provider.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.Verdict;
import io.tallyhook.payment.provider.wire.Cryptography;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;
import tallyhook.testing.WeChatNotification;

class WeChatCallbacksTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");

    private final WeChatAccount account = TestAccounts.weChat();
    private final WeChatCallbacks callbacks = new WeChatCallbacks(
            new WeChatAccounts(List.of(() -> List.of(account, TestAccounts.weChat("shop-2")))), Cryptography.jdk());
    private final WeChatNotification paid =
            WeChatNotification.paid("P123456", 1999).by(account).at(NOW);

    @Test
    void a_payment_becomes_a_fact_with_the_orders_amount_not_what_the_payer_paid_after_coupons() {
        var fact = fact(paid.id("EV-1").transactionId("4200001").with("amount.payer_total", 1));

        assertThat(fact)
                .isEqualTo(new Fact.Paid("P123456", callbacks.identity("main"), "4200001", Money.fen(1999), NOW));
        assertThat(verdict(paid.id("EV-1")))
                .extracting(it -> ((Verdict.Genuine) it).notificationId())
                .isEqualTo("EV-1");
    }

    @Test
    void certificates_and_public_keys_work_side_by_side() {
        assertThat(fact(paid.inCertificateMode())).isInstanceOf(Fact.Paid.class);
        assertThat(fact(paid)).isInstanceOf(Fact.Paid.class);
    }

    @Test
    void the_key_of_one_serial_does_not_count_under_the_other() {
        assertRejected(paid.serial(TestAccounts.CERTIFICATE_SERIAL), Rejection.SIGNATURE_WRONG);
    }

    @Test
    void an_unknown_serial_is_refused_and_shown_beside_ours() {
        assertThat(verdict(paid.serial("PUB_KEY_ID_FOREIGN")))
                .isEqualTo(new Verdict.Rejected(
                        Rejection.UNKNOWN_KEY,
                        "[%s, %s]".formatted(TestAccounts.CERTIFICATE_SERIAL, TestAccounts.PUBLIC_KEY_ID),
                        "PUB_KEY_ID_FOREIGN"));
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -299, 0, 299, 300})
    void c5_a_signature_counts_for_300_seconds_on_either_side_of_our_clock(long seconds) {
        assertThat(callbacks.verify(paid.toDelivery(NOW.plusSeconds(seconds)))).isInstanceOf(Verdict.Genuine.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-360, -301, 301, 360, 26_000_000})
    void c5_an_old_or_future_signature_is_a_replay_also_where_the_sdk_believes_it(long seconds) {
        assertThat(callbacks.verify(paid.toDelivery(NOW.plusSeconds(seconds))))
                .extracting(it -> ((Verdict.Rejected) it).reason())
                .isEqualTo(Rejection.TIMESTAMP_OUTSIDE_WINDOW);
    }

    @Test
    void the_window_is_exact_to_the_nanosecond() {
        assertThat(callbacks.verify(paid.toDelivery(NOW.plusSeconds(300).plusNanos(1))))
                .extracting(it -> ((Verdict.Rejected) it).reason())
                .isEqualTo(Rejection.TIMESTAMP_OUTSIDE_WINDOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1767240000", "+1767240000", "1767240000.0", "99999999999999999999", "１７６７２４００００"})
    void a_timestamp_that_is_no_number_of_seconds_is_refused(String timestamp) {
        assertRejected(paid.header(WeChatSignature.TIMESTAMP, timestamp), Rejection.TIMESTAMP_OUTSIDE_WINDOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serial", "timestamp", "nonce", "signature"})
    void c1_c6_a_missing_or_blank_header_is_a_missing_signature(String header) {
        assertRejected(paid.without("wechatpay-" + header), Rejection.SIGNATURE_MISSING);
        assertRejected(paid.header("wechatpay-" + header, " "), Rejection.SIGNATURE_MISSING);
    }

    @Test
    void c6_no_headers_at_all_is_a_missing_signature_even_if_the_content_was_encrypted_with_our_key() {
        var bare = new Delivery(
                UUID.randomUUID(),
                NOW,
                "wechat",
                "main",
                Map.of(),
                paid.toRequest().body());

        assertThat(callbacks.verify(bare))
                .extracting(it -> ((Verdict.Rejected) it).reason())
                .isEqualTo(Rejection.SIGNATURE_MISSING);
    }

    @Test
    void an_absent_signature_type_means_the_only_one() {
        assertThat(fact(paid.without(WeChatSignature.TYPE))).isInstanceOf(Fact.Paid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WECHATPAY2-SM2-WITH-SM3", "MD5", "HMAC-SHA256", "none", "wechatpay2-sha256-rsa2048"})
    void c1_the_message_does_not_choose_the_algorithm(String type) {
        assertRejected(paid.header(WeChatSignature.TYPE, type), Rejection.SIGNATURE_WRONG);
    }

    @Test
    void c3_no_header_can_switch_verification_off() {
        assertRejected(
                paid.signedWith(TestKeys.stranger().getPrivate())
                        .header("host", "localhost")
                        .header("x-forwarded-for", "127.0.0.1"),
                Rejection.SIGNATURE_WRONG);
    }

    @Test
    void c27_verification_asks_nobody() {
        // The address of this account's API answers nobody.
        assertThat(account.baseUrl()).hasPort(9);
        assertThat(fact(paid.inCertificateMode())).isInstanceOf(Fact.Paid.class);
    }

    @Test
    void a_strangers_signature_is_wrong() {
        assertRejected(paid.signedWith(TestKeys.stranger().getPrivate()), Rejection.SIGNATURE_WRONG);
        assertRejected(paid.signedWith(TestKeys.merchant().getPrivate()), Rejection.SIGNATURE_WRONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAA", "not base64!", "WECHATPAY", "===="})
    void a_signature_that_is_none_is_wrong_and_never_an_exception(String signature) {
        assertRejected(paid.header(WeChatSignature.SIGNATURE, signature), Rejection.SIGNATURE_WRONG);
    }

    @Test
    void a_signature_probe_fails_under_its_own_name() {
        assertRejected(paid.probe(), Rejection.SIGNATURE_PROBE);
        assertRejected(
                paid.header(WeChatSignature.SIGNATURE, "WECHATPAY/SIGNTEST/not-base64"), Rejection.SIGNATURE_PROBE);
    }

    @Test
    void the_first_failing_check_is_the_reason() {
        var allWrong = paid.serial("FOREIGN")
                .signedWith(TestKeys.stranger().getPrivate())
                .encryptedWith(new byte[32])
                .content("nonsense");

        assertThat(callbacks.verify(allWrong.toDelivery(NOW.plusSeconds(301))))
                .extracting(it -> ((Verdict.Rejected) it).reason())
                .isEqualTo(Rejection.TIMESTAMP_OUTSIDE_WINDOW);
        assertRejected(allWrong, Rejection.UNKNOWN_KEY);
        assertRejected(allWrong.serial(TestAccounts.PUBLIC_KEY_ID), Rejection.SIGNATURE_WRONG);
        assertRejected(
                paid.encryptedWith(new byte[32]).content("nonsense").body(json -> "[" + json), Rejection.UNPARSABLE);
        assertRejected(paid.encryptedWith(new byte[32]).content("nonsense"), Rejection.UNDECRYPTABLE);
    }

    @Test
    void c23_the_signature_is_over_the_raw_bytes_whatever_their_layout() {
        assertThat(fact(paid.body(json -> json.replace(",", ",\r\n  ")))).isInstanceOf(Fact.Paid.class);
        assertThat(fact(paid.body(json -> "\n" + json + "\n\n"))).isInstanceOf(Fact.Paid.class);
        assertThat(fact(paid.body(json -> "\uFEFF" + json))).isInstanceOf(Fact.Paid.class);
        assertRejected(
                paid.body(json -> json + "\n")
                        .tampered(body -> new String(body, UTF_8).strip().getBytes(UTF_8)),
                Rejection.SIGNATURE_WRONG);
    }

    @Test
    void content_encrypted_with_another_key_or_changed_is_undecryptable() {
        assertRejected(paid.encryptedWith(new byte[32]), Rejection.UNDECRYPTABLE);
        assertRejected(
                paid.body(json -> json.replace("\"associated_data\":\"transaction\"", "\"associated_data\":\"other\"")),
                Rejection.UNDECRYPTABLE);
        assertRejected(
                paid.body(json -> json.replaceFirst("\"ciphertext\":\"..", "\"ciphertext\":\"!!")),
                Rejection.UNDECRYPTABLE);
        assertRejected(
                paid.body(json -> json.replaceFirst("\"ciphertext\":\"[^\"]*", "\"ciphertext\":\"")),
                Rejection.UNDECRYPTABLE);
        assertRejected(paid.body(json -> json.replace("abcdefghijkl", "abcdefghijk")), Rejection.UNDECRYPTABLE);
        assertRejected(paid.body(json -> json.replace("abcdefghijkl", "")), Rejection.UNDECRYPTABLE);
    }

    @Test
    void another_merchants_content_is_undecryptable_with_our_key() {
        var theirs = paid.encryptedWith("fedcba9876543210fedcba9876543210".getBytes(UTF_8));

        assertRejected(theirs, Rejection.UNDECRYPTABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AEAD_SM4_GCM", "AEAD_AES_128_GCM", "NONE"})
    void only_one_algorithm_of_encryption_is_accepted(String algorithm) {
        assertThat(verdict(paid.envelope("resource.algorithm", algorithm)))
                .isEqualTo(new Verdict.Rejected(Rejection.UNDECRYPTABLE, "AEAD_AES_256_GCM", algorithm));
    }

    @Test
    void absent_associated_data_is_empty_where_the_sdk_throws() {
        assertThat(fact(paid.envelope("resource.associated_data", null))).isInstanceOf(Fact.Paid.class);
        assertThat(fact(paid.envelope("resource.associated_data", ""))).isInstanceOf(Fact.Paid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "42", "[]", "{", "<xml/>", "not json", "{} {}", "{\"resource\":1}"})
    void a_signed_body_that_is_no_notification_is_unparsable_where_the_sdk_throws(String body) {
        assertRejected(paid.body(ignored -> body), Rejection.UNPARSABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "42", "[]", "{", "not json", "{} {}", "{}", "{\"out_trade_no\":1}"})
    void content_that_is_no_transaction_is_unparsable(String content) {
        assertRejected(paid.content(content), Rejection.UNPARSABLE);
    }

    @Test
    void json_of_any_depth_is_refused_without_harm() {
        assertRejected(paid.body(json -> "[".repeat(100_000)), Rejection.UNPARSABLE);
        assertRejected(paid.content("{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000)), Rejection.UNPARSABLE);
    }

    @Test
    void c23_a_repeated_field_is_refused_outside_and_inside() {
        assertRejected(paid.body(json -> json.replaceFirst("\\{", "{\"id\":\"EV-2\",")), Rejection.REPEATED_FIELD);
        assertRejected(
                paid.content("{\"out_trade_no\":\"A\",\"amount\":{\"total\":1,\"total\":2}}"),
                Rejection.REPEATED_FIELD);
        assertRejected(
                paid.content("{\"out_trade_no\":\"A\",\"amount\":{\"total\":1,\"t\\u006ftal\":2}}"),
                Rejection.REPEATED_FIELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1999.0", "19.99", "1.999e3", "\"1999\"", "9223372036854775808", "true", "[1999]"})
    void c8_an_amount_that_is_no_integer_is_not_exact(String total) {
        var content = "{\"out_trade_no\":\"P123456\",\"trade_state\":\"SUCCESS\",\"transaction_id\":\"T\","
                + "\"appid\":\"a\",\"mchid\":\"m\",\"amount\":{\"total\":%s,\"currency\":\"CNY\"}}";

        assertRejected(paid.content(content.formatted(total)), Rejection.AMOUNT_NOT_EXACT);
    }

    @Test
    void c8_zero_negative_and_foreign_amounts_are_told_as_they_are_for_the_payment_to_be_compared_with() {
        assertThat(((Fact.Paid) fact(paid.amount(0))).amount()).isEqualTo(Money.fen(0));
        assertThat(((Fact.Paid) fact(paid.amount(-1999))).amount()).isEqualTo(Money.fen(-1999));
        assertThat(((Fact.Paid) fact(paid.currency("USD"))).amount()).isEqualTo(Money.of(1999, "USD"));
        assertRejected(paid.currency("yuan"), Rejection.UNPARSABLE);
    }

    @Test
    void an_absent_currency_is_the_only_one_wechat_pay_has() {
        assertThat(((Fact.Paid) fact(paid.with("amount.currency", null))).amount())
                .isEqualTo(Money.fen(1999));
    }

    @Test
    void c9_the_claim_is_the_messages_not_ours() {
        var claim = fact(paid.appId("wxFOREIGN").mchId("1900000109")).claim();

        assertThat(claim).isEqualTo(new Claim(Map.of(Check.APP_ID, "wxFOREIGN", Check.MERCHANT_ID, "1900000109")));
        assertThat(claim).isNotEqualTo(callbacks.identity("main"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "out_trade_no",
                "appid",
                "mchid",
                "transaction_id",
                "trade_state",
                "amount.total",
                "amount",
                "success_time"
            })
    void c9_a_payment_without_one_of_its_fields_is_unparsable(String field) {
        assertRejected(paid.with(field, null), Rejection.UNPARSABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"out_trade_no", "transaction_id", "mchid", "appid"})
    void a_word_with_control_characters_is_unparsable_so_that_no_database_has_to_refuse_it(String field) {
        assertRejected(paid.with(field, "P\u0000123456"), Rejection.UNPARSABLE);
        assertRejected(paid.with(field, "订单"), Rejection.UNPARSABLE);
        assertRejected(paid.with(field, "P".repeat(129)), Rejection.UNPARSABLE);
        assertRejected(paid.with(field, ""), Rejection.UNPARSABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"yesterday", "2026-01-01 12:00:00", "+999999999-01-01T00:00:00+08:00", "1970-01-01T00:00:00Z"})
    void a_time_that_cannot_be_is_unparsable(String time) {
        assertRejected(paid.with("success_time", time), Rejection.UNPARSABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLOSED", "REVOKED"})
    void a_closed_transaction_is_told_as_closed(String state) {
        assertThat(fact(paid.tradeState(state))).isEqualTo(new Fact.Closed("P123456", callbacks.identity("main")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"REFUND", "NOTPAY", "USERPAYING", "ACCEPT", "PAYERROR", "SOMETHING_NEW", "success", "SUCCESS "})
    void c20_every_other_trade_state_changes_nothing_even_under_a_success_event(String state) {
        assertThat(fact(paid.tradeState(state)))
                .isEqualTo(new Fact.Unchanged("P123456", callbacks.identity("main"), state));
    }

    @Test
    void a_refund_becomes_a_fact_and_names_the_merchant_only() {
        var refunded = WeChatNotification.refunded("P123456", "R123456", 500, 1999)
                .by(account)
                .at(NOW)
                .transactionId("4200001")
                .with("refund_id", "5030001");

        assertThat(fact(refunded))
                .isEqualTo(new Fact.Refunded(
                        "P123456",
                        new Claim(Map.of(Check.MERCHANT_ID, account.mchId())),
                        Fact.RefundResult.SUCCEEDED,
                        "4200001",
                        "R123456",
                        "5030001",
                        Money.fen(500),
                        null,
                        Money.fen(1999),
                        NOW));
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS,SUCCEEDED", "CLOSED,FAILED", "ABNORMAL,ABNORMAL"})
    void each_refund_status_has_its_result(String status, Fact.RefundResult result) {
        var refunded = WeChatNotification.refunded("P123456", "R123456", 500, 1999)
                .at(NOW)
                .refundStatus(status)
                .with("success_time", null);

        assertThat(((Fact.Refunded) fact(refunded)).result()).isEqualTo(result);
        assertThat(((Fact.Refunded) fact(refunded)).at()).isNull();
    }

    @Test
    void an_unknown_refund_status_changes_nothing() {
        var refunded =
                WeChatNotification.refunded("P123456", "R123456", 500, 1999).at(NOW);

        assertThat(fact(refunded.refundStatus("PROCESSING"))).isInstanceOf(Fact.Unchanged.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "out_trade_no",
                "out_refund_no",
                "refund_id",
                "mchid",
                "refund_status",
                "amount.refund",
                "amount.total"
            })
    void a_refund_without_one_of_its_fields_is_unparsable(String field) {
        assertRejected(
                WeChatNotification.refunded("P123456", "R123456", 500, 1999)
                        .at(NOW)
                        .with(field, null),
                Rejection.UNPARSABLE);
    }

    @Test
    void c2_refund_fields_in_a_payment_do_not_make_it_a_refund_nor_the_other_way_round() {
        assertThat(fact(paid.with("refund_status", "SUCCESS").with("out_refund_no", "R1")))
                .isInstanceOf(Fact.Paid.class);
        assertThat(fact(WeChatNotification.refunded("P123456", "R123456", 500, 1999)
                        .at(NOW)
                        .with("trade_state", "SUCCESS")))
                .isInstanceOf(Fact.Refunded.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sp_mchid", "sub_mchid", "combine_mchid", "sub_orders"})
    void payments_of_service_providers_and_combined_payments_are_refused_in_words(String field) {
        var verdict = (Verdict.Rejected) verdict(paid.with(field, "1900000100"));

        assertThat(verdict.reason()).isEqualTo(Rejection.UNPARSABLE);
        assertThat(verdict.actual()).contains(field).contains("not supported");
    }

    @Test
    void an_unknown_event_about_a_payment_changes_nothing_and_one_about_none_is_refused_in_words() {
        assertThat(fact(paid.eventType("PAYSCORE.USER_CONFIRM")))
                .isEqualTo(new Fact.Unchanged("P123456", callbacks.identity("main"), "PAYSCORE.USER_CONFIRM"));

        var verdict = (Verdict.Rejected) verdict(paid.eventType("COUPON.USE").content("{\"coupon_id\":\"1\"}"));
        assertThat(verdict.reason()).isEqualTo(Rejection.UNPARSABLE);
        assertThat(verdict.actual()).isEqualTo("COUPON.USE is about no payment: it has no out_trade_no");
    }

    @Test
    void an_account_that_is_not_ours_is_a_rejection_and_no_exception() {
        assertRejected(paid.by(TestAccounts.weChat("unknown")), Rejection.UNPARSABLE);
    }

    @Test
    void two_merchants_do_not_disturb_each_other_as_they_do_in_the_sdk() {
        var other = TestAccounts.weChat("shop-2");

        assertThat(fact(paid.by(other)).claim()).isEqualTo(callbacks.identity("shop-2"));
        assertThat(callbacks.identity("shop-2")).isNotEqualTo(callbacks.identity("main"));
        assertThat(callbacks.accounts()).containsExactlyInAnyOrder("main", "shop-2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SUCCESS         | 200 | {\"code\":\"SUCCESS\"}",
                "MISMATCH        | 400 | {\"code\":\"FAIL\",\"message\":\"MISMATCH\"}",
                "UNKNOWN_PAYMENT | 404 | {\"code\":\"FAIL\",\"message\":\"UNKNOWN_PAYMENT\"}",
                "NOT_GENUINE     | 401 | {\"code\":\"FAIL\",\"message\":\"NOT_GENUINE\"}",
                "MALFORMED       | 400 | {\"code\":\"FAIL\",\"message\":\"MALFORMED\"}",
                "OUR_FAULT       | 503 | {\"code\":\"FAIL\",\"message\":\"OUR_FAULT\"}"
            })
    void c21_c22_replies_are_byte_exact(Answer answer, int status, String body) {
        var reply = callbacks.reply(answer);

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.text()).isEqualTo(body);
        assertThat(reply.contentType()).isEqualTo("application/json");
    }

    @ParameterizedTest
    @EnumSource(Answer.class)
    void only_success_is_answered_with_a_2xx(Answer answer) {
        assertThat(callbacks.reply(answer).status() / 100 == 2).isEqualTo(answer == Answer.SUCCESS);
    }

    @Test
    void people_can_read_the_envelope_and_the_decrypted_content() {
        assertThat(callbacks.content(paid.id("EV-7").toDelivery()))
                .contains("\"id\" : \"EV-7\"")
                .contains("\"out_trade_no\" : \"P123456\"");
        assertThat(callbacks.content(paid.encryptedWith(new byte[32]).toDelivery()))
                .contains("ciphertext")
                .doesNotContain("P123456");
        assertThat(callbacks.content(paid.body(json -> "nonsense").toDelivery()))
                .isEqualTo("{ }");
    }

    private Verdict verdict(WeChatNotification notification) {
        return callbacks.verify(notification.toDelivery());
    }

    private Fact fact(WeChatNotification notification) {
        return assertThat(verdict(notification))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(Verdict.Genuine.class))
                .actual()
                .fact();
    }

    private void assertRejected(WeChatNotification notification, Rejection reason) {
        assertThat(verdict(notification))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class, it -> assertThat(it.reason()).isEqualTo(reason));
    }
}
