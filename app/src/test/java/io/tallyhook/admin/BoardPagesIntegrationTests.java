package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.board.BoardFilter;
import io.tallyhook.payment.board.BoardKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.WeChatNotification;

/** The board of money without goods in the browser: what it shows, and what its buttons do. */
@AdminTest
class BoardPagesIntegrationTests {

    private final MockMvcTester http;
    private final Day day;
    private final Payments payments;
    private final BoardExport export;
    private final JdbcClient jdbc;
    private final BoardOfTrouble board;

    BoardPagesIntegrationTests(MockMvcTester http, Day day, Payments payments, BoardExport export, JdbcClient jdbc) {
        this.http = http;
        this.day = day;
        this.payments = payments;
        this.export = export;
        this.jdbc = jdbc;
        this.board = new BoardOfTrouble(jdbc);
    }

    @Test
    void aLatePaymentIsOnTheBoardInBothLanguagesAndGoesWhenItIsHandedOut() {
        var late = late("user-board-late");
        assertThat(get("/admin/board?kind=CLOSED_BUT_PAID"))
                .hasStatusOk()
                .bodyText()
                .contains(late.outTradeNo(), "The money arrived after the payment had been given up")
                .contains("¥27.00", "Hand out now", "Refund in full", "/admin/board/reopen")
                .doesNotContain("??");
        assertThat(get("/admin/board?lang=zh-CN"))
                .bodyText()
                .contains("有款无货", "支付单关闭之后款项才到账", "立即履约", "全额退款")
                .doesNotContain("??");

        var done = post("/admin/board/reopen", "outTradeNo", late.outTradeNo(), "kind", "CLOSED_BUT_PAID");

        assertThat(done).hasRedirectedUrl("/admin/board?kind=CLOSED_BUT_PAID");
        assertThat(flash(done)).isEqualTo(new Flash("board.done.REOPEN", "good", List.of(late.outTradeNo())));
        day.fulfilled(late);
        assertThat(get("/admin/board?kind=CLOSED_BUT_PAID")).bodyText().doesNotContain(late.outTradeNo());
        assertThat(get("/admin/payments/" + late.outTradeNo()))
                .bodyText()
                .contains("had a late payment handed out after all");
    }

    @Test
    void aLatePaymentBecomesBalanceOfTheWalletWithAReasonAndOnce() {
        var late = late("user-board-credit");
        assertThat(get("/admin/board?kind=CLOSED_BUT_PAID"))
                .bodyText()
                .contains("Credit to wallet", "/admin/board/credit")
                .contains("¥27.00 becomes balance of the wallet of user-board-credit");

        assertThat(flash(post("/admin/board/credit", "outTradeNo", late.outTradeNo(), "reason", " "))
                        .tone())
                .isEqualTo("bad");
        assertThat(day.now(late).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        for (int i = 0; i < 2; i++) {
            var done =
                    post("/admin/board/credit", "outTradeNo", late.outTradeNo(), "reason", "kept", "purpose", "GOODS");
            assertThat(done).hasRedirectedUrl("/admin/board?purpose=GOODS");
            assertThat(flash(done))
                    .isEqualTo(new Flash("board.done.CREDIT_TO_WALLET", "good", List.of(late.outTradeNo())));
        }

        assertThat(get("/admin/board?kind=CLOSED_BUT_PAID")).bodyText().doesNotContain(late.outTradeNo());
        assertThat(get("/admin/payments/" + late.outTradeNo()))
                .bodyText()
                .contains("Credited to the wallet", "became balance of the wallet of user-board-credit")
                .contains("credited it to the wallet", ": “kept”")
                .contains("/admin/wallets/user-board-credit#" + day.now(late).creditedAs())
                .doesNotContain("??");
        assertThat(get("/admin/wallets/user-board-credit?lang=zh-CN"))
                .bodyText()
                .contains("非用户充值：款项原用于订单 " + late.reference(), "mei 决定转入：kept")
                .doesNotContain("??");
    }

    @Test
    void thePageOfThePaymentOffersItOnlyWhereItFits() {
        var late = late("user-board-credit-page");
        var fine = day.paid("user-board-credit-fine", 2800);
        assertThat(get("/admin/payments/" + late.outTradeNo()))
                .bodyText()
                .contains("/admin/payments/%s/credit".formatted(late.outTradeNo()));
        assertThat(get("/admin/payments/" + fine.outTradeNo())).bodyText().doesNotContain("Credit to wallet");

        var refused = post("/admin/payments/%s/credit".formatted(fine.outTradeNo()), "reason", "kept");
        assertThat(refused).hasRedirectedUrl("/admin/payments/" + fine.outTradeNo());
        assertThat(flash(refused).tone()).isEqualTo("bad");
        var done = post("/admin/payments/%s/credit".formatted(late.outTradeNo()), "reason", "kept");
        assertThat(done).hasRedirectedUrl("/admin/payments/" + late.outTradeNo());
        assertThat(flash(done).tone()).isEqualTo("good");
        assertThat(day.now(fine).creditedAs()).isNull();
        assertThat(day.now(late).creditedAs()).isNotNull();
        assertThat(post("/admin/payments/P0-NOBODY/credit", "reason", "kept")).hasStatus(404);
        assertThat(http.post()
                        .uri("/admin/payments/%s/credit".formatted(late.outTradeNo()))
                        .param("reason", "kept")
                        .with(user("mei").roles("ADMIN"))
                        .exchange())
                .hasStatus(403);
    }

    @Test
    void aRepairThatDoesNotFitAnyMoreIsRefusedWithASentenceAndChangesNothing() {
        var fine = day.paid("user-board-fine", 2800);

        for (var repair : List.of("reopen", "retry")) {
            var refused = post("/admin/board/" + repair, "outTradeNo", fine.outTradeNo());
            assertThat(refused).hasRedirectedUrl("/admin/board");
            assertThat(flash(refused).tone()).isEqualTo("bad");
        }
        var refund = post(
                "/admin/board/refund", "outTradeNo", fine.outTradeNo(), "refundNo", "F-BOARD-1", "reason", "unwanted");
        assertThat(flash(refund).tone()).isEqualTo("bad");
        assertThat(day.now(fine).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(payments.refunds(fine.outTradeNo())).isEmpty();
        assertThat(post("/admin/board/reopen", "outTradeNo", "P0-NOBODY")).hasStatus(404);
    }

    @Test
    void aWrongAmountIsOneLineThatLeadsToItsDeliveryAndIsSettledOutside() {
        var payment = day.ordered("user-board-amount", "alipay", 2900);
        var delivery = day.arrives(AlipayNotification.paid(payment.outTradeNo(), 2800));
        var page = "/admin/board?kind=QUARANTINED&purpose=GOODS";
        assertThat(get(page))
                .bodyText()
                .contains(payment.outTradeNo(), "another amount was paid", "expected 29.00, received 28.00")
                .contains("/admin/callbacks/" + delivery.callbackId(), "Settled outside");
        assertThat(get("/admin/board?kind=QUARANTINED&purpose=VIP")).bodyText().doesNotContain(payment.outTradeNo());

        var settled = post(
                "/admin/board/settle",
                "outTradeNo",
                payment.outTradeNo(),
                "line",
                "callback/" + delivery.callbackId(),
                "note",
                "He paid the rest in the shop");

        assertThat(flash(settled).key()).isEqualTo("board.done.SETTLE");
        assertThat(get(page)).bodyText().doesNotContain(payment.outTradeNo());
        assertThat(day.now(payment).state()).isEqualTo(PaymentState.PENDING);
        assertThat(get("/admin/payments/" + payment.outTradeNo()))
                .bodyText()
                .contains("settled it outside of this system", "He paid the rest in the shop");
    }

    @Test
    void theOverviewCountsWhatIsOnTheBoardAndThePaymentShowsWhatItsPolicyDecided() {
        var late = late("user-board-policy");
        jdbc.sql("""
                        INSERT INTO payment.policy_decision
                          (out_trade_no, reason, action, why, decided_at, decided_by, result)
                        VALUES (:no, 'LATE', 'ASK', 'SETTING', now(), 'policy:GOODS.late', 'ASKS')
                        """).param("no", late.outTradeNo()).update();

        assertThat(get("/admin")).bodyText().contains("Money without goods", "/admin/board?kind=CLOSED_BUT_PAID");
        assertThat(get("/admin/board")).bodyText().contains("Its policy says that a person decides");
        assertThat(get("/admin/payments/" + late.outTradeNo()))
                .bodyText()
                .contains("What its policy decided", "policy:GOODS.late", "It waits for a person");
        assertThat(get("/admin/payments/" + late.outTradeNo() + "?lang=zh-CN"))
                .bodyText()
                .contains("策略的决定", "由人工决定");
    }

    @Test
    void theLinesOfAFilterAreAFileWithTheirSumThatNoSpreadsheetTakesForFormulas() throws IOException {
        var late = late("-user-board-file");
        var other = day.ordered("user-board-not-in-file", "alipay", 2900);
        day.arrives(AlipayNotification.paid(other.outTradeNo(), 2800));
        assertThat(get("/admin/board?kind=CLOSED_BUT_PAID"))
                .bodyText()
                .contains("/admin/board/export?format=csv&amp;kind=CLOSED_BUT_PAID", "format=xlsx");

        var csv = get("/admin/board/export?format=csv&kind=CLOSED_BUT_PAID&lang=zh-CN");

        assertThat(csv).hasStatusOk().hasHeader("Content-Type", "text/csv;charset=UTF-8");
        assertThat(csv.getResponse().getHeader("Content-Disposition"))
                .matches("attachment; filename=\"board-[0-9]{8}-[0-9]{6}\\.csv\"");
        assertThat(text(csv))
                .startsWith("\uFEFF\"问题\",\"原因\",\"始于\"")
                .contains("\"" + late.outTradeNo() + "\"", "\"'-user-board-file\"", "\"27.00\",\"2700\"")
                .contains("支付单关闭之后款项才到账", "\"合计 (")
                .doesNotContain(other.outTradeNo(), "??")
                .endsWith("\r\n");
        assertThat(text(get("/admin/board/export?format=csv&lang=en")))
                .contains(late.outTradeNo(), other.outTradeNo(), "expected 29.00, received 28.00")
                .doesNotContain("There are more");
        assertThat(get("/admin/board/export?format=xlsx").getResponse().getContentAsByteArray())
                .startsWith('P', 'K');
        assertThat(get("/admin/board/export?format=pdf")).hasStatus(400);
        assertThat(http.get().uri("/admin/board/export?format=csv").exchange()).hasStatus3xxRedirection();
        assertThat(get("/admin/ledger/exports?lang=en"))
                .bodyText()
                .contains("Money without goods", "kind=CLOSED_BUT_PAID purpose=*");
    }

    @Test
    void aFileThatDoesNotHoldAllLinesSaysSo() {
        late("user-board-many");
        late("user-board-many");
        late("user-board-many");
        var filter = new BoardFilter(BoardKind.CLOSED_BUT_PAID, null, null);

        var lines = export.of(filter, "all", 2).lines();

        assertThat(lines).hasSize(3);
        assertThat(String.valueOf(lines.getLast().getFirst()))
                .isEqualTo("These are the oldest 2 lines. There are more: limit the list by a filter.");
    }

    @Test
    void theProviderCanBeAskedAboutALineWhosePaymentIsOpenAndOurs() {
        var payment = board.askable("user-board-ask");
        var external = day.ordered("user-board-external", "alipay", 2900);
        day.arrives(AlipayNotification.paid(external.outTradeNo(), 2800));
        var line = "callback/" + board.delivery(payment);
        assertThat(get("/admin/board?kind=QUARANTINED"))
                .bodyText()
                .contains("/admin/board/ask", "Ask the provider now");

        var asked = post("/admin/board/ask", "outTradeNo", payment, "line", line);
        var refused = post("/admin/board/ask", "outTradeNo", external.outTradeNo(), "line", "callback/none");

        assertThat(flash(asked).key()).isEqualTo("asked.UNCLEAR");
        assertThat(flash(refused).key()).isEqualTo("refusal.said");
        assertThat(get("/admin/payments/" + payment)).bodyText().contains("A person asked");
    }

    @Test
    void onlyWhoIsSignedInSeesItAndNobodyRepairsWithoutAToken() {
        assertThat(http.get().uri("/admin/board").exchange()).hasStatus3xxRedirection();
        assertThat(http.post()
                        .uri("/admin/board/reopen")
                        .param("outTradeNo", "P1")
                        .with(user("mei").roles("ADMIN"))
                        .exchange())
                .hasStatus(403);
        assertThat(http.get().uri("/api/v1/money-without-goods").exchange()).hasStatus(401);
    }

    @Test
    void whatNoRowCanHoldIsRefusedKindly() {
        assertThat(get("/admin/board?cursor=nonsense")).hasStatus(400);
        assertThat(get("/admin/board?kind=NONSENSE")).hasStatusOk();
        assertThat(get("/admin/board?purpose=NOTHING")).hasStatusOk().bodyText().contains("No line fits these filters");
    }

    /** Closed by the shop, and then paid. */
    private Payment late(String userId) {
        var payment = day.ordered(userId, "wechat", 2700);
        payments.close(payment.outTradeNo());
        day.arrives(WeChatNotification.paid(payment.outTradeNo(), 2700));
        day.parked(payment);
        return payment;
    }

    private static String text(MvcTestResult result) throws IOException {
        return result.getResponse().getContentAsString(StandardCharsets.UTF_8);
    }

    private static Flash flash(MvcTestResult result) {
        return (Flash)
                Objects.requireNonNull(result.getMvcResult().getFlashMap().get("flash"));
    }

    private MvcTestResult get(String uri) {
        return http.get().uri(uri).with(user("mei").roles("ADMIN")).exchange();
    }

    private MvcTestResult post(String uri, String... parameters) {
        var request = http.post().uri(uri).with(user("mei").roles("ADMIN")).with(csrf());
        for (int i = 0; i < parameters.length; i += 2) {
            request = request.param(parameters[i], parameters[i + 1]);
        }
        return request.exchange();
    }
}
