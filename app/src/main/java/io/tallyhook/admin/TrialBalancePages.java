package io.tallyhook.admin;

import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.books.Books;
import io.tallyhook.wallet.books.CodeAccounts;
import io.tallyhook.wallet.books.Purse;
import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The trial balance, and the way from a code over its accounts to their lines. */
@Controller
@RequestMapping("/admin/ledger/accounts")
class TrialBalancePages {

    private final Books books;

    TrialBalancePages(Books books) {
        this.books = books;
    }

    /** The days that were asked for, as they stand in the address. */
    record Days(@Nullable String from, @Nullable String to) {

        DayRange range(LocalDate today) {
            return DayRange.orThisMonth(from, to, today);
        }
    }

    @GetMapping
    String trialBalance(@ModelAttribute("asked") Days asked, Model model) {
        var days = days(asked, model);
        model.addAttribute("trial", books.trialBalance(first(days), last(days)));
        return "admin/trial-balance";
    }

    @GetMapping("/{code}")
    String code(
            @PathVariable String code,
            @ModelAttribute("asked") Days asked,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        var days = days(asked, model);
        var accounts = books.accounts(code, first(days), last(days));
        model.addAttribute("accounts", accounts);
        if (accounts.code().ofUsers()) {
            model.addAttribute("purse", Purse.of(code));
            model.addAttribute("users", books.users(code, last(days), Paging.of(null, cursor)));
        }
        return "admin/code";
    }

    @GetMapping("/{code}/{accountId}")
    String lines(
            @PathVariable String code,
            @PathVariable long accountId,
            @ModelAttribute("asked") Days asked,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        var days = days(asked, model);
        var accounts = books.accounts(code, first(days), last(days));
        model.addAttribute("accounts", accounts);
        model.addAttribute("account", account(accounts, accountId));
        model.addAttribute("page", books.lines(accountId, first(days), last(days), Paging.of(null, cursor)));
        return "admin/account";
    }

    private DayRange days(Days asked, Model model) {
        var days = asked.range(books.today());
        model.addAttribute("days", days);
        model.addAttribute("today", books.today());
        return days;
    }

    static CodeAccounts.PlatformAccount account(CodeAccounts accounts, long accountId) {
        return accounts.accounts().stream()
                .filter(account -> account.accountId() == accountId)
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("account", Long.toString(accountId)));
    }

    private static LocalDate first(DayRange days) {
        return Objects.requireNonNull(days.from());
    }

    private static LocalDate last(DayRange days) {
        return Objects.requireNonNull(days.to());
    }
}
