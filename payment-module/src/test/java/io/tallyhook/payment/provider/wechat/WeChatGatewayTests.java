package io.tallyhook.payment.provider.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.wechat.pay.java.core.cipher.RSASigner;
import com.wechat.pay.java.core.cipher.RSAVerifier;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.PaymentGateway.Closing;
import io.tallyhook.payment.provider.PaymentGateway.Order;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.wire.ProviderHttp;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tallyhook.testing.StubServer;
import tallyhook.testing.StubServer.Hangs;
import tallyhook.testing.StubServer.Response;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WeChatGatewayTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");
    private static final Pattern AUTHORIZATION = Pattern.compile(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"(.*)\",nonce_str=\"(.*)\",timestamp=\"(.*)\",serial_no=\"(.*)\",signature=\"(.*)\"");

    private final StubServer server = new StubServer();
    private final WeChatAccount account = TestAccounts.weChat("main", server.uri());
    private final ProviderHttp http = new ProviderHttp(Duration.ofSeconds(10), Duration.ofSeconds(10));
    private final WeChatGateway gateway = gateway(account);

    private WeChatGateway gateway(WeChatAccount account) {
        return gateway(account, http);
    }

    private static WeChatGateway gateway(WeChatAccount account, ProviderHttp http) {
        return new WeChatGateway(
                new WeChatAccounts(List.of(() -> List.of(account))),
                new WeChatClient(http, Clock.fixed(NOW, ZoneOffset.UTC)));
    }

    @AfterEach
    void close() {
        server.close();
        http.destroy();
    }

    @Test
    void an_order_is_signed_so_that_the_official_sdk_believes_it() {
        server.answers(request -> signed(200, "{\"code_url\":\"weixin://wxpay/1\"}"));

        gateway.prepare(order("native", Map.of()));

        var request = server.requests().getFirst();
        var authorization = AUTHORIZATION.matcher(request.header("Authorization"));
        assertThat(authorization.matches()).isTrue();
        var message = "%s\n%s\n%s\n%s\n%s\n"
                .formatted(
                        request.method(),
                        request.target(),
                        authorization.group(3),
                        authorization.group(2),
                        request.text());
        assertThat(new RSAVerifier(TestKeys.merchant().getPublic(), TestAccounts.MERCHANT_SERIAL)
                        .verify(authorization.group(4), message, authorization.group(5)))
                .isTrue();
        assertThat(authorization.group(1)).isEqualTo(account.mchId());
        assertThat(authorization.group(2)).hasSize(32);
        assertThat(authorization.group(3)).isEqualTo("1767240000");
        assertThat(request.header("Wechatpay-Serial")).isEqualTo(TestAccounts.PUBLIC_KEY_ID);
        assertThat(request.header("Accept")).isEqualTo("application/json");
        assertThat(request.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void an_order_says_what_is_bought_in_fen_and_until_when_in_beijing_time() {
        server.answers(request -> signed(200, "{\"code_url\":\"weixin://wxpay/1\"}"));

        assertThat(gateway.prepare(order("native", Map.of()))).isEqualTo(Map.of("codeUrl", "weixin://wxpay/1"));

        assertThat(server.requests().getFirst().target()).isEqualTo("/v3/pay/transactions/native");
        assertThat(body()).isEqualTo(json("""
                        {"appid":"%s","mchid":"%s","description":"VIP会员","out_trade_no":"P123456",
                         "notify_url":"https://pay.example.com/callbacks/wechat/main",
                         "time_expire":"2026-01-01T14:00:00+08:00","amount":{"total":1999,"currency":"CNY"}}
                        """.formatted(account.appId(), account.mchId())));
    }

    @Test
    void jsapi_gives_the_browser_what_the_official_sdk_would_have_signed() {
        server.answers(request -> signed(200, "{\"prepay_id\":\"wx2026\"}"));

        var params = gateway.prepare(order("jsapi", Map.of("openid", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")));

        assertThat(params.keySet()).containsExactly("appId", "timeStamp", "nonceStr", "package", "signType", "paySign");
        assertThat(params).containsEntry("package", "prepay_id=wx2026").containsEntry("signType", "RSA");
        assertThat(params.get("paySign"))
                .isEqualTo(sdkSigns("%s\n%s\n%s\nprepay_id=wx2026\n"
                        .formatted(account.appId(), params.get("timeStamp"), params.get("nonceStr"))));
        assertThat(body().path("payer").path("openid").asString("")).isEqualTo("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
    }

    @Test
    void app_gives_the_app_what_the_official_sdk_would_have_signed() {
        server.answers(request -> signed(200, "{\"prepay_id\":\"wx2026\"}"));

        var params = gateway.prepare(order("app", Map.of()));

        assertThat(params.keySet())
                .containsExactly("appid", "partnerid", "prepayid", "package", "noncestr", "timestamp", "sign");
        assertThat(params).containsEntry("package", "Sign=WXPay").containsEntry("partnerid", account.mchId());
        assertThat(params.get("sign"))
                .isEqualTo(sdkSigns("%s\n%s\n%s\nwx2026\n"
                        .formatted(account.appId(), params.get("timestamp"), params.get("noncestr"))));
    }

    @Test
    void h5_sends_the_payers_address_and_gives_a_link() {
        server.answers(request -> signed(200, "{\"h5_url\":\"https://wx.tenpay.com/1\"}"));

        assertThat(gateway.prepare(order("h5", Map.of("payerClientIp", "203.0.113.7"))))
                .isEqualTo(Map.of("h5Url", "https://wx.tenpay.com/1"));
        assertThat(body().path("scene_info"))
                .isEqualTo(json("{\"payer_client_ip\":\"203.0.113.7\",\"h5_info\":{\"type\":\"Wap\"}}"));
    }

    @ParameterizedTest
    @CsvSource({
        "native,openid,x",
        "jsapi,openid,",
        "jsapi,openid,two words",
        "jsapi,payerClientIp,1.2.3.4",
        "h5,payerClientIp,",
        "h5,payerClientIp,localhost",
        "h5,h5Type,Windows",
        "app,amount,1",
        "bitcoin,method,x"
    })
    void c31_a_field_that_is_missing_wrong_or_unknown_is_refused_by_its_name_without_a_call(
            String method, String field, String value) {
        Map<String, String> fields = value == null || field.equals("method") ? Map.of() : Map.of(field, value);
        var complete = field.equals("h5Type") ? Map.of("payerClientIp", "1.2.3.4", field, value) : fields;

        assertThatThrownBy(() -> gateway.check(order(method, complete)))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.status().value()).isEqualTo(400);
                    assertThat(refusal.detail()).startsWith(field + " ");
                });
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void orders_with_all_their_fields_pass_the_check() {
        gateway.check(order("native", Map.of()));
        gateway.check(order("app", Map.of()));
        gateway.check(order("jsapi", Map.of("openid", "o-_1")));
        gateway.check(order("h5", Map.of("payerClientIp", "2001:db8::1", "h5Type", "iOS")));
        assertThat(gateway.methods()).containsExactlyInAnyOrder("native", "jsapi", "h5", "app");
    }

    @Test
    void an_account_without_signing_keys_cannot_order_and_says_why() {
        var receiving = new WeChatAccount(
                "main",
                account.appId(),
                account.mchId(),
                account.apiV3Key(),
                Optional.empty(),
                account.platformKeys(),
                account.baseUrl());

        assertThatThrownBy(() -> gateway(receiving).check(order("native", Map.of())))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.type()).isEqualTo("account-cannot-order");
                    assertThat(refusal.status().value()).isEqualTo(409);
                    assertThat(refusal.detail())
                            .contains("merchant-private-key")
                            .contains("external");
                });
    }

    @Test
    void a_query_answers_the_same_fact_as_a_callback_would() {
        server.answers(request -> signed(200, transaction("SUCCESS")));

        var fact = (Fact.Paid) gateway.query("main", "P123456").orElseThrow();

        assertThat(fact.amount()).isEqualTo(Money.fen(1999));
        assertThat(fact.claim().parties()).containsEntry(Check.MERCHANT_ID, account.mchId());
        assertThat(server.requests().getFirst().target())
                .isEqualTo("/v3/pay/transactions/out-trade-no/P123456?mchid=" + account.mchId());
        assertThat(server.requests().getFirst().method()).isEqualTo("GET");
        assertThat(server.requests().getFirst().body()).isEmpty();
    }

    @Test
    void c20_a_query_of_a_refunded_or_unpaid_transaction_is_no_payment() {
        for (var state : List.of("REFUND", "NOTPAY", "USERPAYING", "SOMETHING_NEW")) {
            server.answers(request -> signed(200, transaction(state)));
            assertThat(gateway.query("main", "P123456")).get().isInstanceOf(Fact.Unchanged.class);
        }
    }

    @Test
    void an_answer_about_another_payment_is_no_answer() {
        server.answers(request -> signed(200, transaction("SUCCESS")));

        assertThatThrownBy(() -> gateway.query("main", "P999999")).isInstanceOf(ProviderUnclear.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ORDER_NOT_EXIST", "ORDERNOTEXIST", "ORDER_NOT_EXISTS"})
    void a_payment_that_wechat_pay_never_heard_of_is_absent_and_as_good_as_closed(String code) {
        server.answers(request -> signed(404, "{\"code\":\"%s\",\"message\":\"m\"}".formatted(code)));

        assertThat(gateway.query("main", "P123456")).isEmpty();
        assertThat(gateway.close("main", "P123456")).isEqualTo(Closing.CLOSED);
    }

    @Test
    void a_404_without_the_code_says_nothing() {
        for (var body : List.of(
                "", "{}", "<html>not found</html>", "{\"code\":\"NOT_FOUND\"}", "{\"code\":\"RESOURCE_NOT_EXISTS\"}")) {
            server.answers(request -> Response.of(404, body));
            assertUnclear();
        }
    }

    @Test
    void closing_is_done_by_a_signed_204() {
        server.answers(request -> signed(204, ""));

        assertThat(gateway.close("main", "P123456")).isEqualTo(Closing.CLOSED);
        assertThat(server.requests().getFirst().target()).isEqualTo("/v3/pay/transactions/out-trade-no/P123456/close");
        assertThat(body()).isEqualTo(json("{\"mchid\":\"%s\"}".formatted(account.mchId())));
    }

    @Test
    void closing_a_paid_or_closed_order_says_so() {
        server.answers(request -> signed(400, "{\"code\":\"ORDERPAID\",\"message\":\"m\"}"));
        assertThat(gateway.close("main", "P123456")).isEqualTo(Closing.ALREADY_PAID);

        server.answers(request -> signed(400, "{\"code\":\"ORDER_CLOSED\",\"message\":\"m\"}"));
        assertThat(gateway.close("main", "P123456")).isEqualTo(Closing.CLOSED);
    }

    @Test
    void a_definite_refusal_carries_wechat_pays_own_code_and_words() {
        server.answers(request -> signed(400, "{\"code\":\"PARAM_ERROR\",\"message\":\"金额错误\"}"));

        assertThatThrownBy(() -> gateway.prepare(order("native", Map.of())))
                .isInstanceOfSatisfying(ProviderRefused.class, refused -> {
                    assertThat(refused.code()).isEqualTo("PARAM_ERROR");
                    assertThat(refused).hasMessage("金额错误");
                });
    }

    @Test
    void a_failure_of_our_own_signature_comes_unsigned_and_is_a_refusal() {
        server.answers(request -> Response.of(401, "{\"code\":\"SIGN_ERROR\",\"message\":\"m\"}"));

        assertThatThrownBy(() -> gateway.prepare(order("native", Map.of()))).isInstanceOf(ProviderRefused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "429,FREQUENCY_LIMITED",
        "500,SYSTEM_ERROR",
        "503,SERVICE_UNAVAILABLE",
        "400,SYSTEM_ERROR",
        "403,OUT_TRADE_NO_USED",
        "400,ORDERPAID",
        "408,TIMEOUT",
        "302,MOVED"
    })
    void whatever_leaves_open_what_became_of_the_order_is_unclear(int status, String code) {
        server.answers(request -> signed(status, "{\"code\":\"%s\",\"message\":\"m\"}".formatted(code)));

        assertThatThrownBy(() -> gateway.prepare(order("native", Map.of())))
                .isInstanceOf(ProviderUnclear.class)
                .hasMessageContaining(code);
    }

    @Test
    void a_202_is_neither_prepared_nor_closed() {
        server.answers(request -> signed(202, "{\"code\":\"USERPAYING\",\"message\":\"m\"}"));

        assertUnclear();
        assertThatThrownBy(() -> gateway.close("main", "P123456")).isInstanceOf(ProviderUnclear.class);
    }

    @Test
    void an_unsigned_success_is_forged() {
        server.answers(request -> Response.of(200, transaction("SUCCESS")));
        assertUnclear();

        server.answers(request -> Response.of(204, ""));
        assertThatThrownBy(() -> gateway.close("main", "P123456")).isInstanceOf(ProviderUnclear.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, 301})
    void a_stale_or_future_answer_is_not_believed(long seconds) {
        server.answers(request -> signed(
                200,
                transaction("SUCCESS"),
                NOW.plusSeconds(seconds),
                TestKeys.weChatPay().getPrivate()));

        assertUnclear();
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, 300})
    void an_answer_within_300_seconds_is_believed(long seconds) {
        server.answers(request -> signed(
                200,
                transaction("SUCCESS"),
                NOW.plusSeconds(seconds),
                TestKeys.weChatPay().getPrivate()));

        assertThat(gateway.query("main", "P123456")).isPresent();
    }

    @Test
    void an_answer_signed_by_another_key_is_not_believed_be_it_good_or_bad() {
        server.answers(request ->
                signed(200, transaction("SUCCESS"), NOW, TestKeys.stranger().getPrivate()));
        assertUnclear();

        server.answers(request -> signed(
                404, "{\"code\":\"ORDER_NOT_EXIST\"}", NOW, TestKeys.stranger().getPrivate()));
        assertUnclear();
    }

    @Test
    void a_signature_probe_on_an_answer_is_not_believed() {
        server.answers(request -> {
            var answer = signed(200, transaction("SUCCESS"));
            var headers = new java.util.HashMap<>(answer.headers());
            headers.merge("Wechatpay-Signature", "", (old, none) -> "WECHATPAY/SIGNTEST/" + old.substring(19));
            return answer.with(headers);
        });

        assertUnclear();
    }

    @Test
    void headers_in_any_case_are_found_where_the_sdk_misses_them() {
        server.answers(request -> {
            var answer = signed(200, transaction("SUCCESS"));
            var headers = new java.util.HashMap<String, String>();
            answer.headers().forEach((name, value) -> headers.put(name.toUpperCase(java.util.Locale.ROOT), value));
            return answer.with(headers);
        });

        assertThat(gateway.query("main", "P123456")).isPresent();
    }

    @Test
    void an_error_page_of_a_proxy_is_unclear_where_the_sdk_throws_something_else() {
        server.answers(request -> Response.of(502, "<html><body>Bad Gateway</body></html>"));
        assertUnclear();

        server.answers(request -> signed(200, "<html></html>"));
        assertUnclear();
    }

    @ParameterizedTest
    @EnumSource(
            value = Hangs.class,
            names = {"BEFORE_HEADERS", "BEFORE_END"})
    void a_slow_answer_is_given_up_whether_it_begins_or_not(Hangs hangs) {
        server.answers(request -> signed(200, transaction("SUCCESS")).hanging(hangs));

        var impatient = new ProviderHttp(Duration.ofSeconds(10), Duration.ofMillis(300));
        assertThatThrownBy(() -> gateway(account, impatient).query("main", "P123456"))
                .isInstanceOf(ProviderUnclear.class)
                .hasMessage("no complete answer from 127.0.0.1");
        impatient.destroy();
    }

    @Test
    void an_endless_answer_is_given_up_at_one_mebibyte() {
        server.answers(request -> signed(200, " ".repeat((1 << 20) + 1)));

        assertUnclear();
    }

    @Test
    void a_redirect_is_not_followed() {
        server.answers(request -> Response.of(302, "").with(Map.of("Location", server.uri() + "/elsewhere")));

        assertUnclear();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void nobody_there_is_unclear_and_names_no_secret() {
        server.close();

        assertThatThrownBy(() -> gateway.query("main", "P123456"))
                .isInstanceOf(ProviderUnclear.class)
                .hasMessage("no complete answer from 127.0.0.1");
    }

    private void assertUnclear() {
        assertThatThrownBy(() -> gateway.query("main", "P123456")).isInstanceOf(ProviderUnclear.class);
    }

    private JsonNode body() {
        return json(server.requests().getFirst().text());
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static String sdkSigns(String message) {
        return new RSASigner(TestAccounts.MERCHANT_SERIAL, TestKeys.merchant().getPrivate())
                .sign(message)
                .getSign();
    }

    private Order order(String method, Map<String, String> fields) {
        return new Order(
                "main",
                method,
                "P123456",
                Money.fen(1999),
                "VIP会员",
                NOW.plusSeconds(7200).plusNanos(123_456_000),
                URI.create("https://pay.example.com/callbacks/wechat/main"),
                fields);
    }

    private String transaction(String state) {
        return """
                {"appid":"%s","mchid":"%s","out_trade_no":"P123456","transaction_id":"4200001","trade_state":"%s",
                 "success_time":"2026-01-01T12:00:00+08:00","amount":{"total":1999,"payer_total":1999,"currency":"CNY"}}
                """.formatted(account.appId(), account.mchId(), state);
    }

    private static Response signed(int status, String body) {
        return signed(status, body, NOW, TestKeys.weChatPay().getPrivate());
    }

    private static Response signed(int status, String body, Instant at, PrivateKey key) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(
                    "%d\nnonce\n%s\n".formatted(at.getEpochSecond(), body).getBytes(UTF_8));
            return Response.of(status, body)
                    .with(Map.of(
                            "Wechatpay-Serial",
                            TestAccounts.PUBLIC_KEY_ID,
                            "Wechatpay-Timestamp",
                            String.valueOf(at.getEpochSecond()),
                            "Wechatpay-Nonce",
                            "nonce",
                            "Wechatpay-Signature",
                            Base64.getEncoder().encodeToString(signature.sign())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
