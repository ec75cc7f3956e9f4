package io.tallyhook.wallet.audit;

import io.tallyhook.payment.Refusal;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** Checks every few minutes what was moved since the last check of everything. */
@Component
class ProveMoved implements Job {

    private final Proofs proofs;
    private final AuditSettings settings;

    ProveMoved(Proofs proofs, AuditSettings settings) {
        this.proofs = proofs;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "proof-moved";
    }

    @Override
    public Instant dueAfter(Instant now) {
        return now.plus(settings.proveEvery());
    }

    /** Too much to be checked is no failure that another attempt could mend. */
    @Override
    public String run() {
        try {
            return ProveAll.said(proofs.moved().moved());
        } catch (Refusal tooMuch) {
            return JobState.PUT_OFF + tooMuch.detail();
        }
    }
}
