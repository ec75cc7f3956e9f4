package io.tallyhook.payment.provider.alipay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.api.internal.util.AlipaySignature;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.PaymentGateway.Closing;
import io.tallyhook.payment.provider.PaymentGateway.Order;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.wire.ProviderHttp;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

class AlipayGatewayTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");
    private static final String QUERY = "alipay_trade_query_response";
    private static final String APP_PUBLIC_KEY =
            Base64.getEncoder().encodeToString(TestKeys.alipayApp().getPublic().getEncoded());

    private final StubServer server = new StubServer();
    private final AlipayAccount account = account(UTF_8);
    private final ProviderHttp http = new ProviderHttp(Duration.ofSeconds(10), Duration.ofSeconds(10));
    private final AlipayGateway gateway = gateway(account);

    private AlipayAccount account(Charset charset) {
        return TestAccounts.alipay("main", charset, server.uri().resolve("/gateway.do"));
    }

    private AlipayGateway gateway(AlipayAccount account) {
        return gateway(account, http);
    }

    private static AlipayGateway gateway(AlipayAccount account, ProviderHttp http) {
        var clock = Clock.fixed(NOW, ZoneOffset.UTC);
        return new AlipayGateway(
                new AlipayAccounts(List.of(() -> List.of(account))), new AlipayClient(http, clock), clock);
    }

    @AfterEach
    void close() {
        server.close();
        http.destroy();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "GBK"})
    void a_request_is_signed_so_that_the_official_sdk_believes_it(String charset) throws Exception {
        server.answers(
                request -> signed(
                        "alipay_trade_precreate_response",
                        "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"P123456\",\"qr_code\":\"https://qr.alipay.com/1\"}"));

        assertThat(gateway(account(Charset.forName(charset))).prepare(order("precreate", Map.of())))
                .isEqualTo(Map.of("qrCode", "https://qr.alipay.com/1"));

        var request = server.requests().getFirst();
        var params = decoded(request.uri().getRawQuery(), charset);
        params.putAll(decoded(new String(request.body(), ISO_8859_1), charset));
        assertSdkBelieves(params, charset);
        assertThat(params)
                .containsEntry("method", "alipay.trade.precreate")
                .containsEntry("app_id", account.appId())
                .containsEntry("timestamp", "2026-01-01 12:00:00")
                .containsEntry("charset", charset)
                .containsEntry("sign_type", "RSA2")
                .containsEntry("notify_url", "https://pay.example.com/callbacks/alipay/main");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(content(params)).isEqualTo(json("""
                        {"out_trade_no":"P123456","total_amount":"19.99","subject":"VIP会员 1 2 3",
                         "time_expire":"2026-01-01 14:00:00"}
                        """));
    }

    @Test
    void a_page_is_an_address_that_the_payers_browser_opens_and_nobody_is_called() throws Exception {
        var params = gateway.prepare(order("page", Map.of("returnUrl", "https://shop.example.com/thanks?a=1&b=2")));

        assertThat(params.keySet()).containsExactly("payUrl");
        assertThat(params.get("payUrl")).startsWith(server.uri() + "/gateway.do?");
        var sent = decoded(URI.create(params.getOrDefault("payUrl", "")).getRawQuery(), "UTF-8");
        assertSdkBelieves(sent, "UTF-8");
        assertThat(sent)
                .containsEntry("method", "alipay.trade.page.pay")
                .containsEntry("return_url", "https://shop.example.com/thanks?a=1&b=2");
        assertThat(content(sent).path("product_code").asString("")).isEqualTo("FAST_INSTANT_TRADE_PAY");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void a_mobile_page_has_a_way_back() throws Exception {
        var params = gateway.prepare(order("wap", Map.of("quitUrl", "https://shop.example.com/back")));

        var sent = decoded(URI.create(params.getOrDefault("payUrl", "")).getRawQuery(), "UTF-8");
        assertSdkBelieves(sent, "UTF-8");
        assertThat(sent).containsEntry("method", "alipay.trade.wap.pay");
        assertThat(content(sent).path("quit_url").asString("")).isEqualTo("https://shop.example.com/back");
        assertThat(content(sent).path("product_code").asString("")).isEqualTo("QUICK_WAP_WAY");
    }

    @Test
    void an_app_gets_an_order_string() throws Exception {
        var params = gateway.prepare(order("app", Map.of()));

        var sent = decoded(params.getOrDefault("orderString", ""), "UTF-8");
        assertSdkBelieves(sent, "UTF-8");
        assertThat(sent).containsEntry("method", "alipay.trade.app.pay");
        assertThat(content(sent).path("product_code").asString("")).isEqualTo("QUICK_MSECURITY_PAY");
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "precreate,returnUrl,https://a.example",
        "page,quitUrl,https://a.example",
        "page,returnUrl,javascript:alert(1)",
        "wap,quitUrl,not a url",
        "wap,returnUrl,/relative",
        "app,total_amount,0.01",
        "bitcoin,method,"
    })
    void c31_a_field_that_is_wrong_or_unknown_is_refused_by_its_name_without_a_call(
            String method, String field, String value) {
        Map<String, String> fields = value == null ? Map.of() : Map.of(field, value);

        assertThatThrownBy(() -> gateway.check(order(method, fields)))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.status().value()).isEqualTo(400);
                    assertThat(refusal.detail()).startsWith(field + " ");
                });
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void orders_with_all_their_fields_pass_the_check() {
        gateway.check(order("precreate", Map.of()));
        gateway.check(order("page", Map.of("returnUrl", "https://shop.example.com")));
        gateway.check(
                order("wap", Map.of("returnUrl", "https://shop.example.com", "quitUrl", "http://localhost:8080/")));
        gateway.check(order("app", Map.of()));
        assertThat(gateway.methods()).containsExactlyInAnyOrder("precreate", "page", "wap", "app");
    }

    @Test
    void an_account_without_a_signing_key_cannot_order_and_says_why() {
        var receiving = new AlipayAccount(
                "main",
                account.appId(),
                account.sellerId(),
                Optional.empty(),
                account.alipayPublicKey(),
                UTF_8,
                account.gatewayUrl());

        assertThatThrownBy(() -> gateway(receiving).check(order("page", Map.of())))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.type()).isEqualTo("account-cannot-order");
                    assertThat(refusal.detail()).contains("app-private-key").contains("external");
                });
    }

    @Test
    void a_query_answers_the_same_fact_as_a_callback_would_for_us() {
        server.answers(request -> signed(QUERY, trade("TRADE_SUCCESS", ",\"send_pay_date\":\"2026-01-01 11:59:59\"")));

        assertThat(gateway.query("main", "P123456"))
                .contains(new Fact.Paid(
                        "P123456", AlipayCallbacks.identity(account), "2026T", Money.fen(1999), NOW.minusSeconds(1)));
    }

    @Test
    void the_signed_text_is_the_one_received_with_its_escapes_and_blanks() {
        server.answers(request -> signed(QUERY, trade("TRADE_SUCCESS", ",\n  \"url\" : \"https:\\/\\/a\\u4e2d{}\"")));

        assertThat(gateway.query("main", "P123456")).get().isInstanceOf(Fact.Paid.class);
    }

    @Test
    void the_signed_text_is_found_in_an_answer_of_any_length() {
        var before = "\"x\":[\"%s\"],".formatted("\\u4e2d文{}".repeat(20_000));
        var content = trade("TRADE_SUCCESS", ",\"note\":\"%s\"".formatted("文\\\"}".repeat(20_000)));
        var sign = sign(content.getBytes(UTF_8), TestKeys.alipay().getPrivate());
        server.answers(request ->
                Response.of(200, " {%s\"%s\" : %s , \"sign\":\"%s\"} ".formatted(before, QUERY, content, sign)));

        assertThat(gateway.query("main", "P123456")).get().isInstanceOf(Fact.Paid.class);
    }

    @Test
    void an_answer_in_gbk_is_verified_and_read_in_gbk() {
        var gbk = Charset.forName("GBK");
        server.answers(request -> {
            var content = trade("TRADE_SUCCESS", ",\"store_name\":\"北京支店\"");
            var text = "{\"%s\":%s,\"sign\":\"%s\"}"
                    .formatted(
                            QUERY,
                            content,
                            sign(content.getBytes(gbk), TestKeys.alipay().getPrivate()));
            return new Response(200, Map.of(), text.getBytes(gbk), Hangs.NEVER);
        });

        assertThat(gateway(account(gbk)).query("main", "P123456")).isPresent();
        assertUnclear();
    }

    @Test
    void c19_a_trade_closed_after_it_was_paid_is_not_closed_unpaid() {
        server.answers(request -> signed(QUERY, trade("TRADE_CLOSED", ",\"send_pay_date\":\"2026-01-01 11:59:59\"")));
        assertThat(gateway.query("main", "P123456")).get().isInstanceOf(Fact.Unchanged.class);

        server.answers(request -> signed(QUERY, trade("TRADE_CLOSED", "")));
        assertThat(gateway.query("main", "P123456")).get().isInstanceOf(Fact.Closed.class);
    }

    @Test
    void an_answer_about_another_payment_is_no_answer() {
        server.answers(request -> signed(QUERY, trade("TRADE_SUCCESS", "")));

        assertThatThrownBy(() -> gateway.query("main", "P999999")).isInstanceOf(ProviderUnclear.class);
    }

    @Test
    void a_trade_that_alipay_never_heard_of_is_absent_and_as_good_as_closed() {
        server.answers(request -> signed(root(request), failure("40004", "ACQ.TRADE_NOT_EXIST")));

        assertThat(gateway.query("main", "P123456")).isEmpty();
        assertThat(gateway.close("main", "P123456")).isEqualTo(Closing.CLOSED);
    }

    @Test
    void closing_says_what_became_of_the_trade() {
        server.answers(request -> signed(root(request), "{\"code\":\"10000\",\"out_trade_no\":\"P123456\"}"));
        assertThat(gateway.close("main", "P123456")).isEqualTo(Closing.CLOSED);

        server.answers(request -> signed(root(request), failure("40004", "ACQ.TRADE_HAS_SUCCESS")));
        assertThat(gateway.close("main", "P123456")).isEqualTo(Closing.ALREADY_PAID);

        server.answers(request -> signed(root(request), failure("40004", "ACQ.TRADE_HAS_CLOSE")));
        assertThat(gateway.close("main", "P123456")).isEqualTo(Closing.CLOSED);
    }

    @ParameterizedTest
    @CsvSource({"TRADE_SUCCESS,ALREADY_PAID", "TRADE_FINISHED,ALREADY_PAID", "TRADE_CLOSED,CLOSED"})
    void a_state_that_forbids_closing_is_asked_for(String status, Closing closing) {
        var answers = new ArrayDeque<>(List.of(failure("40004", "ACQ.TRADE_STATUS_ERROR"), trade(status, "")));
        server.answers(request -> signed(root(request), answers.removeFirst()));

        assertThat(gateway.close("main", "P123456")).isEqualTo(closing);
    }

    @Test
    void a_state_that_forbids_closing_and_does_not_say_why_is_unclear() {
        var answers =
                new ArrayDeque<>(List.of(failure("40004", "ACQ.TRADE_STATUS_ERROR"), trade("WAIT_BUYER_PAY", "")));
        server.answers(request -> signed(root(request), answers.removeFirst()));

        assertThatThrownBy(() -> gateway.close("main", "P123456")).isInstanceOf(ProviderUnclear.class);
    }

    @ParameterizedTest
    @CsvSource({"40004,ACQ.INVALID_PARAMETER", "40002,isv.invalid-signature", "40006,isv.insufficient-isv-permissions"})
    void a_signed_refusal_carries_alipays_own_code(String code, String subCode) {
        server.answers(request -> signed(root(request), failure(code, subCode)));

        assertThatThrownBy(() -> gateway.prepare(order("precreate", Map.of())))
                .isInstanceOfSatisfying(ProviderRefused.class, refused -> {
                    assertThat(refused.code()).isEqualTo(subCode);
                    assertThat(refused).hasMessage("失败");
                });
    }

    @Test
    void a_signed_general_refusal_is_a_refusal_too() {
        server.answers(request -> signed("error_response", failure("40002", "isv.invalid-app-id")));

        assertThatThrownBy(() -> gateway.prepare(order("precreate", Map.of()))).isInstanceOf(ProviderRefused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "20000,isp.unknow-error",
        "40004,ACQ.SYSTEM_ERROR",
        "40004,ACQ.TRADE_HAS_SUCCESS",
        "40004,ACQ.TRADE_HAS_CLOSE",
        "40004,isp.something",
        "10003,",
        "99999,"
    })
    void whatever_leaves_open_what_became_of_the_order_is_unclear(String code, String subCode) {
        server.answers(request -> signed(root(request), failure(code, subCode)));

        assertThatThrownBy(() -> gateway.prepare(order("precreate", Map.of()))).isInstanceOf(ProviderUnclear.class);
    }

    @Test
    void an_unsigned_failure_proves_nothing_where_the_sdk_believes_it() {
        server.answers(request ->
                Response.of(200, "{\"%s\":%s}".formatted(root(request), failure("40004", "ACQ.TRADE_NOT_EXIST"))));

        assertUnclear();
        assertThatThrownBy(() -> gateway.close("main", "P123456")).isInstanceOf(ProviderUnclear.class);
        assertThatThrownBy(() -> gateway.prepare(order("precreate", Map.of()))).isInstanceOf(ProviderUnclear.class);
    }

    @Test
    void an_unsigned_or_wrongly_signed_success_is_forged() {
        var content = trade("TRADE_SUCCESS", "");
        server.answers(request -> Response.of(200, "{\"%s\":%s}".formatted(QUERY, content)));
        assertUnclear();

        for (var key : List.of(TestKeys.stranger(), TestKeys.alipayApp())) {
            server.answers(request -> answer(QUERY, content, sign(content.getBytes(UTF_8), key.getPrivate())));
            assertUnclear();
        }
    }

    @Test
    void a_signed_part_cannot_be_moved_under_another_name_or_doubled() {
        var content = trade("TRADE_SUCCESS", "");
        var sign = sign(content.getBytes(UTF_8), TestKeys.alipay().getPrivate());
        var forged = trade("TRADE_CLOSED", "");

        server.answers(request -> answer("alipay_trade_close_response", content, sign));
        assertUnclear();
        server.answers(request -> Response.of(
                200, "{\"%s\":%s,\"%s\":%s,\"sign\":\"%s\"}".formatted(QUERY, content, QUERY, forged, sign)));
        assertUnclear();
        server.answers(request -> Response.of(
                200, "{\"%s\":%s,\"error_response\":%s,\"sign\":\"%s\"}".formatted(QUERY, forged, content, sign)));
        assertUnclear();
        server.answers(
                request -> Response.of(200, "{\"x\":{\"%s\":%s},\"sign\":\"%s\"}".formatted(QUERY, content, sign)));
        assertUnclear();
        server.answers(request -> answer(QUERY, content.replace("19.99", "1.999"), sign));
        assertUnclear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "null", "<html>Bad Gateway</html>", "{\"alipay_trade_query_response\":"})
    void an_answer_that_is_none_is_unclear(String body) {
        server.answers(request -> Response.of(200, body));
        assertUnclear();
        server.answers(request -> Response.of(502, body));
        assertUnclear();
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 404, 429, 500})
    void a_status_other_than_success_is_unclear_even_with_a_signed_body(int status) {
        server.answers(request -> {
            var signed = signed(QUERY, trade("TRADE_SUCCESS", ""));
            return new Response(status, Map.of(), signed.body(), Hangs.NEVER);
        });

        assertUnclear();
    }

    @ParameterizedTest
    @EnumSource(
            value = Hangs.class,
            names = {"BEFORE_HEADERS", "BEFORE_END"})
    void a_slow_answer_is_given_up_whether_it_begins_or_not(Hangs hangs) {
        server.answers(request -> signed(QUERY, trade("TRADE_SUCCESS", "")).hanging(hangs));

        var impatient = new ProviderHttp(Duration.ofSeconds(10), Duration.ofMillis(300));
        assertThatThrownBy(() -> gateway(account, impatient).query("main", "P123456"))
                .isInstanceOf(ProviderUnclear.class)
                .hasMessage("no complete answer from 127.0.0.1");
        impatient.destroy();
    }

    private void assertUnclear() {
        assertThatThrownBy(() -> gateway.query("main", "P123456")).isInstanceOf(ProviderUnclear.class);
    }

    private static void assertSdkBelieves(Map<String, String> params, String charset) throws Exception {
        // For requests the official library's second rule holds: sign_type is signed too.
        assertThat(AlipaySignature.rsaCheckV2(new HashMap<>(params), APP_PUBLIC_KEY, charset, "RSA2"))
                .isTrue();
    }

    private static Map<String, String> decoded(String form, String charset) {
        var params = new HashMap<String, String>();
        for (var pair : form.split("&")) {
            var parts = pair.split("=", 2);
            params.put(parts[0], URLDecoder.decode(parts[1], Charset.forName(charset)));
        }
        return params;
    }

    private static JsonNode content(Map<String, String> params) {
        return json(params.getOrDefault("biz_content", ""));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static Order order(String method, Map<String, String> fields) {
        return new Order(
                "main",
                method,
                "P123456",
                Money.fen(1999),
                "VIP会员/1=2&3",
                NOW.plusSeconds(7200),
                URI.create("https://pay.example.com/callbacks/alipay/main"),
                fields);
    }

    private static String trade(String status, String more) {
        return """
                {"code":"10000","msg":"Success","out_trade_no":"P123456","trade_no":"2026T","trade_status":"%s",\
                "total_amount":"19.99","buyer_logon_id":"","fund_bill_list":[{"amount":"19.99"}]%s}""".formatted(status, more);
    }

    private static String failure(String code, String subCode) {
        return "{\"code\":\"%s\",\"msg\":\"Failed\",\"sub_code\":\"%s\",\"sub_msg\":\"失败\"}"
                .formatted(code, subCode == null ? "" : subCode);
    }

    private static String root(StubServer.Request request) {
        return decoded(request.uri().getRawQuery(), "UTF-8")
                        .getOrDefault("method", "")
                        .replace('.', '_')
                + "_response";
    }

    private static Response signed(String root, String content) {
        return answer(
                root, content, sign(content.getBytes(UTF_8), TestKeys.alipay().getPrivate()));
    }

    private static Response answer(String root, String content, String sign) {
        return Response.of(200, "{\"%s\":%s,\"sign\":\"%s\"}".formatted(root, content, sign));
    }

    private static String sign(byte[] content, PrivateKey key) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(content);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
