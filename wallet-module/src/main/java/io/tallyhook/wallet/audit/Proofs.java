package io.tallyhook.wallet.audit;

import io.tallyhook.wallet.audit.Invariants.Finding;
import org.springframework.stereotype.Component;

/** Checks the invariants, keeps what was found, and raises the alarm where one is broken. */
@Component
class Proofs {

    private final Invariants invariants;
    private final ProofRuns runs;
    private final Alarm alarm;
    private final Transactions transactions;
    private final AuditSettings settings;
    private final SingleFlight<LedgerProof> asked = new SingleFlight<>();

    Proofs(Invariants invariants, ProofRuns runs, Alarm alarm, Transactions transactions, AuditSettings settings) {
        this.invariants = invariants;
        this.runs = runs;
        this.alarm = alarm;
        this.transactions = transactions;
        this.settings = settings;
    }

    /**
     * What somebody asks for. Callers at the same time share one check. It is kept only if it says something new: asking must
     * not fill the database.
     */
    LedgerProof ask() {
        return asked.call(() -> prove(checkMoved(), false));
    }

    /** The check every few minutes. */
    LedgerProof moved() {
        return prove(checkMoved(), true);
    }

    /** The check of every night. */
    LedgerProof everything() {
        return prove(invariants.check(0, Transactions.UNBOUNDED), true);
    }

    private Finding checkMoved() {
        long since = runs.lastFullThatHeld().map(ProofRun::horizonXid).orElse(0L);
        return invariants.check(since, settings.proveWithin());
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
