package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.Books;
import io.tallyhook.wallet.books.StatementFilter;
import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** What finance reads: wallets at a moment, lots, statements, vouchers, the trial balance, holds, and all that as files. */
@AdminTest
class BooksPagesIntegrationTests {

    private static final String HOSTILE = "=cmd|' /C calc'!A0 <script>alert('x')</script> 汉字";

    private final MockMvcTester http;
    private final Day day;
    private final Books books;

    BooksPagesIntegrationTests(MockMvcTester http, Day day, Books books) {
        this.http = http;
        this.day = day;
        this.books = books;
    }

    @Test
    void aStrangerSeesNothingOfTheBooks() {
        for (var path : List.of(
                "/admin/wallets/u/entries",
                "/admin/wallets/u/lots",
                "/admin/ledger/vouchers/1",
                "/admin/ledger/accounts",
                "/admin/ledger/accounts/export?format=csv",
                "/admin/ledger/holds",
                "/admin/ledger/exports")) {
            assertThat(http.get().uri(path).exchange()).as(path).hasStatus3xxRedirection();
        }
    }

    @Test
    void aWalletIsShownAsOfAMoment() {
        day.pays(day.recharging("user-asof"));
        day.paysFromBalance("user-asof", 1_080);

        assertThat(get("/admin/wallets/user-asof"))
                .hasStatusOk()
                .bodyText()
                .contains("¥90.00", "¥7.20", "Shown as they are now", "wechat/main");
        assertThat(get("/admin/wallets/user-asof?asOf=2020-01-31T12:00:00"))
                .hasStatusOk()
                .bodyText()
                .contains("With all that was booked by", "2020-01-31 12:00:00", "value=\"2020-01-31T12:00:00\"")
                .containsPattern("Principal</dt><dd><data class=\"money\" value=\"0\"");
        assertThat(get("/admin/wallets/user-asof?asOf=yesterday")).hasStatus(400);
    }

    @Test
    void aLotTellsItsStoryAndQuotesARefund() {
        day.pays(day.recharging("user-lot"));
        day.paysFromBalance("user-lot", 1_080);
        var lot = books.card(new UserId("user-lot"), null).lots().getFirst();
        var page = "/admin/wallets/user-lot/lots/" + lot.lotId();

        assertThat(get("/admin/wallets/user-lot/lots")).hasStatusOk().bodyText().contains(page, lot.reference());
        assertThat(get(page))
                .hasStatusOk()
                .bodyText()
                .contains("Granted", "+¥100.00", "Spent", "−¥10.00", "¥90.00", "¥7.20", lot.requestKey());
        assertThat(get(page + "?amount=45.00")).bodyText().contains("¥3.60");
        for (var wrong : List.of("90.01", "0", "-1", "1.001", "lots", "1e2")) {
            assertThat(get(page + "?amount=" + wrong))
                    .as(wrong)
                    .hasStatusOk()
                    .bodyText()
                    .contains("Choose an amount from 0.01 to 90.00");
        }
        assertThat(get("/admin/wallets/somebody-else/lots/" + lot.lotId())).hasStatus(404);
    }

    @Test
    void aStatementIsFilteredAndLeadsToVoucherPaymentAndDelivery() {
        var payment = day.pays(day.recharging("user-lines"));
        day.paysFromBalance("user-lines", 108);
        var page = "/admin/wallets/user-lines/entries";

        assertThat(get(page))
                .hasStatusOk()
                .bodyText()
                .contains("Recharge", "Spent", "/admin/payments/" + payment.outTradeNo())
                .contains("/admin/callbacks?number=" + payment.outTradeNo(), "/admin/ledger/vouchers/")
                .contains(page + "/export?format=csv");
        assertThat(get(page + "?kind=SPEND&part=BONUS"))
                .bodyText()
                .contains("¥0.08", "format=csv&amp;kind=SPEND&amp;part=BONUS")
                .doesNotContain("¥8.00");
        assertThat(get(page + "?from=2020-01-01&to=2020-01-02")).bodyText().contains("No line fits these filters");
        assertThat(get(page + "?from=2020-01-02&to=2020-01-01")).hasStatus(400);
        assertThat(get(page + "?from=soon")).hasStatus(400);
        assertThat(get(page + "?kind=NONSENSE&part=NONSENSE"))
                .hasStatusOk()
                .bodyText()
                .contains("Recharge");
    }

    @Test
    void aVoucherShowsAllLinesAndWhatCausedIt() {
        var payment = day.pays(day.recharging("user-voucher"));
        var journal = newestLine("user-voucher");

        assertThat(get("/admin/ledger/vouchers/" + journal))
                .hasStatusOk()
                .bodyText()
                .contains("Clearing WeChat Pay", "1012.01", "wechat/main", "User principal, available", "Bonus control")
                .contains("¥100.00", "¥108.00", "Happened", "Day of the books", "the system")
                .contains("/admin/payments/" + payment.outTradeNo(), "/admin/callbacks/", payment.reference());
        assertThat(get("/admin/ledger/vouchers/987654321")).hasStatus(404);
        assertThat(get("/admin/ledger/vouchers/none")).hasStatus(400);
    }

    @Test
    void theTrialBalanceLeadsDownToTheLines() {
        day.pays(day.recharging("user-trial"));
        var account = books.accounts("1012.01", books.today(), books.today())
                .accounts()
                .getFirst();
        var lines = "/admin/ledger/accounts/1012.01/" + account.accountId();

        assertThat(get("/admin/ledger/accounts"))
                .hasStatusOk()
                .bodyText()
                .contains("1012.01", "Clearing WeChat Pay", "6603.01")
                .contains("/admin/ledger/accounts/1012.01?from=");
        assertThat(get("/admin/ledger/accounts/1012.01")).bodyText().contains("wechat/main", lines);
        assertThat(get(lines)).hasStatusOk().bodyText().contains("/admin/ledger/vouchers/", "¥100.00");
        assertThat(get("/admin/ledger/accounts/2204.01"))
                .bodyText()
                .contains("user-trial", "/admin/wallets/user-trial/entries?part=PRINCIPAL");
        assertThat(get("/admin/ledger/accounts/6603.01?from=2020-01-01&to=2020-01-31"))
                .hasStatusOk()
                .bodyText()
                .contains("2020-01-31");
        assertThat(get("/admin/ledger/accounts/9999.99")).hasStatus(404);
        assertThat(get("/admin/ledger/accounts/2204.19/" + account.accountId()))
                .as("an account of another code")
                .hasStatus(404);
        assertThat(get("/admin/ledger/accounts?from=2026-02-30&to=2026-03-01")).hasStatus(400);
        assertThat(get("/admin/ledger/accounts?from=2026-03-02&to=2026-03-01")).hasStatus(400);
    }

    @Test
    void openHoldsAreListedAndWhatTheyAreForIsText() {
        day.pays(day.recharging("user-holds"));
        var hold = day.holds("user-holds", 1_080, HOSTILE);

        for (var order : List.of("", "?order=AGE", "?order=NONSENSE")) {
            assertThat(get("/admin/ledger/holds" + order))
                    .hasStatusOk()
                    .bodyText()
                    .contains(hold.holdNo(), "¥10.80", "&lt;script&gt;")
                    .doesNotContain("<script>alert");
        }
        assertThat(get("/admin/wallets/user-holds")).bodyText().contains(hold.holdNo(), "¥0.80");
    }

    @Test
    void everyListIsAFileInTheReadersLanguage() throws UnsupportedEncodingException {
        day.pays(day.recharging("user:file"));
        day.holds("user:file", 108, HOSTILE);

        var csv = get("/admin/wallets/user:file/entries/export?format=csv&part=ALL&lang=zh-CN");
        assertThat(csv).hasStatusOk().hasHeader("Content-Type", "text/csv;charset=UTF-8");
        assertThat(csv.getResponse().getHeader("Content-Disposition"))
                .matches("attachment; filename=\"statement-user_file-[0-9]{8}-[0-9]{6}\\.csv\"");
        assertThat(text(csv))
                .startsWith("\uFEFF\"类别\",\"序号\"")
                .contains("\"本金\",\"1\"", "\"100.00\",\"10000\"", "\"合计 (6)\"")
                .endsWith("\r\n");
        assertThat(text(get("/admin/ledger/holds/export?format=csv")))
                .contains("\"'=cmd|' /C calc'!A0 <script>alert('x')</script> 汉字\"");
        assertThat(text(get("/admin/ledger/accounts/export?format=csv"))).contains("\"Total (23)\"");
        var xlsx = get("/admin/ledger/accounts/export?format=xlsx&from=2026-01-01&to=2026-12-31");
        assertThat(xlsx.getResponse().getContentAsByteArray()).startsWith('P', 'K');
        assertThat(get("/admin/ledger/accounts/export?format=pdf")).hasStatus(400);
        assertThat(get("/admin/ledger/accounts/export")).hasStatus(400);

        assertThat(get("/admin/ledger/exports"))
                .bodyText()
                .contains("Statement", "Open holds", "Trial balance", "user=user:file", "mei")
                .doesNotContain("broke off");
    }

    private long newestLine(String userId) {
        return books.statement(new UserId(userId), StatementFilter.EVERYTHING, new Paging(1, null))
                .items()
                .getFirst()
                .journalId();
    }

    private static String text(MvcTestResult result) {
        return new String(result.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
    }

    private MvcTestResult get(String uri) {
        return http.get().uri(URI.create(uri)).with(user("mei").roles("ADMIN")).exchange();
    }
}
