package io.tallyhook.wallet.web;

import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.Wallet;
import io.tallyhook.wallet.WalletEntry;
import io.tallyhook.wallet.Wallets;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/wallets/{userId}")
class WalletsController {

    private final Wallets wallets;

    WalletsController(Wallets wallets) {
        this.wallets = wallets;
    }

    @GetMapping
    WalletView wallet(@PathVariable String userId) {
        return WalletView.of(wallets.balance(new UserId(userId)));
    }

    @GetMapping("/entries")
    Page<WalletEntry> entries(
            @PathVariable String userId,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return wallets.entries(new UserId(userId), Paging.of(limit, cursor));
    }

    /** All amounts in minor units of the currency. */
    record WalletView(String userId, String currency, long principal, long bonus, long heldPrincipal, long heldBonus) {

        static WalletView of(Wallet wallet) {
            return new WalletView(
                    wallet.userId().value(),
                    wallet.principal().currency().getCurrencyCode(),
                    wallet.principal().minorUnits(),
                    wallet.bonus().minorUnits(),
                    wallet.heldPrincipal().minorUnits(),
                    wallet.heldBonus().minorUnits());
        }
    }
}
