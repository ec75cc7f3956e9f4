package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Payment;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.WeChatNotification;

/** Overview, payments, orders, wallets, memberships and search in the browser. */
@AdminTest
class OtherPagesIntegrationTests {

    private final MockMvcTester http;
    private final Day day;
    private final JdbcClient jdbc;

    OtherPagesIntegrationTests(MockMvcTester http, Day day, JdbcClient jdbc) {
        this.http = http;
        this.day = day;
        this.jdbc = jdbc;
    }

    @Test
    void theOverviewCountsAndEachNumberLeadsToItsList() {
        var payment = day.ordered("user-overview", "alipay", 700);
        day.arrives(AlipayNotification.paid(payment.outTradeNo(), 600));

        assertThat(get("/admin"))
                .hasStatusOk()
                .bodyText()
                .contains("/admin/callbacks?time=today&amp;outcome=MISMATCH", "/admin/payments?fulfilment=PARKED")
                .contains(payment.outTradeNo(), "it does not fit its payment");
    }

    @Test
    void whatAProviderRepeatsStandsOnTheOverviewOnceAndPushesNobodyOut() {
        var once = day.ordered("user-overview-once", "alipay", 700);
        var often = day.ordered("user-overview-often", "alipay", 700);
        day.arrives(AlipayNotification.paid(once.outTradeNo(), 600));
        for (int i = 0; i < 6; i++) {
            day.arrives(AlipayNotification.paid(often.outTradeNo(), 600));
        }

        assertThat(get("/admin")).bodyText().containsOnlyOnce(once.outTradeNo()).containsOnlyOnce(often.outTradeNo());
    }

    @Test
    void paymentsAreFilteredAndTheFilterStaysInTheAddress() {
        var paid = day.paid("user-pay-list", 1100);
        var open = day.ordered("user-pay-list", "wechat", 1200);

        assertThat(get("/admin/payments?user=user-pay-list&state=PAID"))
                .bodyText()
                .contains(paid.outTradeNo(), "¥11.00", "value=\"user-pay-list\"")
                .doesNotContain(open.outTradeNo());
        assertThat(get("/admin/payments?number=" + open.outTradeNo()))
                .bodyText()
                .contains(open.outTradeNo())
                .doesNotContain(paid.outTradeNo());
        assertThat(get("/admin/payments?number=" + paid.providerTransactionId()))
                .bodyText()
                .contains(paid.outTradeNo());
        assertThat(get("/admin/payments?user=nobody-at-all"))
                .bodyText()
                .contains("No payment fits these filters")
                .doesNotContain("No payment yet");
    }

    @Test
    void paymentsFollowEachOtherPageByPage() {
        for (int i = 0; i < 51; i++) {
            day.ordered("user-pay-pages", "wechat", 100 + i);
        }

        assertThat(get("/admin/payments?user=user-pay-pages"))
                .bodyText()
                .contains("¥1.50", "rel=\"next\"", "user=user-pay-pages&amp;cursor=")
                .doesNotContain("¥1.00");
    }

    @Test
    void aPaymentShowsItsLifeItsDeliveriesAndWhatItPaysFor() {
        var payment = day.paid("user-pay-detail", 2500);
        day.arrives(WeChatNotification.refunded(payment.outTradeNo(), "RF-DETAIL-1", 500, 2500));

        assertThat(get("/admin/payments/" + payment.outTradeNo()))
                .hasStatusOk()
                .bodyText()
                .contains("Opened", "Handed out", "Given back", "¥5.00", "RF-DETAIL-1", "Partly refunded")
                .contains("/admin/orders/" + payment.reference(), "Refund confirmed")
                .doesNotContain("Retry fulfilment");
    }

    @Test
    void whatThePayersDeviceWasGivenIsBehindADisclosure() {
        var payment = day.ordered("user-pay-params", "wechat", 2550);
        set(payment, "pay_params = '{\"code_url\": \"weixin://wxpay/bizpayurl?pr=AbC\"}'");

        assertThat(get("/admin/payments/" + payment.outTradeNo()))
                .hasStatusOk()
                .bodyText()
                .contains("<details", "code_url", "weixin://wxpay/bizpayurl?pr=AbC");
    }

    @Test
    void aFailedFulfilmentIsRetriedAndTheRetryIsRecorded() {
        var payment = day.paid("user-retry", 2600);
        set(
                payment,
                "fulfilment = 'FAILED', fulfilled_at = NULL, due_at = now() + interval '1 hour', "
                        + "fulfilment_error = 'the <b>shelf</b> was empty', attempts = 3");
        var page = "/admin/payments/" + payment.outTradeNo();
        assertThat(get(page))
                .bodyText()
                .contains("Retry fulfilment", "the &lt;b&gt;shelf&lt;/b&gt; was empty", "It is tried again by itself");

        var done = post(page + "/retry");

        assertThat(done).hasRedirectedUrl(page);
        assertThat(flash(done)).isEqualTo(new Flash("payment.retried", "good", List.of()));
        assertThat(day.fulfilled(payment).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(get(page)).bodyText().contains("retried the fulfilment");
    }

    @Test
    void aPaymentThatHasToWaitSaysWhyAndThatItIsNoFailure() {
        var payment = day.paid("user-waits", 2650);
        set(
                payment,
                "fulfilment = 'PENDING', fulfilled_at = NULL, due_at = now() + interval '1 hour', "
                        + "fulfilment_error = 'the <b>ledger</b> stands still for shard 7'");
        var page = "/admin/payments/" + payment.outTradeNo();

        assertThat(get(page))
                .hasStatusOk()
                .bodyText()
                .contains("It has to wait", "the &lt;b&gt;ledger&lt;/b&gt; stands still for shard 7")
                .contains("Cannot be handed out just now", "Next attempt", "Retry fulfilment")
                .doesNotContain("Being handed out", "Handing out failed");
        assertThat(get(page + "?lang=zh-CN")).bodyText().contains("暂时等待", "不占用尝试次数");
    }

    @Test
    void aPaymentOnItsWayDoesNotLookAsIfItWaited() {
        var payment = day.paid("user-on-its-way", 2660);
        set(payment, "fulfilment = 'PENDING', fulfilled_at = NULL, due_at = now() + interval '1 hour'");

        assertThat(get("/admin/payments/" + payment.outTradeNo()))
                .bodyText()
                .contains("Being handed out")
                .doesNotContain("It has to wait");
    }

    @Test
    void aPaymentFromTheBalanceIsShownInWordsAndLeadsToNoCallback() {
        var number = paidFromTheBalance("user-balance");
        var page = "/admin/payments/" + number;

        assertThat(get(page))
                .hasStatusOk()
                .bodyText()
                .contains("Wallet balance", " · main", " · balance", "J-" + number, "Paid", "¥27.50")
                .contains("nobody calls about it")
                .doesNotContain("No provider has called", "/admin/callbacks/", "/callbacks/wallet", "??");
        assertThat(get(page + "?lang=zh-CN")).bodyText().contains("钱包余额", " · 余额", "不会有通知");
        assertThat(get("/admin/payments?provider=wallet&user=user-balance"))
                .hasStatusOk()
                .bodyText()
                .contains(number, "Wallet balance");
        assertThat(search("J-" + number)).hasRedirectedUrl(page);
    }

    @Test
    void aPaymentThatSomebodyMayCallAboutSaysThatNobodyHas() {
        var payment = day.ordered("user-uncalled", "wechat", 2760);

        assertThat(get("/admin/payments/" + payment.outTradeNo()))
                .bodyText()
                .contains("No provider has called")
                .doesNotContain("nobody calls about it");
    }

    /** As it stands once it was handed out; the module that takes the money is tested elsewhere. */
    private String paidFromTheBalance(String userId) {
        var number = "P" + System.nanoTime();
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description, amount,
                           currency, created_at, state, provider_transaction_id, paid_at, fulfilment, fulfilled_at)
                        VALUES (:number, 'GOODS', 'O-balance', :userId, 1, 'wallet', 'main', 'balance', 'Tea', 2750, 'CNY',
                                now(), 'PAID', 'J-' || :number, now(), 'SUCCEEDED', now())
                        """).param("number", number).param("userId", userId).update();
        return number;
    }

    @Test
    void aRetryThatCannotHelpIsRefusedWithASentence() {
        var payment = day.paid("user-decide", 2700);
        set(payment, "fulfilment = 'PARKED', fulfilment_reason = 'SURPLUS', fulfilled_at = NULL");
        var page = "/admin/payments/" + payment.outTradeNo();
        assertThat(get(page))
                .bodyText()
                .contains("Paid twice", "this money is to be given back")
                .doesNotContain("/retry");

        var refused = post(page + "/retry");

        assertThat(refused).hasRedirectedUrl(page);
        assertThat(flash(refused).tone()).isEqualTo("bad");
        assertThat(flash(refused).arguments().getFirst()).contains("needs a decision");
        assertThat(day.now(payment).fulfilment()).isEqualTo(FulfilmentState.PARKED);
    }

    @Test
    void aRefusalSpeaksTheReadersLanguage() {
        var payment = day.paid("user-chinese", 2800);

        var refused = http.post()
                .uri("/admin/payments/" + payment.outTradeNo() + "/retry?lang=zh-CN")
                .with(user("mei").roles("ADMIN"))
                .with(csrf())
                .exchange();

        assertThat(flash(refused).arguments()).containsExactly("此支付单没有待履约的内容，无需重试。");
    }

    @Test
    void anOrderShowsItsItemsAndItsPayments() {
        var payment = day.pays(day.ordered("user-order", "alipay", 3300, "<i>Cup</i>"));

        assertThat(get("/admin/orders?user=user-order")).bodyText().contains(payment.reference(), "¥33.00");
        assertThat(get("/admin/orders?user=user-order&state=CANCELLED"))
                .bodyText()
                .contains("No order fits these filters");
        assertThat(get("/admin/orders?number=" + payment.reference()))
                .bodyText()
                .contains("/admin/orders/" + payment.reference());
        assertThat(get("/admin/orders/" + payment.reference()))
                .bodyText()
                .contains("&lt;i&gt;Cup&lt;/i&gt;", "Delivered", payment.outTradeNo());
    }

    @Test
    void aWalletShowsWhatTheUserHasAndEveryLine() {
        day.pays(day.recharging("user-wallet"));

        assertThat(get("/admin/wallets?user=user-wallet")).hasRedirectedUrl("/admin/wallets/user-wallet");
        assertThat(get("/admin/wallets/user-wallet")).bodyText().contains("¥100.00", "¥8.00", "Credited");
        assertThat(get("/admin/wallets/user-never-seen"))
                .hasStatusOk()
                .bodyText()
                .contains("Nothing was booked yet", "¥0.00");
        assertThat(get("/admin/wallets?user=not+a+user")).hasStatus(400);
    }

    @Test
    void aMembershipShowsUntilWhenItRuns() {
        day.pays(day.buyingMembership("user-vip"));
        day.pays(day.buyingMembership("user-vip"));

        assertThat(get("/admin/memberships?user=user-vip"))
                .bodyText()
                .contains("/admin/memberships/user-vip", "Granted");
        assertThat(get("/admin/memberships/user-vip"))
                .bodyText()
                .contains("Active", "running", "comes next", "365 days");
        assertThat(get("/admin/memberships/user-never-seen")).bodyText().contains("Never a member");
    }

    @Test
    void aSearchJumpsToTheOneThingThatHasTheNumber() {
        var order = day.paid("user-search-1", 4400);
        var recharge = day.recharging("user-search-2");
        var purchase = day.buyingMembership("user-search-3");

        assertThat(search(order.outTradeNo())).hasRedirectedUrl("/admin/payments/" + order.outTradeNo());
        assertThat(search(String.valueOf(order.providerTransactionId())))
                .hasRedirectedUrl("/admin/payments/" + order.outTradeNo());
        assertThat(search(order.reference())).hasRedirectedUrl("/admin/orders/" + order.reference());
        assertThat(search(recharge.reference())).hasRedirectedUrl("/admin/wallets/user-search-2");
        assertThat(search(purchase.reference())).hasRedirectedUrl("/admin/memberships/user-search-3");
    }

    @Test
    void aSearchThatFindsMoreOrNothingSaysSo() {
        day.paid("user-search-4", 4500);

        assertThat(search("user-search-4"))
                .hasStatusOk()
                .bodyText()
                .contains("/admin/payments?user=user-search-4", "/admin/orders?user=user-search-4");
        assertThat(search("<script>alert(1)</script>"))
                .hasStatusOk()
                .bodyText()
                .contains("Nothing has this number or name")
                .doesNotContain("<script>alert");
        assertThat(search("")).hasRedirectedUrl("/admin");
    }

    @Test
    void whatDoesNotExistIsAFriendlyPageOfTheRightStatus() {
        for (var path : List.of("/admin/payments/P0-NOBODY", "/admin/orders/O0-NOBODY")) {
            assertThat(get(path)).hasStatus(404).bodyText().contains("There is no such thing here");
        }
        assertThat(post("/admin/payments/P0-NOBODY/retry")).hasStatus(404);
    }

    private MvcTestResult search(String wanted) {
        return http.get()
                .uri("/admin/search?q={wanted}", wanted)
                .with(user("mei").roles("ADMIN"))
                .exchange();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/callbacks?number=%00",
                "/admin/callbacks?provider=%00",
                "/admin/callbacks?time=custom&from=%2B999999999-12-31T23:59:59",
                "/admin/callbacks?time=custom&to=%2B300000-01-01T00:00",
                "/admin/callbacks/newer?since=%2B1000000000-12-31T23:59:59Z",
                "/admin/payments?number=%00",
                "/admin/payments?purpose=%00",
                "/admin/payments?user=%00",
                "/admin/payments?reference=%00",
                "/admin/payments?cursor=%00",
                "/admin/payments?time=custom&from=-9999-01-01T00:00",
                "/admin/orders?user=%00",
                "/admin/memberships?user=%00",
                "/admin/search?q=%00"
            })
    void whatNoRowCanHoldIsRefusedKindlyAndIsNoFaultOfOurs(String path) {
        assertThat(get(path)).hasStatus(400).bodyText().contains("must be");
    }

    private void set(Payment payment, String columns) {
        jdbc.sql("UPDATE payment.payment SET %s WHERE out_trade_no = :number".formatted(columns))
                .param("number", payment.outTradeNo())
                .update();
    }

    private static Flash flash(MvcTestResult result) {
        return (Flash)
                Objects.requireNonNull(result.getMvcResult().getFlashMap().get("flash"));
    }

    private MvcTestResult get(String uri) {
        return http.get().uri(URI.create(uri)).with(user("mei").roles("ADMIN")).exchange();
    }

    private MvcTestResult post(String uri) {
        return http.post()
                .uri(uri)
                .with(user("mei").roles("ADMIN"))
                .with(csrf())
                .exchange();
    }
}
