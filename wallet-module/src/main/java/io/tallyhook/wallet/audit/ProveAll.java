package io.tallyhook.wallet.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.springframework.stereotype.Component;

/** Checks everything, every night and when a person asks for it. */
@Component
class ProveAll implements Job {

    static final String NAME = "proof-full";

    private final Proofs proofs;
    private final ShownProgress progress;
    private final AuditSettings settings;

    ProveAll(Proofs proofs, ShownProgress progress, AuditSettings settings) {
        this.proofs = proofs;
        this.progress = progress;
        this.settings = settings;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Instant dueAfter(Instant now) {
        var tonight = at(LocalDate.ofInstant(now, BooksTime.ZONE));
        return tonight.isAfter(now)
                ? tonight
                : at(LocalDate.ofInstant(now, BooksTime.ZONE).plusDays(1));
    }

    private Instant at(LocalDate day) {
        return day.atTime(settings.fullProofAt()).atZone(BooksTime.ZONE).toInstant();
    }

    /** It may take hours. */
    @Override
    public Duration lease() {
        return Duration.ofHours(6);
    }

    @Override
    public String run() {
        return said(proofs.everything(progress.of(NAME)).moved());
    }

    static String said(ProofRun run) {
        return run.holds() ? "holds" : "does not hold: %d violations".formatted(run.violations());
    }
}
