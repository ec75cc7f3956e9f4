package io.tallyhook.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.UserId;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Paying from the balance in the shop: what is offered, what is taken, and what is said when it cannot be. */
class BalanceShopIntegrationTests extends WholeApplication {

    private final Visitor visitor = new Visitor();
    private final String user = "b" + UUID.randomUUID();

    @Autowired
    private Balances balances;

    @Autowired
    private Payments payments;

    @Autowired
    private JdbcClient jdbc;

    @ParameterizedTest
    @CsvSource({
        "GOODS, tea, Your order is paid, ¥61.81, ¥6.19, 3819, 381",
        "MEMBERSHIP, vip-month, You are a VIP until, ¥22.72, ¥2.28, 7728, 772",
    })
    void takesFromMoneyAndBonusAsTheyStandToEachOtherAndSaysSo(
            Purchase.Kind kind, String item, String got, String money, String gift, long principal, long bonus) {
        topUp("recharge-100");

        var outTradeNo = paid(buy(kind, item, UUID.randomUUID().toString()));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(page(outTradeNo)).contains(got));
        assertThat(page(outTradeNo))
                .contains("Taken from your balance: " + money, gift, "−" + money, "In the statement of your wallet")
                .doesNotContain("/sandbox/pay/", "The provider has not called yet");
        assertThat(balances.of(user)).isEqualTo(new Balances.Balance(principal, bonus));
        assertThat(visitor.get("/shop/account?user=" + user).body()).contains(outTradeNo, "Balance</span>");
    }

    @Test
    void aFormThatIsSentTwiceBuysOnce() {
        topUp("recharge-100");
        var attempt = UUID.randomUUID().toString();

        var first = paid(buy(Purchase.Kind.GOODS, "mug", attempt));
        var second = paid(buy(Purchase.Kind.GOODS, "mug", attempt));

        assertThat(second).isEqualTo(first);
        assertThat(balances.of(user).total()).isEqualTo(11_000 - 3_900);
    }

    @ParameterizedTest
    @CsvSource({"en, Your balance is not enough, Top up your balance", "zh-CN, 余额不足，没有扣款, 充值余额"})
    void aBalanceThatIsTooSmallIsSaidKindlyWithTheWayToTopUp(String language, String sentence, String topUp) {
        topUp("recharge-50");

        var answer = buy(Purchase.Kind.GOODS, "tea", UUID.randomUUID().toString(), language);

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains(sentence, topUp, "/shop#recharge").doesNotContain("Idempotency-Key");
        assertThat(balances.of(user).total()).isEqualTo(5_000);
    }

    @Test
    void isOfferedForGoodsAndMembershipsWithWhatTheCustomerHasButNotForARecharge() {
        topUp("recharge-100");
        visitor.get("/shop/account?user=" + user);

        assertThat(visitor.get("/shop/checkout?kind=GOODS&item=tea").body())
                .contains("value=\"BALANCE\"", user + " has ¥110.00, of which ¥10.00 is bonus")
                .doesNotContain("This balance is not enough");
        assertThat(visitor.get("/shop/checkout?kind=MEMBERSHIP&item=vip-year").body())
                .contains("value=\"BALANCE\"", "This balance is not enough");
        assertThat(visitor.get("/shop/checkout?kind=RECHARGE&item=recharge-50").body())
                .contains("value=\"WECHAT\"")
                .doesNotContain("BALANCE");
    }

    @Test
    void aRechargeIsNotPaidFromTheBalanceEvenByAForgedForm() {
        topUp("recharge-100");

        var answer =
                buy(Purchase.Kind.RECHARGE, "recharge-50", UUID.randomUUID().toString());

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("A balance cannot be topped up from itself");
        assertThat(balances.of(user).total()).isEqualTo(11_000);
    }

    @Test
    void whoWasToPayAtAProviderPaysFromTheBalanceInsteadAndTheOtherPaymentIsClosed() {
        topUp("recharge-100");
        var atProvider = order(Purchase.Kind.GOODS, "notebook", Means.WECHAT);
        assertThat(page(atProvider)).contains("Pay from your balance instead");

        var outTradeNo = paid(fromBalance(atProvider));

        assertThat(payments.progress(outTradeNo).orElseThrow().taken("PRINCIPAL"))
                .isPositive();
        assertThat(payments.progress(atProvider).orElseThrow().state()).isEqualTo("CLOSED");
        assertThat(balances.of(user).total()).isEqualTo(11_000 - 2_550);
    }

    @Test
    void whatIsPaidIsNotPaidAgain() {
        topUp("recharge-100");
        var atProvider = order(Purchase.Kind.GOODS, "notebook", Means.WECHAT);
        paid(fromBalance(atProvider));

        var again = fromBalance(atProvider);

        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).containsAnyOf("This is paid already", "does not wait for a payment any more");
        assertThat(balances.of(user).total()).isEqualTo(11_000 - 2_550);
    }

    @Test
    void aBalanceThatIsTooSmallLeavesThePaymentAtTheProviderOpen() {
        var atProvider = order(Purchase.Kind.GOODS, "notebook", Means.ALIPAY);

        assertThat(fromBalance(atProvider).statusCode()).isEqualTo(409);

        assertThat(payments.progress(atProvider).orElseThrow().state()).isEqualTo("PENDING");
    }

    @Test
    void aLedgerThatStandsStillIsSaidKindlyAndNothingIsTaken() {
        topUp("recharge-100");
        stop();
        try {
            var answer = buy(Purchase.Kind.GOODS, "tea", UUID.randomUUID().toString());

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("Your wallet is being checked").doesNotContain("ledger");
        } finally {
            resume();
        }
        assertThat(balances.of(user).total()).isEqualTo(11_000);
    }

    @Test
    void nobodyPaysFromTheBalanceWithAPaymentThatTheShopDoesNotKnow() {
        assertThat(fromBalance("P0000000000000000").statusCode()).isEqualTo(404);
    }

    private void topUp(String code) {
        var before = balances.of(user).total();
        var outTradeNo = order(Purchase.Kind.RECHARGE, code, Means.WECHAT);
        visitor.post("/sandbox/pay/wechat/" + outTradeNo, Map.of());
        await().atMost(Duration.ofSeconds(30)).until(() -> balances.of(user).total() > before);
    }

    private String order(Purchase.Kind kind, String item, Means means) {
        var answer = visitor.post(
                "/shop/checkout?kind=%s&item=%s".formatted(kind, item), Map.of("user", user, "provider", means.name()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        return last(answer);
    }

    private HttpResponse<String> buy(Purchase.Kind kind, String item, String attempt) {
        return buy(kind, item, attempt, "en");
    }

    private HttpResponse<String> buy(Purchase.Kind kind, String item, String attempt, String language) {
        return visitor.post(
                "/shop/checkout?kind=%s&item=%s".formatted(kind, item),
                Map.of("user", user, "provider", Means.BALANCE.name(), "attempt", attempt),
                language);
    }

    private HttpResponse<String> fromBalance(String outTradeNo) {
        return visitor.post("/shop/payments/%s/balance".formatted(outTradeNo), Map.of());
    }

    private static String paid(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        return last(answer);
    }

    private static String last(HttpResponse<String> answer) {
        var path = URI.create(answer.headers().firstValue("Location").orElseThrow())
                .getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private String page(String outTradeNo) {
        return visitor.get("/shop/payments/%s".formatted(outTradeNo)).body();
    }

    private void stop() {
        onShard("""
                INSERT INTO wallet.stop (shard, invariant, subject, fault, stopped_at)
                VALUES (%d, 'I3-balances-equal-postings', 'a test', 'as planned', now())
                """);
    }

    private void resume() {
        onShard("""
                UPDATE wallet.stop SET resumed_at = now(), resumed_by = 'test', note = 'as planned'
                WHERE shard = %d AND resumed_at IS NULL
                """);
    }

    private void onShard(String sql) {
        jdbc.sql(sql.formatted(new UserId(user).shard())).update();
    }
}
