package io.tallyhook.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.sandbox.simulator.Attempt;
import io.tallyhook.sandbox.simulator.Misbehaviour;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import io.tallyhook.sandbox.simulator.SimulatedProvider;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A customer's way through the whole application over HTTP: shop, wallet, callback, and what was bought. */
class ShopIntegrationTests extends WholeApplication {

    @Autowired
    private ProviderSimulator simulator;

    @Autowired
    private Payments payments;

    @Autowired
    private JdbcClient jdbc;

    private final Visitor visitor = new Visitor();

    @ParameterizedTest
    @CsvSource({
        "GOODS, tea, WECHAT, TALLYHOOK, Your order is paid",
        "GOODS, mug, ALIPAY, PAGE, Your order is paid",
        "RECHARGE, recharge-100, WECHAT, SHOP, Your wallet now holds ¥100.00 and ¥10.00 bonus",
        "RECHARGE, recharge-50, ALIPAY, TALLYHOOK, Your wallet now holds ¥50.00 and ¥0.00 bonus",
        "MEMBERSHIP, vip-month, WECHAT, TALLYHOOK, You are a VIP until",
        "MEMBERSHIP, vip-year, ALIPAY, SHOP, You are a VIP until",
    })
    void buysPaysAndGetsIt(
            Purchase.Kind kind, String item, SimulatedProvider provider, Checkout.OrderedBy orderedBy, String got) {
        var user = "u" + UUID.randomUUID();
        var outTradeNo = buy(user, kind, item, provider, orderedBy);
        assertThat(get("/shop/payments/" + outTradeNo).body()).contains("The provider has not called yet", user);
        post("/sandbox/pay/%s/%s".formatted(provider.id(), outTradeNo), Map.of());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/shop/payments/%s/progress".formatted(outTradeNo))
                        .body()
                        .contains(got));
        // The simulator writes a try down when the answer has arrived, which may be after the payment has.
        await().untilAsserted(() ->
                assertThat(simulator.attempts(outTradeNo)).singleElement().matches(Attempt::accepted));
        assertThat(get("/shop/account?user=" + user).body()).contains(outTradeNo);
    }

    @Test
    void sendsTwoCallbacksAtOnceAndIsCreditedOnce() {
        var user = "u" + UUID.randomUUID();
        var outTradeNo =
                buy(user, Purchase.Kind.RECHARGE, "recharge-300", SimulatedProvider.WECHAT, Checkout.OrderedBy.SHOP);
        misbehave(SimulatedProvider.WECHAT, outTradeNo, Misbehaviour.TWICE_AT_ONCE);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> simulator.attempts(outTradeNo).size() == 2
                        && payments.progress(outTradeNo)
                                .filter(Progress::fulfilled)
                                .isPresent());
        assertThat(simulator.attempts(outTradeNo)).allMatch(Attempt::accepted);
        assertThat(get("/shop/account?user=" + user).body()).contains("<dd>¥300.00</dd>", "<dd>¥50.00</dd>");
    }

    @ParameterizedTest
    @CsvSource({
        "WECHAT, WRONG_APP_ID, 400",
        "WECHAT, WRONG_MERCHANT, 400",
        "WECHAT, WRONG_SIGNATURE, 401",
        "WECHAT, OLD_TIMESTAMP, 401",
        "WECHAT, OVERSIZED, 413",
        "ALIPAY, WRONG_APP_ID, 200",
        "ALIPAY, WRONG_MERCHANT, 200",
        "ALIPAY, WRONG_SIGNATURE, 200",
    })
    void paysForNothingThatIsNotProvenAndOurs(SimulatedProvider provider, Misbehaviour what, int status) {
        var outTradeNo = buy("mallory", Purchase.Kind.GOODS, "tea", provider, Checkout.OrderedBy.SHOP);
        misbehave(provider, outTradeNo, what);
        await().until(() -> !simulator.attempts(outTradeNo).isEmpty());
        assertThat(simulator.attempts(outTradeNo)).singleElement().satisfies(attempt -> {
            assertThat(attempt.status()).isEqualTo(status);
            assertThat(attempt.accepted()).isFalse();
        });
        assertThat(payments.progress(outTradeNo).orElseThrow().state()).isEqualTo("PENDING");
    }

    /** The provider has the money, so it tells of it again and again; it is believed no more than the first time. */
    @ParameterizedTest
    @CsvSource({"WECHAT, 400", "ALIPAY, 200"})
    void paysForNothingWhenAnotherAmountIsReceived(SimulatedProvider provider, int status) {
        var outTradeNo = buy("mallory", Purchase.Kind.GOODS, "tea", provider, Checkout.OrderedBy.SHOP);
        misbehave(provider, outTradeNo, Misbehaviour.WRONG_AMOUNT);
        await().until(() -> !simulator.attempts(outTradeNo).isEmpty());
        assertThat(simulator.attempts(outTradeNo)).allSatisfy(attempt -> {
            assertThat(attempt.status()).isEqualTo(status);
            assertThat(attempt.accepted()).isFalse();
        });
        assertThat(payments.progress(outTradeNo).orElseThrow().state()).isEqualTo("PENDING");
    }

    @Test
    void refusesTheProbeAndTakesTheTruthAfterIt() {
        var outTradeNo = buy("alice", Purchase.Kind.GOODS, "tea", SimulatedProvider.WECHAT, Checkout.OrderedBy.SHOP);
        misbehave(SimulatedProvider.WECHAT, outTradeNo, Misbehaviour.SIGNATURE_PROBE);
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        payments.progress(outTradeNo).filter(Progress::paid).isPresent());
        await().untilAsserted(() -> assertThat(simulator.attempts(outTradeNo))
                .extracting(Attempt::status)
                .containsExactly(200, 401));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/shop/payments/a%20b",
                "/shop/payments/%7Bx%7D",
                "/shop/payments/a%22%3Cb/progress",
                "/shop/payments/P%3Flimit=1",
                "/sandbox/pay/wechat/a%20b",
                "/sandbox/pay/wechat/a%20b/qr.svg",
                "/sandbox/pay/wechat/P0NOBODYORDEREDTHIS/qr.svg"
            })
    void knowsNothingOfWhatIsNoPayment(String page) {
        assertThat(get(page).statusCode()).isEqualTo(404);
    }

    @Test
    void parksMoneyThatComesAfterThePaymentWasClosed() {
        var outTradeNo =
                buy("alice", Purchase.Kind.GOODS, "tea", SimulatedProvider.WECHAT, Checkout.OrderedBy.TALLYHOOK);
        misbehave(SimulatedProvider.WECHAT, outTradeNo, Misbehaviour.LATE);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> payments.progress(outTradeNo)
                        .filter(payment -> payment.fulfilmentReason().equals("LATE"))
                        .isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/shop", "/shop/checkout?kind=GOODS&item=tea", "/shop/account", "/sandbox"})
    void speaksBothLanguagesWithoutALoginAndRunsOnlyItsOwnScripts(String page) {
        var english = get(page + (page.contains("?") ? "&" : "?") + "lang=en");
        assertThat(english.statusCode()).isEqualTo(200);
        assertThat(english.body()).contains("lang=\"en\"").doesNotContain("??");
        assertThat(english.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
        var chinese = get(page + (page.contains("?") ? "&" : "?") + "lang=zh-CN");
        assertThat(chinese.body()).contains("lang=\"zh-CN\"", "沙箱商店").doesNotContain("??");
    }

    @Test
    void leadsNobodyToAProviderForWhatWasPaidFromTheBalance() {
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description, amount,
                           currency, created_at, state, provider_transaction_id, paid_at, fulfilment, due_at)
                        VALUES ('P-BALANCE', 'GOODS', 'O1', 'u-balance', 1, 'wallet', 'main', 'balance', 'Tea', 2750, 'CNY',
                                now(), 'PAID', 'J1', now(), 'PENDING', now() + interval '1 day')
                        """).update();

        var page = get("/shop/payments/P-BALANCE");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("P-BALANCE", "/shop/account").doesNotContain("/sandbox/pay/");
    }

    @Test
    void refusesAFormWithoutItsToken() {
        var outTradeNo = buy("alice", Purchase.Kind.GOODS, "tea", SimulatedProvider.WECHAT, Checkout.OrderedBy.SHOP);
        var request = HttpRequest.newBuilder(Visitor.address("/sandbox/pay/wechat/" + outTradeNo))
                .POST(HttpRequest.BodyPublishers.noBody());
        assertThat(visitor.send(request).statusCode()).isEqualTo(403);
        assertThat(simulator.attempts(outTradeNo)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/shop/checkout?kind=GOODS&item=yacht",
                "/shop/payments/P00000000000000",
                "/sandbox/pay/wechat/P00000000000000",
                "/sandbox/pay/paypal/P00000000000000"
            })
    void saysSoWhenThereIsNoSuchThing(String page) {
        assertThat(get(page).statusCode()).isEqualTo(404);
        assertThat(get(page).body()).contains("class=\"panel\"");
    }

    private String buy(
            String user, Purchase.Kind kind, String item, SimulatedProvider provider, Checkout.OrderedBy orderedBy) {
        var answer = post(
                "/shop/checkout?kind=%s&item=%s".formatted(kind, item),
                Map.of("user", user, "provider", provider.name(), "orderedBy", orderedBy.name()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        var payerPage = URI.create(answer.headers().firstValue("Location").orElseThrow())
                .getPath();
        assertThat(get(payerPage).statusCode()).isEqualTo(200);
        return payerPage.substring(payerPage.lastIndexOf('/') + 1);
    }

    private void misbehave(SimulatedProvider provider, String outTradeNo, Misbehaviour what) {
        var answer =
                post("/sandbox/pay/%s/%s/misbehave".formatted(provider.id(), outTradeNo), Map.of("what", what.name()));
        assertThat(answer.headers().firstValue("Location"))
                .hasValueSatisfying(next -> assertThat(next).endsWith("done=MISBEHAVED"));
    }

    private HttpResponse<String> get(String path) {
        return visitor.get(path);
    }

    private HttpResponse<String> post(String path, Map<String, String> fields) {
        return visitor.post(path, fields);
    }
}
