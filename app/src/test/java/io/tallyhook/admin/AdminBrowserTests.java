package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.access.login.People;
import io.tallyhook.orders.Orders;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.AdjustmentKind;
import io.tallyhook.wallet.books.Adjustments;
import io.tallyhook.wallet.books.Books;
import io.tallyhook.wallet.books.Proposal;
import io.tallyhook.wallet.books.StatementFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.Browser;
import tallyhook.testing.WeChatNotification;

/** A person at the admin pages, in Chromium. */
@AdminTest
class AdminBrowserTests {

    private final Day day;
    private final Payments payments;
    private final Books books;
    private final Adjustments adjustments;
    private final People people;
    private final JdbcClient jdbc;

    AdminBrowserTests(
            Day day, Payments payments, Books books, Adjustments adjustments, People people, JdbcClient jdbc) {
        this.day = day;
        this.payments = payments;
        this.books = books;
        this.adjustments = adjustments;
        this.people = people;
        this.jdbc = jdbc;
    }

    @Test
    void aPersonWalksFromTheListToADeliveryToADryRunToAReplay() {
        var early = "P0OPENED2LATE";
        openedTooLate(early);
        var browser = login();

        browser.open("/admin/callbacks").type("#number", early).arriveAt("number=" + early);
        browser.read("Unknown payment").keys(Keys.TAB);
        browser.press("table[data-rows] tbody tr td:last-child").arriveAt("/admin/callbacks/");
        browser.read("there was no payment with this number when it arrived");
        browser.press("a[href$='/replay']").read("Then this is handed out");
        browser.press("button[data-dialog=replay]")
                .read("Run this delivery again?")
                .picture("replay-dialog-en");
        assertThat(payments.get(early).state()).isEqualTo(PaymentState.PENDING);

        browser.press("dialog[open] button[type=submit]").read("Done: the payment is booked as paid");
        browser.read("ran a delivery again");
        assertThat(payments.get(early).state()).isEqualTo(PaymentState.PAID);
    }

    @Test
    void theKeyboardWalksOverTheRowsAndOpensOne() {
        day.paid("user-keys", 1500);
        day.paid("user-keys", 1600);
        var browser = login().open("/admin/callbacks").see("table[data-rows]");

        browser.keys("j").keys("j").keys("k").enter();

        browser.arriveAt("/admin/callbacks/").read("What it was held against");
    }

    @Test
    void theLiveTailSaysHowManyAreNewAndMovesNothing() {
        var payment = day.paid("user-tail", 1700);
        var browser = login().open("/admin/callbacks?number=" + payment.outTradeNo());
        int before = browser.count("table[data-rows] tbody tr");

        browser.press("input[data-live]");
        day.arrives(WeChatNotification.paid(payment.outTradeNo(), 1700));

        browser.read("1 new");
        assertThat(browser.count("table[data-rows] tbody tr")).isEqualTo(before);
        browser.press("#newer a").read("Duplicate");
        browser.press("input[data-live]");
    }

    @Test
    void everyPageCanBeUsedByEverybodyInBothLanguagesAndOnAPhone() {
        var pages = aDay();
        var browser = login();
        var barriers = new ArrayList<String>();
        for (var language : new String[] {"en", "zh-CN"}) {
            browser.open("/admin?lang=" + language);
            pages.forEach((name, path) -> {
                browser.size(1280, 900).open(path).see("main h1").picture(name + "-" + language);
                barriers.addAll(browser.barriers(language));
                assertThat(browser.text()).as(path).doesNotContain("??");
                browser.size(390, 844).picture(name + "-" + language + "-phone");
                assertThat(browser.widerThanWindow()).as("%s at 390 px", path).isFalse();
            });
        }
        assertThat(barriers).isEmpty();
    }

    @Test
    void theBooksCanBeUsedByEverybodyInBothLanguagesAndOnAPhone() {
        var pages = theBooks();
        var browser = login();
        var barriers = new ArrayList<String>();
        for (var language : new String[] {"en", "zh-CN"}) {
            browser.open("/admin?lang=" + language);
            pages.forEach((name, path) -> {
                browser.size(1280, 900).open(path).see("main h1").picture(name + "-" + language);
                barriers.addAll(browser.barriers(language));
                assertThat(browser.text()).as(path).doesNotContain("??");
                browser.size(390, 844).picture(name + "-" + language + "-phone");
                assertThat(browser.widerThanWindow()).as("%s at 390 px", path).isFalse();
            });
        }
        assertThat(barriers).isEmpty();
    }

    @Test
    void aPersonSeesTheEffectOfAnAdjustmentAndProposesIt() {
        day.pays(day.recharging("user-browser"));
        var browser = login().open("/admin/wallets/user-browser");

        browser.press("a[href*='/adjustments/new']").arriveAt("/adjustments/new?user=user-browser");
        assertThat(browser.count("#lastDay")).isEqualTo(1);
        browser.choose("#kind", "GRANT_BONUS").see("#lastDay").type("#amount", "5.5");
        browser.type("#reason", "The parcel came late").press("form[action$='/preview'] button[type=submit]");
        browser.read("What it would do now").read("¥13.50").picture("adjustment-preview-en");
        assertThat(browser.barriers()).isEmpty();
        browser.press("button[formaction]").arriveAt("/admin/ledger/adjustments/A");
        browser.read("Your proposal waits for a second person").read("somebody else must approve");
        browser.press("form[action$='/withdraw'] button").read("Withdrawn by mei");
    }

    @Test
    void aPersonSeesWhatARefundTakesBackAndConfirmsIt() {
        var recharge = day.pays(day.recharging("user-refund-browser"));
        day.paysFromBalance("user-refund-browser", 5_400);
        var page = "/admin/payments/" + recharge.outTradeNo();
        var browser = login().open(page);

        browser.press("a[href$='/refunds/new']")
                .arriveAt("/refunds/new")
                .read("only ¥50.00 can be given back, not ¥100.00");
        browser.type("#amount", "30").press("form[action$='/preview'] button[type=submit]");
        assertThat(browser.count("form[action$='/refunds']"))
                .as("the browser asks for a reason first")
                .isZero();
        browser.type("#reason", "Does not like it").press("form[action$='/preview'] button[type=submit]");
        browser.read("Taken out of the wallet: ¥30.00").read("Spent or set aside of this recharge: ¥50.00");
        browser.picture("refund-preview-en");
        assertThat(browser.barriers()).isEmpty();
        browser.size(390, 844).picture("refund-preview-en-phone");
        assertThat(browser.widerThanWindow()).isFalse();
        browser.size(1280, 900);
        browser.press("form[action$='/refunds'] button[type=submit]").read("The refund is written down");
        browser.read("asked for by mei").read("Does not like it").picture("payment-refund-requested-en");
        assertThat(browser.barriers()).isEmpty();
        browser.open("/admin/wallets/user-refund-browser").read("¥20.00");
    }

    @Test
    void aMomentInThePastShowsTheBalancesOfThen() {
        day.pays(day.recharging("user-moment"));

        var browser = login().open("/admin/wallets/user-moment?asOf=2026-01-31T12:00:00");

        browser.read("With all that was booked by").picture("wallet-as-of-en");
        assertThat(browser.text(".balances .money")).isEqualTo("¥0.00");
        browser.press("form a.btn").read("Shown as they are now");
        assertThat(browser.text(".balances .money")).isEqualTo("¥100.00");
    }

    /** What finance works with. @return pages to look at, by name */
    private Map<String, String> theBooks() {
        var user = "chen-jie-2001";
        day.pays(day.recharging(user));
        var recharge = day.pays(day.recharging(user));
        day.paysFromBalance(user, 3_780);
        day.holds(user, 2_500, "Deposit for the blue bicycle, returned on Sunday");
        var other =
                propose(AdjustmentKind.GRANT_BONUS, user, 880, "The parcel came two days late; promised on the phone");
        var done = propose(AdjustmentKind.GRANT_PRINCIPAL, user, 500, "Paid twice for delivery");
        adjustments.approve(done, "jun", "Checked against the two receipts");
        adjustments.approve(
                adjustments
                        .propose(
                                adjustments.newNumber(),
                                new Proposal(
                                        AdjustmentKind.CHARGEBACK,
                                        new UserId(user),
                                        Money.fen(10_000),
                                        Optional.empty(),
                                        Optional.of(recharge.outTradeNo()),
                                        "The bank took it back"),
                                AdminTest.USERNAME)
                        .number(),
                "jun",
                "");
        adjustments.reject(propose(AdjustmentKind.TAKE_BONUS, user, 100, "By mistake"), "jun", "Not ours to take");
        people.add("jun", AdminTest.USERNAME);
        var card = books.card(new UserId(user), null);
        var lot = card.lots().getFirst().lotId();
        var lines = books.statement(new UserId(user), StatementFilter.EVERYTHING, new Paging(50, null))
                .items();
        var spent = lines.stream()
                .filter(line -> line.kind().equals("CHARGEBACK"))
                .findFirst()
                .orElseThrow();
        var account = books.accounts("1012.01", books.today(), books.today())
                .accounts()
                .getFirst()
                .accountId();

        var pages = new LinkedHashMap<String, String>();
        pages.put("wallet-card", "/admin/wallets/" + user);
        pages.put("wallet-then", "/admin/wallets/" + user + "?asOf=2026-01-31T12:00:00");
        pages.put("statement", "/admin/wallets/" + user + "/entries?part=ALL");
        pages.put("lots", "/admin/wallets/" + user + "/lots");
        pages.put("lot", "/admin/wallets/%s/lots/%d?amount=12.34".formatted(user, lot));
        pages.put("voucher", "/admin/ledger/vouchers/" + spent.journalId());
        pages.put("trial-balance", "/admin/ledger/accounts");
        pages.put("code-channels", "/admin/ledger/accounts/1012.01");
        pages.put("code-users", "/admin/ledger/accounts/2204.01");
        pages.put("account", "/admin/ledger/accounts/1012.01/" + account);
        pages.put("holds", "/admin/ledger/holds");
        pages.put("adjustments", "/admin/ledger/adjustments");
        pages.put("adjustment", "/admin/ledger/adjustments/" + other);
        pages.put("adjustment-booked", "/admin/ledger/adjustments/" + done);
        pages.put("adjustment-new", "/admin/ledger/adjustments/new?kind=GRANT_BONUS&user=" + user);
        pages.put("exports", "/admin/ledger/exports");
        pages.put("people", "/admin/people");
        return pages;
    }

    private String propose(AdjustmentKind kind, String user, long fen, String reason) {
        var proposal = new Proposal(kind, new UserId(user), Money.fen(fen), Optional.empty(), Optional.empty(), reason);
        return adjustments
                .propose(adjustments.newNumber(), proposal, AdminTest.USERNAME)
                .number();
    }

    /** A day with everything on it. @return pages to look at, by name */
    private Map<String, String> aDay() {
        openedTooLate("P0OPENED2LATE2");
        var order = day.pays(day.ordered("li-hua-1988", "wechat", 12_900, "青瓷茶壶 Celadon tea pot"));
        var member = day.pays(day.buyingMembership("li-hua-1988"));
        day.pays(day.buyingMembership("li-hua-1988"));
        var recharge = day.pays(day.recharging("li-hua-1988"));
        day.arrives(WeChatNotification.paid(order.outTradeNo(), 12_900));
        day.arrives(AlipayNotification.paid(member.outTradeNo(), 29_800).tradeStatus("TRADE_FINISHED"));
        var wrongAmount = day.arrives(
                AlipayNotification.paid(day.ordered("wang-5", "alipay", 4_990).outTradeNo(), 4_090));
        var rejected = day.arrives(WeChatNotification.paid("P0NOBODY", 1).tampered());
        day.arrives(WeChatNotification.paid("P0NOBODY", 1).at(Instant.now().minus(Duration.ofHours(2))));
        day.arrives(WeChatNotification.refunded(recharge.outTradeNo(), "RF20260131-1", 2_000, 10_000));
        var parked = surplus();
        day.pays(day.recharging("zhou-tao"));
        var returned = day.paysFromBalance("zhou-tao", 4_200);
        day.givesBack(returned, 4_200);
        var early = jdbc.sql("SELECT id::text FROM payment.callback WHERE out_trade_no = :number LIMIT 1")
                .param("number", "P0OPENED2LATE2")
                .query((row, number) -> row.getString(1))
                .single();
        var genuine = jdbc.sql(
                        "SELECT id::text FROM payment.callback WHERE out_trade_no = :number AND outcome = 'CONFIRMED'")
                .param("number", order.outTradeNo())
                .query((row, number) -> row.getString(1))
                .single();

        var pages = new LinkedHashMap<String, String>();
        pages.put("overview", "/admin");
        pages.put("callbacks", "/admin/callbacks");
        pages.put("callbacks-filtered", "/admin/callbacks?outcome=MISMATCH&outcome=REJECTED&time=custom");
        pages.put("callbacks-none", "/admin/callbacks?number=nothing-has-this");
        pages.put("callback-confirmed", "/admin/callbacks/" + genuine);
        pages.put("callback-mismatch", "/admin/callbacks/" + wrongAmount.callbackId());
        pages.put("callback-rejected", "/admin/callbacks/" + rejected.callbackId());
        pages.put("replay", "/admin/callbacks/" + early + "/replay");
        pages.put("replay-nothing", "/admin/callbacks/" + wrongAmount.callbackId() + "/replay");
        pages.put("payments", "/admin/payments");
        pages.put("payment", "/admin/payments/" + recharge.outTradeNo());
        pages.put("payment-parked", "/admin/payments/" + parked);
        pages.put("board", "/admin/board");
        pages.put("board-none", "/admin/board?kind=STILL_GRANTED");
        pages.put("payment-refunded", "/admin/payments/" + returned.outTradeNo());
        pages.put("refund-new", "/admin/payments/%s/refunds/new".formatted(order.outTradeNo()));
        pages.put("order-refunded", "/admin/orders/" + returned.reference());
        pages.put("orders", "/admin/orders");
        pages.put("order", "/admin/orders/" + order.reference());
        pages.put("wallets", "/admin/wallets");
        pages.put("wallet", "/admin/wallets/li-hua-1988");
        pages.put("memberships", "/admin/memberships");
        pages.put("membership", "/admin/memberships/li-hua-1988");
        pages.put("search", "/admin/search?q=li-hua-1988");
        pages.put("search-none", "/admin/search?q=nothing-has-this");
        pages.put("not-there", "/admin/payments/P0-NOT-THERE");
        return pages;
    }

    /** An order that is paid twice: the second payment waits for a person. */
    private String surplus() {
        var first = day.ordered("zhao-min", "wechat", 8_800);
        var second = day.again(first);
        day.pays(first);
        day.arrives(AlipayNotification.paid(second.outTradeNo(), 8_800));
        day.parked(second);
        return second.outTradeNo();
    }

    /** A genuine delivery that found no payment; the payment is there now. */
    private void openedTooLate(String outTradeNo) {
        day.arrives(WeChatNotification.paid(outTradeNo, 6_600));
        jdbc.sql("""
                        INSERT INTO payment.payment (out_trade_no, purpose, reference, user_id, shard, provider, account,
                                                     method, description, amount, currency, created_at)
                        VALUES (:number, :purpose, 'O0EARLY', 'user-early', 1, 'wechat', 'main', 'external', 'Tea', 6600,
                                'CNY', now())
                        """)
                .param("number", outTradeNo)
                .param("purpose", Orders.GOODS.code())
                .update();
    }

    private Browser login() {
        return Browser.at(day.port()).login(AdminTest.USERNAME, AdminTest.PASSWORD);
    }
}
