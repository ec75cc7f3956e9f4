package io.tallyhook.payment.provider.alipay;

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
import java.net.URLDecoder;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tallyhook.testing.StubServer;
import tallyhook.testing.StubServer.Response;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Refunds at Alipay, over real HTTP. */
class AlipayRefundsTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");
    private static final String REFUND = "alipay_trade_refund_response";
    private static final String QUERY = "alipay_trade_fastpay_refund_query_response";

    private final StubServer server = new StubServer();
    private final AlipayAccount account =
            TestAccounts.alipay("main", UTF_8, server.uri().resolve("/gateway.do"));
    private final ProviderHttp http = new ProviderHttp(Duration.ofSeconds(10), Duration.ofSeconds(10));
    private final AlipayGateway gateway = gateway(http);

    private AlipayGateway gateway(ProviderHttp by) {
        var clock = Clock.fixed(NOW, ZoneOffset.UTC);
        return new AlipayGateway(
                new AlipayAccounts(List.of(() -> List.of(account))), new AlipayClient(by, clock), clock);
    }

    @AfterEach
    void close() {
        server.close();
        http.destroy();
    }

    @Test
    void a_refund_says_which_payment_how_much_and_under_which_number() {
        answers(Map.of(REFUND, refunded("Y")));

        gateway.refund(order());

        assertThat(server.requests()).hasSize(1);
        assertThat(params(0)).containsEntry("method", "alipay.trade.refund");
        assertThat(content(0)).isEqualTo(json("""
                        {"out_trade_no":"P123456","out_request_no":"R123456","refund_amount":"7.00","refund_reason":"太大了"}
                        """));
    }

    @Test
    void what_this_call_has_moved_is_done() {
        answers(Map.of(REFUND, refunded("Y")));

        assertThat(gateway.refund(order())).isInstanceOfSatisfying(RefundAnswer.Ended.class, ended -> {
            var fact = ended.fact();
            assertThat(fact.result()).isEqualTo(RefundResult.SUCCEEDED);
            assertThat(fact.outTradeNo()).isEqualTo("P123456");
            assertThat(fact.refundNo()).isEqualTo("R123456");
            assertThat(fact.providerTransactionId()).isEqualTo("2026T");
            // What the answer calls refund_fee is what was given back in all.
            assertThat(fact.amount()).isEqualTo(Money.fen(700));
        });
    }

    @Test
    void if_this_call_has_moved_nothing_asking_tells_whether_an_earlier_one_did() {
        answers(Map.of(REFUND, refunded("N"), QUERY, queried("REFUND_SUCCESS", "7.00")));

        assertThat(gateway.refund(order())).isInstanceOfSatisfying(RefundAnswer.Ended.class, ended -> {
            assertThat(ended.fact().amount()).isEqualTo(Money.fen(700));
            assertThat(ended.fact().at()).isEqualTo(Instant.parse("2026-01-01T04:00:30Z"));
        });

        assertThat(params(1)).containsEntry("method", "alipay.trade.fastpay.refund.query");
        assertThat(content(1)).isEqualTo(json("""
                        {"out_trade_no":"P123456","out_request_no":"R123456","query_options":["gmt_refund_pay"]}
                        """));
    }

    @Test
    void if_this_call_has_moved_nothing_and_nothing_is_known_it_is_unclear() {
        answers(Map.of(REFUND, refunded("N"), QUERY, "{\"code\":\"10000\",\"msg\":\"Success\"}"));

        assertUnclear();
    }

    @Test
    void a_success_that_does_not_say_what_has_moved_is_unclear() {
        answers(Map.of(REFUND, refunded("")));

        assertUnclear();
    }

    @Test
    void a_question_is_answered_by_a_success_with_its_amount_or_by_nothing() {
        answers(Map.of(QUERY, queried("REFUND_SUCCESS", "6.99")));
        assertThat(gateway.queryRefund(order()).orElseThrow())
                .isInstanceOfSatisfying(
                        RefundAnswer.Ended.class,
                        ended -> assertThat(ended.fact().amount()).isEqualTo(Money.fen(699)));

        answers(Map.of(QUERY, queried("", "7.00")));
        assertThat(gateway.queryRefund(order())).isEmpty();

        answers(Map.of(QUERY, failure("40004", "ACQ.TRADE_NOT_EXIST")));
        assertThatThrownBy(() -> gateway.queryRefund(order())).isInstanceOf(ProviderUnclear.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ACQ.SELLER_BALANCE_NOT_ENOUGH",
                "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
                "ACQ.TRADE_HAS_FINISHED",
                "ACQ.TRADE_NOT_EXIST",
                "ACQ.REASON_TRADE_BEEN_FREEZEN"
            })
    void a_refusal_after_which_nothing_was_given_back_is_definite(String subCode) {
        answers(Map.of(REFUND, failure("40004", subCode)));

        assertThatThrownBy(() -> gateway.refund(order()))
                .isInstanceOfSatisfying(
                        ProviderRefused.class,
                        refused -> assertThat(refused.code()).isEqualTo(subCode));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "40004 ACQ.SYSTEM_ERROR",
                "40004 ACQ.DISCORDANT_REPEAT_REQUEST",
                "40004 ACQ.SOMETHING_NEW",
                "20000 aop.ACQ.SYSTEM_ERROR",
                "20000 ACQ.SELLER_BALANCE_NOT_ENOUGH",
                "40002 isv.invalid-signature",
                "40006 isv.insufficient-isv-permissions"
            })
    void every_other_failure_leaves_open_what_became_of_it(String codes) {
        var parts = codes.split(" ");
        answers(Map.of(REFUND, failure(parts[0], parts[1])));

        assertUnclear();
    }

    @Test
    void an_answer_that_is_not_signed_or_signed_by_a_stranger_is_unclear_be_it_good_or_bad() {
        for (var content : List.of(refunded("Y"), failure("40004", "ACQ.TRADE_HAS_FINISHED"))) {
            server.answers(request -> Response.of(200, "{\"%s\":%s}".formatted(REFUND, content)));
            assertUnclear();

            server.answers(
                    request -> signed(REFUND, content, TestKeys.stranger().getPrivate()));
            assertUnclear();
        }
    }

    @Test
    void an_answer_about_another_payment_or_refund_is_no_answer() {
        answers(Map.of(REFUND, refunded("Y").replace("P123456", "P999999")));
        assertUnclear();

        answers(Map.of(QUERY, queried("REFUND_SUCCESS", "7.00").replace("R123456", "R999999")));
        assertThatThrownBy(() -> gateway.queryRefund(order())).isInstanceOf(ProviderUnclear.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.001", "7e2", "seven", ""})
    void an_amount_that_is_not_exact_is_no_answer(String amount) {
        answers(Map.of(QUERY, queried("REFUND_SUCCESS", amount)));

        assertThatThrownBy(() -> gateway.queryRefund(order())).isInstanceOf(ProviderUnclear.class);
    }

    @Test
    void an_account_that_is_not_configured_any_more_cannot_ask_for_refunds() {
        gateway.checkRefunds("main");

        assertThatThrownBy(() -> gateway.checkRefunds("closed-shop"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("alipay/closed-shop is not configured any more");
    }

    @Test
    void a_time_out_is_unclear() {
        server.answers(request ->
                signed(REFUND, refunded("Y"), TestKeys.alipay().getPrivate()).hanging(StubServer.Hangs.BEFORE_END));
        var impatient = new ProviderHttp(Duration.ofSeconds(10), Duration.ofMillis(300));

        assertThatThrownBy(() -> gateway(impatient).refund(order())).isInstanceOf(ProviderUnclear.class);

        impatient.destroy();
    }

    private void assertUnclear() {
        assertThatThrownBy(() -> gateway.refund(order())).isInstanceOf(ProviderUnclear.class);
    }

    private void answers(Map<String, String> byRoot) {
        server.answers(request -> {
            var root = decoded(request).getOrDefault("method", "").replace('.', '_') + "_response";
            var content = byRoot.get(root);
            return content == null
                    ? Response.of(500, root)
                    : signed(root, content, TestKeys.alipay().getPrivate());
        });
    }

    private static RefundOrder order() {
        return new RefundOrder(
                "main",
                "P123456",
                "R123456",
                Money.fen(700),
                Money.fen(1999),
                "太大了",
                URI.create("https://pay.example.com/callbacks/alipay/main"));
    }

    private static String refunded(String fundChange) {
        return """
                {"code":"10000","msg":"Success","trade_no":"2026T","out_trade_no":"P123456","buyer_logon_id":"ali***",\
                "fund_change":"%s","refund_fee":"12.00"}""".formatted(fundChange);
    }

    private static String queried(String status, String amount) {
        return """
                {"code":"10000","msg":"Success","trade_no":"2026T","out_trade_no":"P123456","out_request_no":"R123456",\
                "total_amount":"19.99","refund_amount":"%s","refund_status":"%s","gmt_refund_pay":"2026-01-01 12:00:30"}""".formatted(amount, status);
    }

    private static String failure(String code, String subCode) {
        return "{\"code\":\"%s\",\"msg\":\"Failed\",\"sub_code\":\"%s\",\"sub_msg\":\"失败\"}".formatted(code, subCode);
    }

    private Map<String, String> params(int request) {
        return decoded(server.requests().get(request));
    }

    private JsonNode content(int request) {
        var body = server.requests().get(request).text();
        return json(URLDecoder.decode(body.substring("biz_content=".length()), UTF_8));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static Map<String, String> decoded(StubServer.Request request) {
        var params = new HashMap<String, String>();
        for (var pair : request.uri().getRawQuery().split("&")) {
            var at = pair.indexOf('=');
            params.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), UTF_8));
        }
        return params;
    }

    private static Response signed(String root, String content, PrivateKey key) {
        return Response.of(
                200,
                "{\"%s\":%s,\"sign\":\"%s\"}".formatted(root, content, RsaSha256.sign(key, content.getBytes(UTF_8))));
    }
}
