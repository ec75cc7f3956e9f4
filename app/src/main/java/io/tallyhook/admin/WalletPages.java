package io.tallyhook.admin;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.WalletEntry;
import io.tallyhook.wallet.Wallets;
import java.util.Currency;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What users have, and every line that made it so. */
@Controller
@RequestMapping("/admin/wallets")
class WalletPages {

    /** Recharges stand beside the statement; the rest is found through the payments. */
    private static final int RECHARGES_SHOWN = 10;

    private final Wallets wallets;

    WalletPages(Wallets wallets) {
        this.wallets = wallets;
    }

    /** A line of the statement with its amounts as money. */
    record Line(WalletEntry entry, Money amount, Money balance) {

        static Line of(WalletEntry entry, Currency currency) {
            return new Line(entry, new Money(entry.amount(), currency), new Money(entry.balance(), currency));
        }
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
    String detail(@PathVariable String userId, @RequestParam(required = false) @Nullable String cursor, Model model) {
        var user = new UserId(userId);
        var wallet = wallets.balance(user);
        var currency = wallet.principal().currency();
        model.addAttribute("wallet", wallet);
        model.addAttribute(
                "entries", wallets.entries(user, Paging.of(null, cursor)).map(entry -> Line.of(entry, currency)));
        model.addAttribute("recharges", wallets.recharges(user, new Paging(RECHARGES_SHOWN, null)));
        return "admin/wallet";
    }
}
