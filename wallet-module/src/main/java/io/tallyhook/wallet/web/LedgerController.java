package io.tallyhook.wallet.web;

import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.Proof;
import io.tallyhook.wallet.TrialBalanceLine;
import io.tallyhook.wallet.Wallets;
import io.tallyhook.wallet.ledger.TrialBalances;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/ledger")
class LedgerController {

    private final Wallets wallets;
    private final TrialBalances trialBalances;

    LedgerController(Wallets wallets, TrialBalances trialBalances) {
        this.wallets = wallets;
        this.trialBalances = trialBalances;
    }

    @GetMapping("/proof")
    Proof proof() {
        return wallets.proof();
    }

    /** @param asOf an accounting date (Beijing), or a moment of booking; absent: up to now */
    @GetMapping("/trial-balance")
    TrialBalance trialBalance(@RequestParam(required = false) @Nullable String asOf) {
        return new TrialBalance(asOf == null ? trialBalances.now() : asOf(asOf));
    }

    private List<TrialBalanceLine> asOf(String text) {
        try {
            return text.length() == 10
                    ? trialBalances.endOf(LocalDate.parse(text))
                    : trialBalances.at(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw Refusal.badField(
                    "asOf", "must be a date such as 2026-11-23 or a time such as 2026-11-23T18:00:00+08:00");
        }
    }

    record TrialBalance(List<TrialBalanceLine> items) {}
}
