package io.tallyhook.admin;

import io.tallyhook.payment.Paging;
import io.tallyhook.wallet.books.Books;
import io.tallyhook.wallet.books.HoldOrder;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** All money that is set aside now. */
@Controller
class HoldPages {

    private final Books books;
    private final Clock clock;

    HoldPages(Books books, Clock clock) {
        this.books = books;
        this.clock = clock;
    }

    @GetMapping("/admin/ledger/holds")
    String open(
            @RequestParam(required = false) @Nullable String order,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        var chosen = Filled.constant(HoldOrder.class, order).orElse(HoldOrder.EXPIRY);
        model.addAttribute("order", chosen);
        model.addAttribute("orders", HoldOrder.values());
        model.addAttribute("page", books.openHolds(chosen, Paging.of(null, cursor)));
        model.addAttribute("now", clock.instant());
        return "admin/holds";
    }
}
