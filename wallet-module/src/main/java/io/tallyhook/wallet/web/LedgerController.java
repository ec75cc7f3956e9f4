package io.tallyhook.wallet.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.Proof;
import io.tallyhook.wallet.TrialBalanceLine;
import io.tallyhook.wallet.audit.Audit;
import io.tallyhook.wallet.audit.LedgerProof;
import io.tallyhook.wallet.audit.ProofRun;
import io.tallyhook.wallet.ledger.TrialBalances;
import java.time.DateTimeException;
import java.time.Instant;
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

    private final Audit audit;
    private final TrialBalances trialBalances;

    LedgerController(Audit audit, TrialBalances trialBalances) {
        this.audit = audit;
        this.trialBalances = trialBalances;
    }

    /** Checks now what was moved since the last check of everything, and names that one. */
    @GetMapping("/proof")
    ProofView proof() {
        return ProofView.of(audit.prove());
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

    /**
     * @param invariants of the part that was just checked
     * @param lastFullRun the last check of everything: this one, if there was none before
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ProofView(
            boolean holds,
            Instant checkedAt,
            List<Proof.Invariant> invariants,
            Proof.Sealed sealed,
            @Nullable FullRun lastFullRun) {

        static ProofView of(LedgerProof proof) {
            return new ProofView(
                    proof.holds(),
                    proof.moved().startedAt(),
                    proof.moved().invariants(),
                    proof.head().sealed(),
                    proof.lastFull().map(FullRun::of).orElse(null));
        }
    }

    record FullRun(Instant finishedAt, boolean holds) {

        static FullRun of(ProofRun run) {
            return new FullRun(run.finishedAt(), run.holds());
        }
    }
}
