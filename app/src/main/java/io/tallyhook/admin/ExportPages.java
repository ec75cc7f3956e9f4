package io.tallyhook.admin;

import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.Books;
import io.tallyhook.wallet.books.HoldOrder;
import io.tallyhook.wallet.export.Exports;
import io.tallyhook.wallet.export.Extract;
import io.tallyhook.wallet.export.Format;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The lists of the books as files, and the log of who took them. */
@Controller
class ExportPages {

    private final Exports exports;
    private final Books books;
    private final Download download;

    ExportPages(Exports exports, Books books, Download download) {
        this.exports = exports;
        this.books = books;
        this.download = download;
    }

    @GetMapping("/admin/ledger/exports")
    String log(@RequestParam(required = false) @Nullable String cursor, Model model) {
        model.addAttribute("page", exports.log(Paging.of(null, cursor)));
        return "admin/exports";
    }

    @GetMapping("/admin/wallets/{userId}/entries/export")
    void statement(
            @PathVariable String userId,
            @ModelAttribute("asked") StatementQuery query,
            @RequestParam String format,
            Principal person,
            HttpServletResponse response)
            throws IOException {
        var user = new UserId(userId);
        var name = "statement-" + user.value();
        download.send(new Extract.OfStatement(user, query.filter()), name, wanted(format), person, response);
    }

    @GetMapping("/admin/ledger/accounts/export")
    void trialBalance(
            @ModelAttribute("asked") TrialBalancePages.Days asked,
            @RequestParam String format,
            Principal person,
            HttpServletResponse response)
            throws IOException {
        var days = asked.range(books.today());
        var name = "trial-balance-%s-%s".formatted(days.from(), days.to());
        download.send(new Extract.OfTrialBalance(first(days), last(days)), name, wanted(format), person, response);
    }

    @GetMapping("/admin/ledger/accounts/{code}/{accountId}/export")
    void account(
            @PathVariable String code,
            @PathVariable long accountId,
            @ModelAttribute("asked") TrialBalancePages.Days asked,
            @RequestParam String format,
            Principal person,
            HttpServletResponse response)
            throws IOException {
        var days = asked.range(books.today());
        var account = TrialBalancePages.account(books.accounts(code, first(days), last(days)), accountId);
        var extract = new Extract.OfAccount(code, account.channel(), accountId, first(days), last(days));
        var name = "account-%s-%s-%s-%s".formatted(code, account.channel(), days.from(), days.to());
        download.send(extract, name, wanted(format), person, response);
    }

    @GetMapping("/admin/ledger/holds/export")
    void holds(
            @RequestParam(required = false) @Nullable String order,
            @RequestParam String format,
            Principal person,
            HttpServletResponse response)
            throws IOException {
        var chosen = Filled.constant(HoldOrder.class, order).orElse(HoldOrder.EXPIRY);
        download.send(new Extract.OfOpenHolds(chosen), "holds", wanted(format), person, response);
    }

    static Format wanted(String text) {
        return switch (text) {
            case "csv" -> Format.CSV;
            case "xlsx" -> Format.XLSX;
            default -> throw Refusal.badField("format", "must be csv or xlsx");
        };
    }

    private static LocalDate first(DayRange days) {
        return Objects.requireNonNull(days.from());
    }

    private static LocalDate last(DayRange days) {
        return Objects.requireNonNull(days.to());
    }
}
