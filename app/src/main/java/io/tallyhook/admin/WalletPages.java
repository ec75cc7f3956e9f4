package io.tallyhook.admin;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.Wallets;
import io.tallyhook.wallet.books.Books;
import io.tallyhook.wallet.books.LotStory;
import io.tallyhook.wallet.books.StatementFilter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What users have, where it is from, and what became of it. */
@Controller
@RequestMapping("/admin/wallets")
class WalletPages {

    /** Lines and recharges on the card; the rest is behind a link. */
    private static final Paging FEW = new Paging(10, null);

    private final Wallets wallets;
    private final Books books;

    WalletPages(Wallets wallets, Books books) {
        this.wallets = wallets;
        this.books = books;
    }

    @GetMapping
    String search(@RequestParam(required = false) @Nullable String user, RedirectAttributes redirect) {
        var wanted = Filled.text(user);
        if (wanted == null) {
            return "admin/wallets";
        }
        redirect.addAttribute("userId", new UserId(wanted).value());
        return "redirect:/admin/wallets/{userId}";
    }

    @GetMapping("/{userId}")
    String card(@PathVariable String userId, @RequestParam(required = false) @Nullable String asOf, Model model) {
        var user = new UserId(userId);
        var moment = endOfSecond(TimeWindow.beijing("asOf", asOf));
        model.addAttribute("user", user);
        model.addAttribute("asOf", asOf);
        model.addAttribute("moment", moment);
        model.addAttribute("card", books.card(user, moment));
        model.addAttribute("lines", books.statement(user, StatementFilter.EVERYTHING, FEW));
        model.addAttribute("recharges", wallets.recharges(user, FEW));
        return "admin/wallet";
    }

    @GetMapping("/{userId}/lots")
    String lots(@PathVariable String userId, @RequestParam(required = false) @Nullable String cursor, Model model) {
        var user = new UserId(userId);
        model.addAttribute("user", user);
        model.addAttribute("page", books.lots(user, Paging.of(null, cursor)));
        return "admin/lots";
    }

    /** @param amount how much principal might be refunded, in yuan; absent: all that could be */
    @GetMapping("/{userId}/lots/{lotId}")
    String lot(
            @PathVariable String userId,
            @PathVariable long lotId,
            @RequestParam(required = false) @Nullable String amount,
            Model model) {
        var user = new UserId(userId);
        var story = books.lot(user, lotId);
        model.addAttribute("user", user);
        model.addAttribute("story", story);
        model.addAttribute("amount", Filled.text(amount));
        quote(story, Filled.text(amount), model);
        return "admin/lot";
    }

    private void quote(LotStory story, @Nullable String amount, Model model) {
        try {
            var wanted = amount == null ? story.refundable() : Money.yuan(amount);
            model.addAttribute("quoted", wanted);
            model.addAttribute("forgone", amount == null ? story.forgone() : books.forgone(story, wanted));
        } catch (ArithmeticException | NumberFormatException | Refusal e) {
            model.addAttribute("objection", "lot.quote.wrong");
        }
    }

    /** Times are shown by the second: what is shown as booked at a second is there at that second. */
    private static @Nullable Instant endOfSecond(@Nullable Instant moment) {
        return moment == null ? null : moment.plusNanos(999_999_000 - moment.getNano());
    }
}
