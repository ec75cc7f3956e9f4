package io.tallyhook.admin;

import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.Books;
import io.tallyhook.wallet.books.Purse;
import io.tallyhook.wallet.books.StatementFilter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Every line of a user's accounts. */
@Controller
class StatementPage {

    private final Books books;

    StatementPage(Books books) {
        this.books = books;
    }

    @GetMapping("/admin/wallets/{userId}/entries")
    String statement(
            @PathVariable String userId,
            @ModelAttribute("asked") StatementQuery query,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        var user = new UserId(userId);
        model.addAttribute("user", user);
        model.addAttribute("page", books.statement(user, query.filter(), Paging.of(null, cursor)));
        model.addAttribute("purses", Purse.values());
        model.addAttribute("kinds", StatementFilter.KINDS);
        return "admin/statement";
    }
}
