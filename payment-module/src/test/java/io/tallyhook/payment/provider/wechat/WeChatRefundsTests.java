package io.tallyhook.payment.provider.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import io.tallyhook.payment.provider.wire.ProviderHttp;
import io.tallyhook.payment.provider.wire.RsaSha256;
import java.net.URI;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tallyhook.testing.StubServer;
import tallyhook.testing.StubServer.Response;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;
import tools.jackson.databind.json.JsonMapper;

/** Refunds at WeChat Pay, over real HTTP. */
class WeChatRefundsTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");

    private final StubServer server = new StubServer();
    private final WeChatAccount account = TestAccounts.weChat("main", server.uri());
    private final ProviderHttp http = new ProviderHttp(Duration.ofSeconds(10), Duration.ofSeconds(10));
    private final WeChatGateway gateway = new WeChatGateway(
            new WeChatAccounts(List.of(() -> List.of(account))),
            new WeChatClient(http, Clock.fixed(NOW, ZoneOffset.UTC)));

    @AfterEach
    void close() {
        server.close();
        http.destroy();
    }

    @Test
    void a_refund_says_which_payment_how_much_of_how_much_and_where_to_tell_us() {
        server.answers(request -> signed(200, refund("PROCESSING")));

        gateway.refund(order("太大了"));

        var request = server.requests().getFirst();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/v3/refund/domestic/refunds");
        assertThat(request.header("Authorization")).startsWith("WECHATPAY2-SHA256-RSA2048 mchid=");
        assertThat(JsonMapper.shared().readTree(request.text()))
                .isEqualTo(JsonMapper.shared().readTree("""
                                        {"out_trade_no":"P123456","out_refund_no":"R123456","reason":"太大了",
                                         "notify_url":"https://pay.example.com/callbacks/wechat/main",
                                         "amount":{"refund":700,"total":1999,"currency":"CNY"}}
                                        """));
    }

    @Test
    void a_long_reason_is_cut_after_80_characters_and_never_in_half() {
        server.answers(request -> signed(200, refund("PROCESSING")));

        gateway.refund(order("😀".repeat(200)));

        var sent = JsonMapper.shared().readTree(server.requests().getFirst().text());
        assertThat(sent.path("reason").asString("")).isEqualTo("😀".repeat(80));
    }

    @Test
    void a_question_names_the_refund() {
        server.answers(request -> signed(200, refund("SUCCESS")));

        gateway.queryRefund(order("why"));

        assertThat(server.requests().getFirst().method()).isEqualTo("GET");
        assertThat(server.requests().getFirst().target()).isEqualTo("/v3/refund/domestic/refunds/R123456");
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS, SUCCEEDED", "CLOSED, FAILED"})
    void what_has_ended_is_a_fact_like_any_other(String status, RefundResult result) {
        server.answers(request -> signed(200, refund(status)));

        for (var answer : List.of(
                gateway.refund(order("why")), gateway.queryRefund(order("why")).orElseThrow())) {
            assertThat(answer).isInstanceOfSatisfying(RefundAnswer.Ended.class, ended -> {
                var fact = ended.fact();
                assertThat(fact.result()).isEqualTo(result);
                assertThat(fact.outTradeNo()).isEqualTo("P123456");
                assertThat(fact.refundNo()).isEqualTo("R123456");
                assertThat(fact.providerTransactionId()).isEqualTo("4200001");
                assertThat(fact.providerRefundId()).isEqualTo("5030001");
                assertThat(fact.amount()).isEqualTo(Money.fen(700));
                assertThat(fact.total()).isEqualTo(Money.fen(1999));
                assertThat(fact.at()).isEqualTo(Instant.parse("2026-01-01T04:00:30Z"));
            });
        }
    }

    @Test
    void what_has_not_ended_is_accepted_or_stuck() {
        server.answers(request -> signed(200, refund("PROCESSING")));
        assertThat(gateway.refund(order("why"))).isEqualTo(new RefundAnswer.Accepted("5030001"));

        server.answers(request -> signed(200, refund("ABNORMAL")));
        assertThat(gateway.queryRefund(order("why"))).contains(new RefundAnswer.Stuck("ABNORMAL", "5030001"));
    }

    @Test
    void a_status_that_nobody_knows_is_unclear() {
        server.answers(request -> signed(200, refund("SHREDDED")));

        assertUnclear();
    }

    @ParameterizedTest
    @CsvSource({
        "400, PARAM_ERROR",
        "400, INVALID_REQUEST",
        "403, NOT_ENOUGH",
        "403, USER_ACCOUNT_ABNORMAL",
        "404, RESOURCE_NOT_EXISTS",
        "404, ORDER_NOT_EXIST"
    })
    void a_signed_refusal_after_which_nothing_was_given_back_is_definite(int status, String code) {
        server.answers(request -> signed(status, failure(code)));

        assertThatThrownBy(() -> gateway.refund(order("why")))
                .isInstanceOfSatisfying(
                        ProviderRefused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({
        "429, FREQUENCY_LIMITED",
        "500, SYSTEM_ERROR",
        "400, SYSTEM_ERROR",
        "500, NOT_ENOUGH",
        "401, SIGN_ERROR",
        "403, NO_AUTH",
        "400, SOMETHING_NEW",
        "202, PROCESSING"
    })
    void every_other_failure_leaves_open_what_became_of_it(int status, String code) {
        server.answers(request -> signed(status, failure(code)));

        assertUnclear();
    }

    /** What was taken back must not be given back because somebody between us and WeChat Pay says so. */
    @Test
    void a_refusal_that_is_not_signed_or_signed_by_a_stranger_is_unclear() {
        server.answers(request -> Response.of(403, failure("NOT_ENOUGH")));
        assertUnclear();

        server.answers(request ->
                signed(403, failure("NOT_ENOUGH"), TestKeys.stranger().getPrivate()));
        assertUnclear();
    }

    @Test
    void a_success_that_is_not_signed_or_signed_by_a_stranger_is_unclear() {
        server.answers(request -> Response.of(200, refund("SUCCESS")));
        assertUnclear();

        server.answers(
                request -> signed(200, refund("SUCCESS"), TestKeys.stranger().getPrivate()));
        assertUnclear();
    }

    @Test
    void only_wechat_pay_itself_knows_that_there_is_no_such_refund() {
        server.answers(request -> signed(404, failure("RESOURCE_NOT_EXISTS")));
        assertThat(gateway.queryRefund(order("why"))).isEmpty();

        server.answers(request -> Response.of(404, failure("RESOURCE_NOT_EXISTS")));
        assertThatThrownBy(() -> gateway.queryRefund(order("why"))).isInstanceOf(ProviderUnclear.class);

        server.answers(request -> signed(404, failure("NOT_FOUND")));
        assertThatThrownBy(() -> gateway.queryRefund(order("why"))).isInstanceOf(ProviderUnclear.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P123456", "R123456"})
    void an_answer_about_something_else_is_no_answer(String ours) {
        server.answers(request -> signed(200, refund("SUCCESS").replace(ours, ours + "X")));

        assertUnclear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"refund\":700.5", "\"refund\":\"700\"", "\"refund\":null", "\"currency\":\"USD\""})
    void an_amount_that_is_not_exact_or_of_another_currency_is_no_answer(String wrong) {
        var field = wrong.substring(0, wrong.indexOf(':') + 1);
        server.answers(request -> signed(200, refund("SUCCESS").replaceAll(field + "(700|\"CNY\")", wrong)));

        assertUnclear();
    }

    @Test
    void an_account_without_keys_of_its_own_cannot_ask_for_refunds() {
        gateway.checkRefunds("main");
        var receiving = new WeChatAccount(
                "main",
                account.appId(),
                account.mchId(),
                account.apiV3Key(),
                Optional.empty(),
                account.platformKeys(),
                account.baseUrl());
        var deaf = new WeChatGateway(
                new WeChatAccounts(List.of(() -> List.of(receiving))),
                new WeChatClient(http, Clock.fixed(NOW, ZoneOffset.UTC)));

        assertThatThrownBy(() -> deaf.checkRefunds("main"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("can only receive callbacks");
        assertThatThrownBy(() -> gateway.checkRefunds("closed-shop"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("wechat/closed-shop is not configured any more");
    }

    private void assertUnclear() {
        assertThatThrownBy(() -> gateway.refund(order("why"))).isInstanceOf(ProviderUnclear.class);
    }

    private static RefundOrder order(String reason) {
        return new RefundOrder(
                "main",
                "P123456",
                "R123456",
                Money.fen(700),
                Money.fen(1999),
                reason,
                URI.create("https://pay.example.com/callbacks/wechat/main"));
    }

    private static String refund(String status) {
        return """
                {"refund_id":"5030001","out_refund_no":"R123456","transaction_id":"4200001","out_trade_no":"P123456",
                 "channel":"ORIGINAL","user_received_account":"支付用户零钱","success_time":"2026-01-01T12:00:30+08:00",
                 "create_time":"2026-01-01T12:00:00+08:00","status":"%s","funds_account":"AVAILABLE",
                 "amount":{"total":1999,"refund":700,"payer_total":1999,"payer_refund":700,"settlement_refund":700,
                           "settlement_total":1999,"discount_refund":0,"currency":"CNY"}}
                """.formatted(status);
    }

    private static String failure(String code) {
        return "{\"code\":\"%s\",\"message\":\"m\"}".formatted(code);
    }

    private static Response signed(int status, String body) {
        return signed(status, body, TestKeys.weChatPay().getPrivate());
    }

    private static Response signed(int status, String body, PrivateKey key) {
        var message = "%d\nnonce\n%s\n".formatted(NOW.getEpochSecond(), body);
        return Response.of(status, body)
                .with(Map.of(
                        "Wechatpay-Serial",
                        TestAccounts.PUBLIC_KEY_ID,
                        "Wechatpay-Timestamp",
                        String.valueOf(NOW.getEpochSecond()),
                        "Wechatpay-Nonce",
                        "nonce",
                        "Wechatpay-Signature",
                        RsaSha256.sign(key, message.getBytes(UTF_8))));
    }
}
