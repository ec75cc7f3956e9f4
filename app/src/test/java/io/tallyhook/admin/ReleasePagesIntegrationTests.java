package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

import io.tallyhook.membership.Memberships;
import io.tallyhook.orders.OrderState;
import io.tallyhook.orders.Orders;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.callback.CallbackLine;
import io.tallyhook.payment.release.Releases;
import io.tallyhook.wallet.Wallets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.WeChatNotification;

/** Two people let another amount out of its quarantine on the pages, with orders, memberships and recharges behind it. */
@AdminTest
class ReleasePagesIntegrationTests {

    private final MockMvcTester http;
    private final Day day;
    private final Releases releases;
    private final Refunds refunds;
    private final Orders orders;
    private final Memberships memberships;
    private final Wallets wallets;

    ReleasePagesIntegrationTests(
            MockMvcTester http,
            Day day,
            Releases releases,
            Refunds refunds,
            Orders orders,
            Memberships memberships,
            Wallets wallets) {
        this.http = http;
        this.day = day;
        this.releases = releases;
        this.refunds = refunds;
        this.orders = orders;
        this.memberships = memberships;
        this.wallets = wallets;
    }

    @Test
    void oneProposesAnotherConfirmsAndTheOrderIsPaidWithWhatWasReceived() {
        var payment = day.ordered("user-release-order", "wechat", 2_900);
        var delivery = day.arrives(WeChatNotification.paid(payment.outTradeNo(), 2_800));
        assertThat(get("mei", page(delivery)))
                .bodyText()
                .contains("Another amount", "¥29.00", "¥28.00", "Accept it: hand out what was ordered", "Propose")
                .doesNotContain("??");
        assertThat(get("mei", "/admin/board?kind=QUARANTINED"))
                .bodyText()
                .contains(page(delivery) + "#release", "Release …");

        assertThat(flash(propose("mei", delivery, "REOPEN", "A coin was missing")))
                .isEqualTo("release.proposed");

        assertThat(day.now(payment).state()).isEqualTo(PaymentState.PENDING);
        assertThat(get("mei", page(delivery)))
                .bodyText()
                .contains("Waits for a second person", "You have proposed it", "Withdraw your proposal?")
                .doesNotContain("/confirm\"", "name=\"action\"", "??");
        assertThat(get("mei", "/admin"))
                .bodyText()
                .contains("Other amounts that wait for a second person", payment.outTradeNo());
        assertThat(get("jun", page(payment) + "?lang=zh-CN"))
                .bodyText()
                .contains("等待第二人确认", "接受 ¥28.00 并履约？", "由 mei 提议")
                .contains("一笔不同金额的付款等待第二人决定", "href=\"#releases\"")
                .doesNotContain("??");
        assertThat(get("jun", "/admin/board?kind=QUARANTINED&lang=zh-CN"))
                .bodyText()
                .contains("须由第二人确认或拒绝")
                .doesNotContain("??");
        assertThat(flashed(decide("mei", payment, "confirm", "")).tone()).isEqualTo("bad");
        assertThat(day.now(payment).state()).isEqualTo(PaymentState.PENDING);

        var confirmed = decide("jun", payment, "confirm", "");

        assertThat(confirmed).hasRedirectedUrl(page(payment));
        assertThat(flash(confirmed)).isEqualTo("release.done.REOPEN");
        day.fulfilled(payment);
        assertThat(orders.get(payment.reference()).state()).isEqualTo(OrderState.PAID);
        assertThat(get("mei", page(payment)))
                .bodyText()
                .contains("Received", "¥28.00", "confirmed by jun", "confirmed the release of another amount")
                .doesNotContain("href=\"#releases\"", "??");
        assertThat(get("mei", page(payment) + "/refunds/new")).bodyText().contains("value=\"28.00\"");
        assertThat(flashed(decide("jun", payment, "confirm", "")).tone()).isEqualTo("bad");
    }

    @Test
    void whatIsGivenBackOfAnAcceptedOrderEndsItWhenAllThatWasReceivedGoes() {
        var payment = day.ordered("user-release-back", "wechat", 2_900);
        accepted(payment, day.arrives(WeChatNotification.paid(payment.outTradeNo(), 2_800)));

        day.givesBack(payment, 2_700);
        assertThat(orders.get(payment.reference()).state()).isEqualTo(OrderState.PAID);
        day.givesBack(payment, 100);

        assertThat(orders.get(payment.reference()).state()).isEqualTo(OrderState.REFUNDED);
        assertThat(get("mei", page(payment) + "/refunds/new")).bodyText().contains("Nothing is left");
    }

    @Test
    void daysOfAMembershipAreReckonedByWhatWasReceived() {
        var payment = day.buyingMembership("user-release-member");
        accepted(payment, day.arrives(AlipayNotification.paid(payment.outTradeNo(), 59_600)));
        assertThat(memberships.of(new UserId("user-release-member")).active()).isTrue();

        day.givesBack(payment, 59_600);

        assertThat(memberships.of(new UserId("user-release-member")).active()).isFalse();
    }

    /** To hand out a recharge is to make balance: never what was ordered for what was not received. */
    @Test
    void aRechargeIsOnlyGivenBackAndNoBalanceComesOfIt() {
        var payment = day.recharging("user-release-recharge");
        var delivery = day.arrives(WeChatNotification.paid(payment.outTradeNo(), 9_000));
        assertThat(get("mei", page(delivery)))
                .bodyText()
                .contains("money itself is handed out")
                .doesNotContain("Accept it: hand out what was ordered");
        assertThat(flashed(propose("mei", delivery, "REOPEN", "why not")).tone())
                .isEqualTo("bad");

        propose("mei", delivery, "REFUND", "He can recharge again");
        assertThat(flash(decide("jun", payment, "confirm", ""))).isEqualTo("release.done.REFUND");

        assertThat(refunds.of(payment.outTradeNo()))
                .singleElement()
                .satisfies(refund -> assertThat(refund.amount()).isEqualTo(Money.fen(9_000)));
        var refund = refunds.of(payment.outTradeNo()).getFirst();
        day.arrives(WeChatNotification.refunded(payment.outTradeNo(), refund.refundNo(), 9_000, 9_000));
        assertThat(day.now(payment).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(wallets.balance(new UserId("user-release-recharge")).principal())
                .isEqualTo(Money.fen(0));
        assertThat(wallets.proof().holds()).isTrue();
        assertThat(get("mei", page(payment)))
                .bodyText()
                .contains("Two people have released another amount to go back")
                .doesNotContain("??");
    }

    @Test
    void whatCameForARechargeBecomesBalanceOfJustThatAndARefundTakesItFromThere() {
        var person = new UserId("user-release-credited");
        var payment = day.recharging(person.value());
        var delivery = day.arrives(WeChatNotification.paid(payment.outTradeNo(), 10_100));
        assertThat(get("mei", page(delivery))).bodyText().contains("Credit it to the payer’s wallet");

        propose("mei", delivery, "CREDIT_TO_WALLET", "He asked for it");
        assertThat(wallets.balance(person).principal()).isEqualTo(Money.fen(0));
        assertThat(flash(decide("jun", payment, "confirm", ""))).isEqualTo("release.done.CREDIT_TO_WALLET");

        assertThat(wallets.balance(person).principal()).isEqualTo(Money.fen(10_100));
        assertThat(wallets.balance(person).bonus()).isEqualTo(Money.fen(0));
        assertThat(wallets.proof().holds()).isTrue();
        day.arrives(WeChatNotification.paid(payment.outTradeNo(), 10_100));
        assertThat(wallets.balance(person).principal()).isEqualTo(Money.fen(10_100));
        day.givesBack(payment, 10_100);
        assertThat(wallets.balance(person).principal()).isEqualTo(Money.fen(0));
        assertThat(wallets.proof().holds()).isTrue();
    }

    @Test
    void aDeclinedProposalSaysByWhomAndWhyAndAnotherCanBeMade() {
        var payment = day.ordered("user-release-declined", "wechat", 2_900);
        var delivery = day.arrives(WeChatNotification.paid(payment.outTradeNo(), 2_800));
        assertThat(flash(propose("mei", delivery, "REFUND", " "))).isEqualTo("release.wrong.words");
        propose("mei", delivery, "REOPEN", "A coin was missing");
        assertThat(flash(decide("jun", payment, "reject", ""))).isEqualTo("release.wrong.words");

        assertThat(flash(decide("jun", payment, "reject", "Ask <b>him</b> first")))
                .isEqualTo("release.rejected");

        assertThat(day.now(payment).state()).isEqualTo(PaymentState.PENDING);
        assertThat(get("mei", page(delivery)))
                .bodyText()
                .contains("declined by jun", "Ask &lt;b&gt;him&lt;/b&gt; first", "Propose")
                .doesNotContain("??");
        propose("mei", delivery, "REFUND", "Then not");
        assertThat(flash(decide("mei", payment, "reject", "I was wrong"))).isEqualTo("release.rejected");
        assertThat(get("jun", page(payment))).bodyText().contains("withdrawn by mei");
    }

    @Test
    void nothingIsOfferedForWhatDiffersOtherwiseAndNobodyReleasesWithoutALogin() {
        var payment = day.ordered("user-release-stranger", "alipay", 2_900);
        var delivery =
                day.arrives(AlipayNotification.paid(payment.outTradeNo(), 2_800).sellerId("2088000000000009"));
        assertThat(get("mei", page(delivery))).bodyText().doesNotContain("name=\"action\"", "??");
        assertThat(flashed(propose("mei", delivery, "REFUND", "mine")).tone()).isEqualTo("bad");

        assertThat(http.post()
                        .uri(page(delivery) + "/release")
                        .param("action", "REFUND")
                        .with(csrf())
                        .exchange())
                .doesNotHave(new org.assertj.core.api.Condition<>(
                        result -> result.getResponse().getStatus() == 200, "let in"));
        assertThat(http.post()
                        .uri("/admin/releases/1/confirm")
                        .with(user("jun").roles("ADMIN"))
                        .exchange())
                .hasStatus(403);
        assertThat(decideOn("jun", -1, "confirm", "")).hasStatus(404);
        assertThat(releases.of(payment.outTradeNo())).isEmpty();
    }

    private void accepted(Payment payment, CallbackLine delivery) {
        propose("mei", delivery, "REOPEN", "Agreed by telephone");
        decide("jun", payment, "confirm", "");
        day.fulfilled(payment);
    }

    private MvcTestResult propose(String person, CallbackLine delivery, String action, String reason) {
        return http.post()
                .uri(page(delivery) + "/release")
                .param("action", action)
                .param("reason", reason)
                .with(user(person).roles("ADMIN"))
                .with(csrf())
                .exchange();
    }

    private MvcTestResult decide(String person, Payment payment, String decision, String note) {
        return decideOn(person, releases.of(payment.outTradeNo()).getFirst().id(), decision, note);
    }

    private MvcTestResult decideOn(String person, long id, String decision, String note) {
        return http.post()
                .uri("/admin/releases/%d/%s".formatted(id, decision))
                .param("note", note)
                .with(user(person).roles("ADMIN"))
                .with(csrf())
                .exchange();
    }

    private MvcTestResult get(String person, String path) {
        return http.get().uri(path).with(user(person).roles("ADMIN")).exchange();
    }

    private static String page(CallbackLine delivery) {
        return "/admin/callbacks/" + delivery.callbackId();
    }

    private static String page(Payment payment) {
        return "/admin/payments/" + payment.outTradeNo();
    }

    private static String flash(MvcTestResult result) {
        return flashed(result).key();
    }

    private static Flash flashed(MvcTestResult result) {
        return (Flash)
                Objects.requireNonNull(result.getMvcResult().getFlashMap().get("flash"));
    }
}
