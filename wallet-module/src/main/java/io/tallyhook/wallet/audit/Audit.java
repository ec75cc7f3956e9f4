package io.tallyhook.wallet.audit;

import io.tallyhook.payment.Refusal;
import java.time.Clock;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The way into the evidence: proofs, the chain's head, stops, and months.
 *
 * <p>Nothing here can move money. What a person does here, resuming a shard or closing a month, is kept with his name.
 */
@Component
public class Audit {

    private static final Logger log = LoggerFactory.getLogger(Audit.class);
    private static final int RUNS_SHOWN = 20;
    private static final int SHORTEST_NOTE = 5;
    private static final int LONGEST_NOTE = 500;

    private final Proofs proofs;
    private final ProofRuns runs;
    private final Invariants invariants;
    private final Chain chain;
    private final Stops stops;
    private final Months months;
    private final Closing closing;
    private final Agenda agenda;
    private final ReadHealth health;
    private final Clock clock;

    Audit(
            Proofs proofs,
            ProofRuns runs,
            Invariants invariants,
            Chain chain,
            Stops stops,
            Months months,
            Closing closing,
            Agenda agenda,
            ReadHealth health,
            Clock clock) {
        this.proofs = proofs;
        this.runs = runs;
        this.invariants = invariants;
        this.chain = chain;
        this.stops = stops;
        this.months = months;
        this.closing = closing;
        this.agenda = agenda;
        this.health = health;
        this.clock = clock;
    }

    /**
     * Checks now what was moved since the last check of everything; everything if there was none. Callers at the same time
     * share one check, which has seen all that was committed before they asked. A violation stops its shard.
     */
    public LedgerProof prove() {
        return proofs.ask();
    }

    /** The last checks, newest first. */
    public List<ProofRun> runs() {
        return runs.last(RUNS_SHOWN);
    }

    /** The last check of everything. */
    public Optional<ProofRun> lastFullRun() {
        return runs.lastFull();
    }

    /** Lets everything be checked as soon as an instance is free. @return false if that is going on already */
    public boolean askForFullProof(String person) {
        boolean asked = agenda.askFor(ProveAll.NAME);
        if (asked) {
            log.info("{} asks for a check of the whole ledger", person);
        }
        return asked;
    }

    /** The last sealed block. */
    public ChainHead head() {
        return chain.head();
    }

    /** How well the machinery keeps up, and whether a person must look. */
    public Health health() {
        return health.now();
    }

    /** What became of each job. */
    public List<JobState> jobs() {
        return agenda.all();
    }

    /** Shards that take no postings, oldest first. */
    public List<Stop> stops() {
        return stops.standing();
    }

    /** Shards that people let go on, newest first. */
    public List<Stop> endedStops() {
        return stops.ended(RUNS_SHOWN);
    }

    /**
     * Lets a shard take postings again.
     *
     * @param note why that is right now, 5 to 500 characters
     * @throws Refusal 404 if there is no such stop; 400 if the note says nothing; 409 if an invariant is still broken in its
     *     shard, or somebody else resumed it
     */
    public void resume(long stopId, String person, String note) {
        var stop = stops.find(stopId).orElseThrow(() -> Refusal.notFound("stop", String.valueOf(stopId)));
        if (note.strip().length() < SHORTEST_NOTE || note.strip().length() > LONGEST_NOTE) {
            throw Refusal.badField("note", "must say in 5 to 500 characters why the shard can go on");
        }
        invariants.faultOf(stop.shard()).ifPresent(fault -> {
            throw Refusal.conflict(
                    "ledger-does-not-hold", "Shard %d is still wrong. %s".formatted(stop.shard(), fault.text()));
        });
        if (!stops.resume(stopId, person, note.strip())) {
            throw Refusal.conflict("stop-ended-before", "Somebody else has resumed shard %d.".formatted(stop.shard()));
        }
        log.warn("{} lets shard {} go on: {}", person, stop.shard(), note.strip());
    }

    /** All months that have postings, newest first. */
    public List<BooksMonth> months() {
        return months.all();
    }

    /** Whether a month is over in Beijing. */
    public boolean isOver(YearMonth month) {
        return month.isBefore(BooksTime.thisMonth(clock));
    }

    /** What a person should know before this month is closed. */
    public ClosingChecks checks(YearMonth month) {
        var earlierOpen = months.all().stream()
                .filter(other -> other.month().isBefore(month) && other.state() == BooksMonth.State.OPEN)
                .map(BooksMonth::month)
                .toList();
        return months.checks(!health.now().alarming(), earlierOpen);
    }

    /**
     * Begins to close a month: from now on it takes no postings. It is closed by itself once what was in flight is finished
     * and sealed, usually within seconds. It is never opened again.
     *
     * @throws Refusal 400 if the month is not over or has no postings; 409 if it is closed, or the ledger does not hold
     */
    public void close(YearMonth month, String person) {
        if (months.all().stream().noneMatch(known -> known.month().equals(month))) {
            throw Refusal.badField("month", "must be a month that has postings");
        }
        if (!proofs.ask().holds() || !stops.standing().isEmpty()) {
            throw Refusal.conflict("ledger-does-not-hold", "No month is closed while the ledger does not hold.");
        }
        closing.begin(month, person);
    }
}
