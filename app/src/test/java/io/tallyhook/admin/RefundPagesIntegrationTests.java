package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

import io.tallyhook.membership.Memberships;
import io.tallyhook.orders.OrderState;
import io.tallyhook.orders.Orders;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.Wallets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tallyhook.testing.WeChatNotification;

/** Giving money back in the browser. The providers of these tests answer nobody, so what is asked of them stays requested. */
@AdminTest
class RefundPagesIntegrationTests {

    private static final String NUMBER = "F01REFUND00000000000000";

    private final MockMvcTester http;
    private final Day day;
    private final Refunds refunds;
    private final Orders orders;
    private final Wallets wallets;
    private final Memberships memberships;
    private final BoardOfTrouble trouble;

    RefundPagesIntegrationTests(
            MockMvcTester http,
            Day day,
            Refunds refunds,
            Orders orders,
            Wallets wallets,
            Memberships memberships,
            JdbcClient jdbc) {
        this.trouble = new BoardOfTrouble(jdbc);
        this.http = http;
        this.day = day;
        this.refunds = refunds;
        this.orders = orders;
        this.wallets = wallets;
        this.memberships = memberships;
    }

    @Test
    void whoIsPaidOffersARefundOfAllThatIsLeftAndSaysWhatHappens() {
        var payment = day.paid("user-refund-form", 4_200);

        assertThat(get(page(payment))).bodyText().contains(page(payment) + "/refunds/new");
        assertThat(get(page(payment) + "/refunds/new"))
                .hasStatusOk()
                .bodyText()
                .contains("value=\"42.00\"", "Nothing has happened yet")
                .contains("Order " + payment.reference() + " is refunded, and cannot be shipped any more.")
                .doesNotContain("Give back ¥42.00 now", "??");
        assertThat(get(page(payment) + "/refunds/new?lang=zh-CN"))
                .bodyText()
                .contains("变为已退款，不能再发货", "还可退")
                .doesNotContain("??");
    }

    @Test
    void whoIsNotPaidOffersNone() {
        var payment = day.ordered("user-refund-unpaid", "wechat", 4_200);

        assertThat(get(page(payment))).bodyText().doesNotContain("/refunds/new");
        assertThat(get(page(payment) + "/refunds/new"))
                .bodyText()
                .contains("nothing was paid that could be given back");
    }

    @Test
    void thePreviewAsksForAConfirmationAndDoesNothing() {
        var payment = day.paid("user-refund-preview", 4_200);

        assertThat(preview(payment, "2.00", "Came <b>late</b>"))
                .hasStatusOk()
                .bodyText()
                .contains("stays as it is: only a part of the money goes back", "Give back ¥2.00 now")
                .contains("Came &lt;b&gt;late&lt;/b&gt;", NUMBER);
        assertThat(refunds.of(payment.outTradeNo())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "42.01, why, No more than ¥42.00 can still be given back",
        "0, why, Type an amount of at least 0.01",
        "-1, why, Type an amount of at least 0.01",
        "1.005, why, Type an amount of at least 0.01",
        "much, why, Type an amount of at least 0.01",
        "1, ' ', 'Say why, in 1 to 200 characters'",
    })
    void whatIsWrongIsSaidBesideTheField(String amount, String reason, String said) {
        var payment = day.paid("user-refund-wrong", 4_200);

        assertThat(preview(payment, amount, reason))
                .hasStatus(422)
                .bodyText()
                .contains(said, "the fields below say why")
                .doesNotContain(" now</button>");
        assertThat(refunds.of(payment.outTradeNo())).isEmpty();
    }

    @Test
    void aConfirmedRefundIsAskedForOnceUnderThePersonsName() {
        var payment = day.paid("user-refund-asked", 4_200);
        var number = NUMBER + "1";

        var done = request(payment, number, "42.00", "Came back unopened");
        request(payment, number, "42.00", "Came back unopened");

        assertThat(done).hasRedirectedUrl(page(payment));
        assertThat(flash(done)).isEqualTo(new Flash("refund.done.REQUESTED", "good", List.of()));
        assertThat(refunds.of(payment.outTradeNo()))
                .singleElement()
                .satisfies(refund -> assertThat(refund.requestedBy()).isEqualTo("mei"));
        assertThat(orders.get(payment.reference()).state()).isEqualTo(OrderState.REFUNDED);
        assertThat(get(page(payment)))
                .bodyText()
                .contains(
                        "asked for by mei", "Came back unopened", "Requested", "Ask the provider now", "Next attempt");
        assertThat(get("/admin/orders/" + payment.reference()))
                .bodyText()
                .contains("All of its money is given back, or about to be", page(payment) + "#refunds");
        assertThat(get(page(payment) + "/refunds/new")).bodyText().contains("Nothing is left");
    }

    @Test
    void whatIsPaidFromTheBalanceIsBackAtOnce() {
        day.pays(day.recharging("user-refund-balance"));
        var payment = day.paysFromBalance("user-refund-balance", 2_700);

        var done = request(payment, NUMBER + "2", "27", "Came back");

        assertThat(flash(done).key()).isEqualTo("refund.done.SUCCEEDED");
        assertThat(wallets.balance(new UserId("user-refund-balance")).principal())
                .isEqualTo(Money.fen(10_000));
        assertThat(get(page(payment)))
                .bodyText()
                .contains("Refunded", "Given back")
                .doesNotContain("/refunds/new");
    }

    @Test
    void whatIsSpentIsRefusedWithASentenceAndANewNumber() {
        var payment = day.pays(day.recharging("user-refund-spent"));
        day.paysFromBalance("user-refund-spent", 5_400);
        assertThat(preview(payment, "100", "Changed his mind"))
                .hasStatusOk()
                .bodyText()
                .contains("This amount cannot be given back", "only ¥50.00 can be given back, not ¥100.00")
                .doesNotContain(" now</button>");

        var number = NUMBER + "3";
        var refused = request(payment, number, "100", "Changed his mind");

        assertThat(refused)
                .hasStatus(409)
                .bodyText()
                .contains("no more than 50.00 CNY can be given back", "Changed his mind")
                .doesNotContain(number);
        assertThat(refunds.of(payment.outTradeNo())).isEmpty();
        assertThat(flash(request(payment, NUMBER + "4", "50", "Changed his mind"))
                        .key())
                .isEqualTo("refund.done.REQUESTED");
        assertThat(wallets.balance(payment.userId()).principal()).isEqualTo(Money.fen(0));
        assertThat(get("/admin/wallets/user-refund-spent")).bodyText().contains("Credited");
    }

    @Test
    void aRefundedMembershipAndAFullyRefundedRechargeAreShownAsSuch() {
        var membership = day.pays(day.buyingMembership("user-refund-vip"));
        assertThat(get(page(membership) + "/refunds/new"))
                .bodyText()
                .contains("Taken back of “Year”: 364 days", "used already: one day", "is not a member any more");
        request(membership, NUMBER + "5", "298", "Unhappy");
        assertThat(memberships.purchase(membership.reference()).state()).hasToString("REFUNDED");
        assertThat(get("/admin/memberships/user-refund-vip"))
                .bodyText()
                .contains("Refunded", "Refunds have taken days", "1 days");

        var recharge = day.pays(day.recharging("user-refund-recharge"));
        request(recharge, NUMBER + "6", "100", "Unhappy");
        assertThat(get("/admin/wallets/user-refund-recharge")).bodyText().contains("Refunded");
    }

    @Test
    void aRefundThatIsUnderWayIsAskedAboutAgainAndOneThatHasEndedIsNot() {
        var payment = day.paid("user-refund-retry", 4_200);
        request(payment, NUMBER + "7", "42", "Late");
        var page = page(payment);

        assertThat(post(page + "/refunds/" + NUMBER + "7/retry")).hasRedirectedUrl(page);

        assertThat(get(page)).bodyText().contains("asked about a refund again");
        day.pays(day.recharging("user-refund-retry"));
        var ended = day.paysFromBalance("user-refund-retry", 2_700);
        var refund = day.givesBack(ended, 2_700);
        var again = post(page(ended) + "/refunds/" + refund.refundNo() + "/retry");
        assertThat(flash(again)).isEqualTo(new Flash("refund.retry.nothing", "bad", List.of()));
        assertThat(post(page + "/refunds/F0-NOBODY/retry")).hasStatus(404);
    }

    @Test
    void aRefundStartedAtTheProviderIsShownWithWhatCouldNotBeTakenBack() {
        var payment = day.pays(day.recharging("user-refund-console"));
        day.paysFromBalance("user-refund-console", 5_400);

        day.arrives(WeChatNotification.refunded(payment.outTradeNo(), "CONSOLE-1", 10_000, 10_000));

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(refunds.of(payment.outTradeNo()))
                        .singleElement()
                        .satisfies(refund -> assertThat(refund.shortAmount()).isEqualTo(Money.fen(5_000))));
        assertThat(get(page(payment)))
                .bodyText()
                .contains("CONSOLE-1", "started at the provider", "spent or used before", "¥50.00")
                .doesNotContain("asked for by");
        assertThat(get("/admin/wallets/user-refund-console")).bodyText().contains("Refunded", "Owes us");
        assertThat(wallets.proof().holds()).isTrue();
    }

    @Test
    void aLargeRefundWaitsForASecondPersonWhoIsAskedOnceMore() {
        var payment = day.paid("user-refund-large", 1_200_000);
        var page = page(payment);
        assertThat(preview(payment, "12000", "Came broken"))
                .bodyText()
                .contains(
                        "More than ¥10,000.00 of this payment would be given back in all",
                        "Ask to give back ¥12,000.00")
                .doesNotContain("Give back ¥12,000.00 now");

        var asked = request(payment, NUMBER + "9", "12000", "Came broken");

        assertThat(flash(asked).key()).isEqualTo("refund.done.waits");
        assertThat(get(page))
                .bodyText()
                .contains("Waits for a second person", "You have asked for it", "Withdraw the refund of ¥12,000.00?")
                .doesNotContain("/refunds/" + NUMBER + "9/approve", "/refunds/" + NUMBER + "9/retry", "??");
        assertThat(get("/admin")).bodyText().contains("Refunds that wait for a second person", NUMBER + "9");
        assertThat(getAs("jun", page + "?lang=zh-CN"))
                .bodyText()
                .contains("等待第二人批准", "退回 ¥12,000.00？", "申请人：mei，原因：“Came broken”")
                .doesNotContain("??");
        assertThat(flash(decide("mei", payment, "9/approve", "")))
                .satisfies(flash -> assertThat(flash.arguments().toString()).contains("yourself"));
        assertThat(refund(payment).awaitsApproval()).isTrue();

        var approved = decide("jun", payment, "9/approve", "");

        assertThat(approved).hasRedirectedUrl(page);
        assertThat(flash(approved).key()).isEqualTo("refund.done.REQUESTED");
        assertThat(refund(payment).approvedBy()).isEqualTo("jun");
        assertThat(get(page))
                .bodyText()
                .contains("approved by jun", "approved a refund", "Ask the provider now")
                .doesNotContain("Waits for a second person");
        assertThat(flash(decide("jun", payment, "9/approve", "")).tone()).isEqualTo("bad");
    }

    @Test
    void aRejectedRefundHasFailedAndTheOrderIsAsBefore() {
        var payment = day.paid("user-refund-rejected", 1_200_000);
        request(payment, NUMBER + "A", "12000", "Came broken");
        assertThat(orders.get(payment.reference()).state()).isEqualTo(OrderState.REFUNDED);
        assertThat(flash(decide("jun", payment, "A/reject", " ")).key()).isEqualTo("refund.wrong.note");
        assertThat(refund(payment).awaitsApproval()).isTrue();

        assertThat(flash(decide("jun", payment, "A/reject", "It is not broken")).key())
                .isEqualTo("refund.rejected");

        await().atMost(Duration.ofSeconds(60))
                .until(() -> orders.get(payment.reference()).state() == OrderState.PAID);
        assertThat(get(page(payment)))
                .bodyText()
                .contains("Refund failed", "It is not broken", "rejected a refund")
                .doesNotContain("Waits for a second person");
        assertThat(decide("jun", payment, "B/reject", "No")).hasStatus(404);
    }

    @Test
    void nobodyRefundsWithoutALoginOrFromAnotherSite() {
        var payment = day.paid("user-refund-stranger", 4_200);
        var address = page(payment) + "/refunds";

        assertThat(http.post().uri(address).with(user("mei").roles("ADMIN")).exchange())
                .hasStatus(403);
        assertThat(http.post()
                        .uri(address)
                        .with(csrf())
                        .param("number", NUMBER + "8")
                        .param("amount", "42")
                        .param("reason", "mine")
                        .exchange())
                .hasStatus3xxRedirection();
        assertThat(refunds.of(payment.outTradeNo())).map(Refund::refundNo).isEmpty();
        assertThat(request(payment, "no", "42", "A number nobody made")).hasStatus(400);
        assertThat(post("/admin/payments/P0-NOBODY/refunds")).hasStatus(404);
    }

    @Test
    void aRefundWithoutAnAnswerIsGivenUpByTwoPersons() {
        var outTradeNo = trouble.stuckRefund("user-refund-stuck");
        var page = "/admin/payments/" + outTradeNo;
        var giveUp = page + "/refunds/" + refunds.of(outTradeNo).getFirst().refundNo() + "/give-up";
        assertThat(get(page)).bodyText().contains("Nothing has gone", "Paid out in another way", giveUp);
        assertThat(flash(giveUp("mei", giveUp, "reason", " ")).key()).isEqualTo("giveup.wrong");

        assertThat(flash(giveUp("mei", giveUp, "reason", "Not in the console")).key())
                .isEqualTo("giveup.proposed");
        assertThat(flash(giveUp("mei", giveUp + "/confirm")).key()).isEqualTo("refusal.said");
        assertThat(get(page))
                .bodyText()
                .contains(
                        "mei: nothing has gone and nothing will", "Not in the console", "somebody else must confirm it")
                .doesNotContain(giveUp + "/confirm");
        assertThat(getAs("jun", page + "?lang=zh-CN"))
                .bodyText()
                .contains("等待第二人确认", "款项没有退出", giveUp + "/confirm")
                .doesNotContain("??");
        assertThat(get("/admin?lang=en")).bodyText().contains("to be ended by a second person", outTradeNo);
        assertThat(flash(giveUp("jun", giveUp + "/confirm")).tone()).isEqualTo("bad");

        trouble.nobodySends(outTradeNo);
        assertThat(flash(giveUp("jun", giveUp + "/confirm")).key()).isEqualTo("giveup.done.FAILED");

        assertThat(refunds.of(outTradeNo).getFirst().state()).isEqualTo("FAILED");
        assertThat(get(page))
                .bodyText()
                .contains("Given up, confirmed by jun", "proposed to give up a refund", "gave up a refund");
        assertThat(flash(giveUp("jun", giveUp + "/reject")).tone()).isEqualTo("bad");
        assertThat(http.post()
                        .uri(giveUp + "/confirm")
                        .with(user("jun").roles("ADMIN"))
                        .exchange())
                .hasStatus(403);
    }

    private MvcTestResult giveUp(String person, String path, String... parameters) {
        var request = http.post().uri(path).with(user(person).roles("ADMIN")).with(csrf());
        for (int i = 0; i < parameters.length; i += 2) {
            request = request.param(parameters[i], parameters[i + 1]);
        }
        return request.exchange();
    }

    private MvcTestResult preview(Payment payment, String amount, String reason) {
        return sent(page(payment) + "/refunds/preview", NUMBER, amount, reason);
    }

    private MvcTestResult request(Payment payment, String number, String amount, String reason) {
        return sent(page(payment) + "/refunds", number, amount, reason);
    }

    private MvcTestResult sent(String address, String number, String amount, String reason) {
        return http.post()
                .uri(address)
                .param("number", number)
                .param("amount", amount)
                .param("reason", reason)
                .with(user("mei").roles("ADMIN"))
                .with(csrf())
                .exchange();
    }

    private MvcTestResult post(String path) {
        return http.post()
                .uri(path)
                .with(user("mei").roles("ADMIN"))
                .with(csrf())
                .exchange();
    }

    private MvcTestResult decide(String person, Payment payment, String decision, String note) {
        return http.post()
                .uri(page(payment) + "/refunds/" + NUMBER + decision)
                .param("note", note)
                .with(user(person).roles("ADMIN"))
                .with(csrf())
                .exchange();
    }

    private Refund refund(Payment payment) {
        return refunds.of(payment.outTradeNo()).getFirst();
    }

    private MvcTestResult get(String path) {
        return getAs("mei", path);
    }

    private MvcTestResult getAs(String person, String path) {
        return http.get().uri(path).with(user(person).roles("ADMIN")).exchange();
    }

    private static String page(Payment payment) {
        return "/admin/payments/" + payment.outTradeNo();
    }

    private static Flash flash(MvcTestResult result) {
        return (Flash)
                Objects.requireNonNull(result.getMvcResult().getFlashMap().get("flash"));
    }
}
