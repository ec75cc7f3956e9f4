package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Payments;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openqa.selenium.Keys;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.Browser;
import tallyhook.testing.WeChatNotification;

/** Every kind of dialog of the board, pressed with the mouse and with the keyboard alone, in Chromium. */
@AdminTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoardBrowserTests {

    private final Day day;
    private final Payments payments;
    private final JdbcClient jdbc;
    private final BoardOfTrouble board;
    private Browser browser;

    BoardBrowserTests(Day day, Payments payments, JdbcClient jdbc) {
        this.day = day;
        this.payments = payments;
        this.jdbc = jdbc;
        this.board = new BoardOfTrouble(jdbc);
        this.browser = Browser.at(day.port());
    }

    @BeforeAll
    void signIn() {
        browser = Browser.at(day.port()).login(AdminTest.USERNAME, AdminTest.PASSWORD);
    }

    @BeforeEach
    void wideAndInEnglish() {
        browser.size(1280, 900).open("/admin/board?lang=en");
    }

    /** Other pages count what is on the board. */
    @AfterEach
    void nothingStaysOnTheBoard() {
        jdbc.sql("DELETE FROM payment.callback WHERE out_trade_no LIKE 'PTROUBLE%'")
                .update();
        jdbc.sql("""
                        UPDATE payment.payment SET fulfilment = 'SUCCEEDED', fulfilment_reason = NULL, fulfilled_at = now(),
                          held_fulfilment = NULL, held_reason = NULL, due_at = NULL, version = version + 1
                        WHERE out_trade_no LIKE 'PTROUBLE%' AND state = 'PAID'
                        """).update();
        jdbc.sql("""
                        UPDATE payment.refund SET state = 'FAILED', stuck_at = NULL, due_at = NULL, settled_at = now()
                        WHERE out_trade_no LIKE 'PTROUBLE%' AND due_at IS NOT NULL
                        """).update();
    }

    @Test
    void aPaymentThatFailedIsHandedOutAgain() {
        works(List.of(board.failed("user-dialog-1"), board.failed("user-dialog-2")), "NOT_FULFILLED", "retry", "");
    }

    @Test
    void aLatePaymentIsHandedOutNow() {
        works(List.of(late(), late()), "CLOSED_BUT_PAID", "reopen", "");
    }

    @Test
    void aLatePaymentIsRefundedInFull() {
        works(List.of(late(), late()), "CLOSED_BUT_PAID", "refund", "Paid too late");
    }

    @Test
    void aStuckRefundIsAskedAbout() {
        works(
                List.of(board.stuckRefund("user-dialog-1"), board.stuckRefund("user-dialog-2")),
                "REFUND_UNFINISHED",
                "retry_refund",
                "");
    }

    @Test
    void aProviderIsAskedAboutAnOpenPayment() {
        works(
                List.of(board.askable("user-dialog-1"), board.askable("user-dialog-2")),
                "QUARANTINED",
                "ask_provider",
                "");
    }

    @Test
    void aLineIsSettledOutside() {
        works(
                List.of(board.askable("user-dialog-1"), board.askable("user-dialog-2")),
                "QUARANTINED",
                "settle",
                "He paid the rest in the shop");
    }

    @Test
    void aRefundIsProposedToBeGivenUpAndTheProposalWithdrawn() {
        var outTradeNo = board.stuckRefund("user-dialog-1");
        browser.open("/admin/board?kind=REFUND_UNFINISHED").press("a[href$='" + outTradeNo + "#refunds']");
        browser.see("#refunds [data-dialog^=nothing]");
        opensAndEscapes("#refunds [data-dialog^=nothing]");
        browser.press("#refunds [data-dialog^=paid]")
                .see("dialog[open] h2")
                .type("dialog[open] input[name=reference]", "BT-2026-1")
                .type("dialog[open] input[name=reason]", "Sent by bank transfer");
        browser.press("dialog[open] button[type=submit]").see(".flash.tone-good");
        browser.read("paid out in another way, reference BT-2026-1").read("somebody else must confirm it");
        assertThat(browser.count("#refunds [data-dialog^=confirm]")).isZero();

        browser.evaluate("document.querySelector('#refunds [data-dialog^=keep]').focus()");
        browser.enter().see("dialog[open] h2");
        submitsByKeyboard("");

        browser.see(".flash.tone-good").see("#refunds [data-dialog^=nothing]");
    }

    @Test
    void thePagesCanBeUsedByEverybodyInBothLanguagesAndOnAPhone() {
        late();
        board.failed("user-dialog-1");
        board.askable("user-dialog-1");
        var proposed = board.stuckRefund("user-dialog-1");
        jdbc.sql("""
                        UPDATE payment.refund SET give_up_as = 'SUCCEEDED', give_up_reference = 'BT-2026-1', give_up_by = 'jun',
                          give_up_reason = 'Sent by bank transfer on Tuesday', give_up_at = now() - interval '1 h'
                        WHERE out_trade_no = :no
                        """).param("no", proposed).update();
        var open = board.stuckRefund("user-dialog-1");
        learned();
        var barriers = new ArrayList<String>();
        for (var language : new String[] {"en", "zh-CN"}) {
            browser.open("/admin?lang=" + language);
            for (var path :
                    List.of("/admin", "/admin/board", "/admin/payments/" + proposed, "/admin/payments/" + open)) {
                var name = "board"
                        + path.replace('/', '-').replace(proposed, "proposed").replace(open, "open");
                browser.size(1280, 900).open(path).see("main h1").picture(name + "-" + language);
                barriers.addAll(browser.barriers());
                assertThat(browser.text()).as(path).doesNotContain("??");
                browser.size(390, 844).picture(name + "-" + language + "-phone");
                assertThat(browser.widerThanWindow()).as("%s at 390 px", path).isFalse();
            }
        }
        assertThat(barriers).isEmpty();
    }

    /** The first line with the mouse, the second with the keyboard; both dialogs are left before by the Escape key. */
    private void works(List<String> payments, String kind, String repair, String words) {
        var page = "/admin/board?kind=" + kind;
        var byMouse = button(page, payments.getFirst(), repair);
        opensAndEscapes(byMouse);
        browser.press(byMouse).see("dialog[open] h2");
        if (!words.isEmpty()) {
            browser.type("dialog[open] input:not([type=hidden])", words);
        }
        browser.press("dialog[open] button[type=submit]").see(".flash").arriveAt(page);

        var byKeyboard = button(page, payments.getLast(), repair);
        opensAndEscapes(byKeyboard);
        browser.evaluate("document.querySelector(\"%s\").focus()".formatted(byKeyboard));
        browser.enter().see("dialog[open] h2");
        submitsByKeyboard(words);
        browser.see(".flash").arriveAt(page);
        assertThat(payments).allSatisfy(number -> assertThat(deeds(number)).isPositive());
    }

    /** The selector of the button of this repair in the line of this payment. */
    private String button(String page, String outTradeNo, String repair) {
        browser.open(page).see("main h1");
        return "tr:has(a[href$='%s']) [data-dialog^='%s-']".formatted(outTradeNo, repair);
    }

    private void opensAndEscapes(String button) {
        var where = browser.path();
        browser.press(button).see("dialog[open] h2").keys(Keys.ESCAPE);
        assertThat(browser.count("dialog[open]")).isZero();
        assertThat(browser.path()).isEqualTo(where);
        assertThat(browser.evaluate("document.activeElement.dataset.dialog !== undefined"))
                .isEqualTo("true");
    }

    /** From field to field and to the button that does it, as somebody does who has no mouse. */
    private void submitsByKeyboard(String words) {
        for (int step = 0; step < 8; step++) {
            if (on("input:not([type=hidden])") && !words.isEmpty()) {
                browser.keys(Keys.chord(Keys.CONTROL, "a"), words);
            }
            if (on("button[type=submit]")) {
                browser.enter();
                return;
            }
            browser.keys(Keys.TAB);
        }
        throw new AssertionError("The keyboard does not lead to the button: " + browser.text("dialog[open]"));
    }

    private boolean on(String selector) {
        return browser.evaluate("document.activeElement.matches('%s')".formatted(selector))
                .equals("true");
    }

    /** What was recorded under a name about a payment; a refund stands in its own row. */
    private int deeds(String outTradeNo) {
        return jdbc.sql("""
                        SELECT (SELECT count(*) FROM payment.intervention WHERE out_trade_no = :no)
                             + (SELECT count(*) FROM payment.refund WHERE out_trade_no = :no AND requested_by = 'mei')
                        """).param("no", outTradeNo).query(Integer.class).single();
    }

    private void learned() {
        jdbc.sql("""
                        INSERT INTO payment.first_question
                        VALUES ('wechat', 'main', 'native', 25, 25, 1840, now()), ('alipay', 'main', 'page', 410, 300, 77, now())
                        ON CONFLICT DO NOTHING
                        """).update();
    }

    /** Closed by the shop, and then paid. */
    private String late() {
        var payment = day.ordered("user-dialog-late", "wechat", 2700);
        payments.close(payment.outTradeNo());
        day.arrives(WeChatNotification.paid(payment.outTradeNo(), 2700));
        day.parked(payment);
        return payment.outTradeNo();
    }
}
