package io.tallyhook.wallet.audit;

import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.audit.Invariants.Finding;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Checks what was moved since the last check of everything that held, as long as that fits into its time. What does not fit is
 * not begun in vain every few minutes: everything has to be checked anew, and what is moved counts from there.
 */
@Component
class CheckMoved {

    private static final Logger log = LoggerFactory.getLogger(CheckMoved.class);
    private static final String STOPPED_FOR_ITS_TIME = "57014";

    /** Beside ten million postings, so many take a processor three quarters of the time. */
    private static final int BOOKINGS_IN_A_MILLISECOND = 3;

    /** Checks of everything that people did not ask for must leave the database time for its work. */
    private static final Duration FULL_CHECKS_APART = Duration.ofHours(1);

    private final Invariants invariants;
    private final ProofRuns runs;
    private final Agenda agenda;
    private final AuditSettings settings;
    private final Clock clock;

    CheckMoved(Invariants invariants, ProofRuns runs, Agenda agenda, AuditSettings settings, Clock clock) {
        this.invariants = invariants;
        this.runs = runs;
        this.agenda = agenda;
        this.settings = settings;
        this.clock = clock;
    }

    /** @throws Refusal 503 if more was booked than fits; a check of everything is asked for by then */
    Finding check() {
        long since = runs.lastFullThatHeld().map(ProofRun::horizonXid).orElse(0L);
        var within = settings.proveWithin();
        try {
            if (!invariants.moreWasBooked(within.toMillis() * BOOKINGS_IN_A_MILLISECOND, since, within)) {
                return invariants.check(since, within, Progress.UNSEEN);
            }
        } catch (DataAccessException e) {
            if (!outOfTime(e)) {
                throw e;
            }
        }
        throw tooMuch(within);
    }

    private static boolean outOfTime(DataAccessException failure) {
        return NestedExceptionUtils.getMostSpecificCause(failure) instanceof SQLException cause
                && STOPPED_FOR_ITS_TIME.equals(cause.getSQLState());
    }

    private Refusal tooMuch(Duration within) {
        var next = nextFull();
        if (next.isEmpty() && agenda.askFor(ProveAll.NAME)) {
            log.warn(
                    "More was booked since the last check of everything than is checked in {}: it is done anew",
                    within);
        }
        return Refusal.of(
                HttpStatus.SERVICE_UNAVAILABLE,
                "too-much-to-prove",
                "More was booked since the last check of everything than is checked in %d seconds. Everything is checked anew%s."
                        .formatted(
                                Math.max(1, within.toSeconds()),
                                next.map(" at %s or before"::formatted).orElse(" now")));
    }

    /** Not yet, if the last one is not long ago. */
    private Optional<Instant> nextFull() {
        return runs.lastFull()
                .map(last -> last.startedAt().plus(FULL_CHECKS_APART))
                .filter(next -> next.isAfter(clock.instant()));
    }
}
