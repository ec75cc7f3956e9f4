package io.tallyhook.wallet.audit;

import io.tallyhook.wallet.audit.Invariants.Finding;
import org.springframework.stereotype.Component;

/** Checks the invariants, keeps what was found, and raises the alarm where one is broken. */
@Component
class Proofs {

    private final Invariants invariants;
    private final CheckMoved checkMoved;
    private final ProofRuns runs;
    private final Alarm alarm;
    private final Transactions transactions;
    private final AuditSettings settings;
    private final SingleFlight<LedgerProof> asked = new SingleFlight<>();

    Proofs(
            Invariants invariants,
            CheckMoved checkMoved,
            ProofRuns runs,
            Alarm alarm,
            Transactions transactions,
            AuditSettings settings) {
        this.invariants = invariants;
        this.checkMoved = checkMoved;
        this.runs = runs;
        this.alarm = alarm;
        this.transactions = transactions;
        this.settings = settings;
    }

    /**
     * What somebody asks for. Callers at the same time share one check. It is kept only if it says something new: asking must
     * not fill the database.
     *
     * @throws io.tallyhook.payment.Refusal 503 if more was moved than can be checked at once
     */
    LedgerProof ask() {
        return asked.call(() -> prove(checkMoved.check(), false));
    }

    /** The check every few minutes. @throws io.tallyhook.payment.Refusal as above */
    LedgerProof moved() {
        return prove(checkMoved.check(), true);
    }

    /** The check of every night. */
    LedgerProof everything() {
        return everything(Progress.UNSEEN);
    }

    LedgerProof everything(Progress progress) {
        return prove(invariants.check(0, Transactions.UNBOUNDED, progress), true);
    }

    private boolean lastWasBroken() {
        return runs.last(1).stream().anyMatch(last -> !last.holds());
    }

    private LedgerProof prove(Finding found, boolean kept) {
        var run = found.run();
        if (kept || run.full() || !run.holds() || lastWasBroken()) {
            transactions.write(settings.proveWithin(), () -> {
                runs.keep(run);
                return alarm.raise(run, found.faults());
            });
        }
        return new LedgerProof(run, runs.lastFull(), found.head());
    }
}
