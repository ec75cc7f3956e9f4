package io.tallyhook.payment.provider.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.Verdict;
import io.tallyhook.payment.provider.wire.Cryptography;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;

class AlipayCallbacksTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:05Z");
    private static final Charset GBK = Charset.forName("GBK");

    private final AlipayAccount account = TestAccounts.alipay();
    private final AlipayAccount gbk = TestAccounts.alipay("gbk", GBK, URI.create("http://127.0.0.1:9/gateway.do"));
    private final AlipayCallbacks callbacks =
            new AlipayCallbacks(new AlipayAccounts(List.of(() -> List.of(account, gbk))), Cryptography.jdk());
    private final AlipayNotification paid =
            AlipayNotification.paid("P123456", 8888).by(account).at(NOW);

    @Test
    void a_payment_becomes_a_fact_in_fen_with_beijing_time_understood() {
        assertThat(fact(paid.tradeNo("2026T").with("gmt_payment", "2026-01-01 12:00:05")))
                .isEqualTo(new Fact.Paid("P123456", callbacks.identity("main"), "2026T", Money.fen(8888), NOW));
        assertThat(verdict(paid.id("N-1")))
                .extracting(it -> ((Verdict.Genuine) it).notificationId())
                .isEqualTo("N-1");
    }

    @Test
    void c23_a_form_in_gbk_is_verified_and_read_in_gbk() {
        assertThat(fact(paid.by(gbk).with("subject", "会员月卡"))).isInstanceOf(Fact.Paid.class);
        assertThat(callbacks.content(paid.by(gbk).with("subject", "会员月卡").toDelivery()))
                .contains("会员月卡");
    }

    @Test
    void the_charset_is_pinned_and_not_the_messages_choice() {
        assertThat(verdict(paid.with("charset", "GBK")))
                .isEqualTo(new Verdict.Rejected(Rejection.UNPARSABLE, "charset UTF-8", "GBK"));
        assertThat(fact(paid.with("charset", "UTF-8"))).isInstanceOf(Fact.Paid.class);
        assertThat(fact(paid.without("charset"))).isInstanceOf(Fact.Paid.class);
    }

    @Test
    void bytes_of_another_charset_are_unparsable() {
        assertRejected(paid.tampered(form -> form + "&x=%D6%D0"), Rejection.UNPARSABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "%+1", "%%41", "a%2", "%-1"})
    void c23_a_malformed_escape_is_unparsable(String value) {
        assertRejected(paid.tampered(form -> form + "&x=" + value), Rejection.UNPARSABLE);
        assertRejected(paid.tampered(form -> form + "&" + value + "=x"), Rejection.UNPARSABLE);
    }

    @Test
    void c23_every_value_is_decoded_exactly_once() {
        assertThat(fact(paid.with("passback_params", "a%3D1%26b%2B+ %25"))).isInstanceOf(Fact.Paid.class);
        assertThat(fact(paid.with("subject", "1+1 = 2 & \"quotes\" <b>"))).isInstanceOf(Fact.Paid.class);
        assertThat(fact(paid.tampered(form -> form.replace("+", "%20")))).isInstanceOf(Fact.Paid.class);
        assertRejected(
                paid.with("subject", "1+1").tampered(form -> form.replace("1%2B1", "1+1")), Rejection.SIGNATURE_WRONG);
    }

    @Test
    void c1_c23_a_repeated_field_is_refused_whichever_of_the_two_was_signed() {
        assertRejected(paid.tampered(form -> form + "&total_amount=0.01"), Rejection.REPEATED_FIELD);
        assertRejected(paid.tampered(form -> "total_amount=0.01&" + form), Rejection.REPEATED_FIELD);
        assertRejected(paid.tampered(form -> form + "&tot%61l_amount=88.88"), Rejection.REPEATED_FIELD);
        assertRejected(paid.tampered(form -> form + "&sign=AAAA"), Rejection.REPEATED_FIELD);
        assertRejected(paid.tampered(form -> form + "&body="), Rejection.REPEATED_FIELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "&", "a=1&&b=2", "{\"json\":1}", "a=1&b"})
    void a_body_that_is_no_form_is_refused(String body) {
        assertThat(verdict(paid.tampered(form -> body))).isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void c1_a_missing_or_empty_or_differently_written_sign_is_missing() {
        assertRejected(paid.unsigned(), Rejection.SIGNATURE_MISSING);
        assertRejected(paid.forged("sign", ""), Rejection.SIGNATURE_MISSING);
        assertRejected(paid.tampered(form -> form.replace("&sign=", "&Sign=")), Rejection.SIGNATURE_MISSING);
    }

    @Test
    void c1_the_message_does_not_choose_the_algorithm() {
        assertRejected(paid.signedBySha1(), Rejection.SIGNATURE_WRONG);
        assertRejected(paid.forged("sign_type", "RSA"), Rejection.SIGNATURE_WRONG);
        assertRejected(paid.forged("sign_type", "MD5"), Rejection.SIGNATURE_WRONG);
        assertRejected(paid.forged("sign_type", ""), Rejection.SIGNATURE_WRONG);
        assertRejected(paid.forged("sign_type", "rsa2"), Rejection.SIGNATURE_WRONG);
    }

    @Test
    void a_signature_by_anybody_else_is_wrong_also_by_our_own_app_key() {
        assertRejected(paid.signedWith(TestKeys.stranger().getPrivate()), Rejection.SIGNATURE_WRONG);
        assertRejected(paid.signedWith(TestKeys.alipayApp().getPrivate()), Rejection.SIGNATURE_WRONG);
        assertRejected(paid.forged("sign", "not base64!"), Rejection.SIGNATURE_WRONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"total_amount", "out_trade_no", "trade_status", "app_id", "seller_id", "subject", "added"})
    void no_field_can_be_changed_or_added(String field) {
        assertRejected(paid.forged(field, "1"), Rejection.SIGNATURE_WRONG);
    }

    @Test
    void only_empty_values_are_left_out_a_blank_one_is_signed_where_the_sdk_ignores_it() {
        assertThat(fact(paid.with("body", " "))).isInstanceOf(Fact.Paid.class);
        assertRejected(paid.forged("added", " "), Rejection.SIGNATURE_WRONG);
        assertRejected(paid.forged("refund_fee", " "), Rejection.SIGNATURE_WRONG);
    }

    @Test
    void an_added_empty_field_changes_nothing_as_it_is_as_good_as_absent() {
        assertThat(fact(paid.forged("gmt_refund", "").forged("refund_fee", ""))).isEqualTo(fact(paid));
    }

    @Test
    void two_fields_cannot_pose_as_one_with_an_ampersand_in_it() {
        var joined = paid.with("passback_params", "x&total_amount=0.01");

        assertThat(((Fact.Paid) fact(joined)).amount()).isEqualTo(Money.fen(8888));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "88.888",
                "8.8e1",
                "88,88",
                "+88.88",
                " 88.88",
                "0x58",
                "88.",
                ".88",
                "99999999999999999999",
                "NaN"
            })
    void c8_an_amount_that_is_no_whole_number_of_fen_is_not_exact(String amount) {
        assertRejected(paid.totalAmount(amount), Rejection.AMOUNT_NOT_EXACT);
    }

    @Test
    void c8_amounts_are_never_rounded() {
        assertThat(((Fact.Paid) fact(paid.totalAmount("19.9"))).amount()).isEqualTo(Money.fen(1990));
        assertThat(((Fact.Paid) fact(paid.totalAmount("0.29"))).amount()).isEqualTo(Money.fen(29));
        assertThat(((Fact.Paid) fact(paid.totalAmount("88.880"))).amount()).isEqualTo(Money.fen(8888));
        assertThat(((Fact.Paid) fact(paid.totalAmount("-88.88"))).amount()).isEqualTo(Money.fen(-8888));
    }

    @Test
    void an_amount_in_another_currency_is_refused() {
        assertRejected(paid.with("trans_currency", "USD"), Rejection.UNPARSABLE);
        assertThat(fact(paid.with("trans_currency", "CNY"))).isInstanceOf(Fact.Paid.class);
    }

    @Test
    void c9_the_claim_is_the_messages_not_ours() {
        assertThat(fact(paid.appId("2021FOREIGN").sellerId("2088000000009999")).claim())
                .isEqualTo(new Claim(Map.of(Check.APP_ID, "2021FOREIGN", Check.SELLER, "2088000000009999")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"out_trade_no", "trade_no", "trade_status", "total_amount", "app_id", "seller_id"})
    void c9_a_payment_without_one_of_its_fields_is_unparsable(String field) {
        assertRejected(paid.without(field), Rejection.UNPARSABLE);
        assertRejected(paid.with(field, ""), Rejection.UNPARSABLE);
        assertRejected(paid.with(field, "P\u0000"), Rejection.UNPARSABLE);
    }

    @Test
    void c19_finished_is_a_payment_also_as_the_first_message_and_also_after_refunds() {
        assertThat(fact(paid.tradeStatus("TRADE_FINISHED"))).isEqualTo(fact(paid));
        assertThat(fact(AlipayNotification.refunded("P123456", "R1", 500, 8888)
                        .at(NOW)
                        .tradeStatus("TRADE_FINISHED")))
                .isEqualTo(fact(paid));
    }

    @Test
    void c19_success_with_a_refund_beside_it_is_a_refund_and_tells_only_what_was_refunded_in_all() {
        var refunded =
                AlipayNotification.refunded("P123456", "R1", 500, 8888).at(NOW).tradeNo("2026T");

        assertThat(fact(refunded))
                .isEqualTo(new Fact.Refunded(
                        "P123456",
                        callbacks.identity("main"),
                        Fact.RefundResult.SUCCEEDED,
                        "2026T",
                        "R1",
                        null,
                        null,
                        Money.fen(500),
                        Money.fen(8888),
                        NOW));
    }

    @Test
    void c19_success_with_a_refund_of_nothing_is_a_payment() {
        assertThat(fact(paid.with("refund_fee", "0.00"))).isEqualTo(fact(paid));
        assertThat(fact(paid.with("refund_fee", "0.00").with("gmt_refund", "2026-01-01 12:00:05")))
                .isEqualTo(fact(paid));
    }

    @Test
    void c19_closed_with_a_refund_is_a_refund_of_the_whole() {
        var refunded =
                AlipayNotification.refunded("P123456", "R1", 8888, 8888).at(NOW).tradeStatus("TRADE_CLOSED");

        assertThat(((Fact.Refunded) fact(refunded)).refundedInAll()).isEqualTo(Money.fen(8888));
        assertThat(((Fact.Refunded) fact(refunded.without("refund_fee"))).refundedInAll())
                .isEqualTo(Money.fen(8888));
        assertThat(((Fact.Refunded) fact(refunded.without("gmt_refund").without("out_biz_no"))).refundNo())
                .isNull();
    }

    @Test
    void c19_closed_without_a_refund_is_closed_unless_it_was_paid() {
        var closed = AlipayNotification.closed("P123456", 8888).at(NOW);

        assertThat(fact(closed)).isEqualTo(new Fact.Closed("P123456", callbacks.identity("main")));
        assertThat(fact(closed.with("gmt_payment", "2026-01-01 12:00:05"))).isInstanceOf(Fact.Unchanged.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAIT_BUYER_PAY", "TRADE_PENDING", "SOMETHING_NEW", "trade_success"})
    void c16_every_other_state_changes_nothing(String status) {
        assertThat(fact(paid.tradeStatus(status)))
                .isEqualTo(new Fact.Unchanged("P123456", callbacks.identity("main"), status));
    }

    @Test
    void times_may_have_milliseconds_and_must_be_possible() {
        assertThat(((Fact.Paid) fact(paid.with("gmt_payment", "2026-01-01 12:00:05.250"))).paidAt())
                .isEqualTo(NOW.plusMillis(250));
        assertRejected(paid.with("gmt_payment", "2026-02-30 25:00:00"), Rejection.UNPARSABLE);
        assertThat(((Fact.Paid) fact(paid.without("gmt_payment"))).paidAt()).isEqualTo(NOW);
    }

    @Test
    void a_form_with_more_fields_than_any_notification_is_refused_before_its_signature_is_looked_at() {
        var many = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            many.append("&f").append(i).append("=1");
        }

        assertRejected(paid.tampered(form -> form + many), Rejection.UNPARSABLE);
    }

    @Test
    void an_account_that_is_not_ours_is_a_rejection_and_no_exception() {
        assertRejected(paid.by(TestAccounts.alipay("unknown")), Rejection.UNPARSABLE);
    }

    @ParameterizedTest
    @EnumSource(Answer.class)
    void c21_c22_replies_are_byte_exact(Answer answer) {
        var reply = callbacks.reply(answer);

        assertThat(reply.text()).isEqualTo(answer == Answer.SUCCESS ? "success" : "fail");
        assertThat(reply.body()).hasSize(answer == Answer.SUCCESS ? 7 : 4);
        assertThat(reply.status()).isEqualTo(answer == Answer.OUR_FAULT ? 503 : 200);
        assertThat(reply.contentType()).isEqualTo("text/plain");
    }

    @Test
    void people_can_read_the_fields_and_what_is_no_form_is_empty() {
        assertThat(callbacks.content(paid.toDelivery())).contains("\"subject\" : \"VIP会员 & 月卡+1\"");
        assertThat(callbacks.content(paid.tampered(form -> "nonsense").toDelivery()))
                .isEqualTo("{ }");
        assertThat(new String(paid.body(), UTF_8)).doesNotContain("会员");
    }

    @Test
    void an_amount_is_read_only_of_what_is_signed_and_of_other_forms_nothing_is_said() {
        assertThat(callbacks.passedBefore(Rejection.AMOUNT_NOT_EXACT)).containsExactly(Check.SIGNATURE);
        assertThat(callbacks.passedBefore(Rejection.SIGNATURE_WRONG)).containsExactly(Check.FORM);
        assertThat(callbacks.passedBefore(Rejection.REPEATED_FIELD)).isEmpty();
        assertThat(callbacks.passedBefore(Rejection.UNPARSABLE)).isEmpty();
    }

    private Verdict verdict(AlipayNotification notification) {
        return callbacks.verify(notification.toDelivery());
    }

    private Fact fact(AlipayNotification notification) {
        var verdict = verdict(notification);
        assertThat(verdict).isInstanceOf(Verdict.Genuine.class);
        return ((Verdict.Genuine) verdict).fact();
    }

    private void assertRejected(AlipayNotification notification, Rejection reason) {
        assertThat(verdict(notification))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class, it -> assertThat(it.reason()).isEqualTo(reason));
    }
}
