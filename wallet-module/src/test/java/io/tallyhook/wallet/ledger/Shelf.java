package io.tallyhook.wallet.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import tallyhook.testing.Chaos;

/** Stories that are told one after the other in a database of their own. One that fails is shortened and reported. */
final class Shelf {

    static final int SHELVES = 2;
    static final int STEPS = 10;
    private static final int STORIES_BETWEEN_PROOFS = 20;

    private final LedgerDatabase database;
    private final long seed;
    private final int number;
    private final StoppedClock clock = new StoppedClock(Instant.now());
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
    private final Teller teller;
    private final Auditor auditor;
    private int stories;
    private int retold;

    /** @param number of this shelf; it has every so many-th story of the seed */
    Shelf(LedgerDatabase database, long seed, int number) {
        this.database = database;
        this.seed = seed;
        this.number = number;
        this.teller = new Teller(database.connect(), clock);
        this.auditor = new Auditor(teller.jdbc());
    }

    /** Tells the stories up to this one, or as long as chaos lasts. Answers how many. */
    int filledUpTo(int last) throws Exception {
        var until = Instant.now().plus(Chaos.lasting(Duration.ZERO));
        long mark = auditor.mark();
        for (int i = number; Chaos.isLong() ? Instant.now().isBefore(until) : i < last; i += SHELVES) {
            tell(i);
            stories++;
            if (stories % STORIES_BETWEEN_PROOFS == 0) {
                prove(i, mark);
                mark = auditor.mark();
            }
        }
        teller.sealEverything();
        auditor.holds();
        auditor.allIsSealedOnce();
        teller.close();
        database.drop();
        return stories;
    }

    private void tell(int i) {
        var story = new Story(teller, clock, start, "S" + i + "X");
        try {
            imagine(i, story);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(report(i, shortest(story.told(), false), e), e);
        }
    }

    private void imagine(int i, Story story) {
        var steps = new RandomSteps(new Random(seed + 31L * i), story.model());
        for (int step = 0; step < STEPS; step++) {
            story.tell(steps.next());
        }
    }

    /** All that moved since the mark. If it does not hold, the stories are told again with a proof after every step. */
    private void prove(int last, long mark) {
        if (stories % (3 * STORIES_BETWEEN_PROOFS) == 0) {
            teller.rollUp();
            teller.seal();
        }
        var faults = auditor.faultsSince(mark);
        if (faults.isEmpty()) {
            return;
        }
        for (int i = last; i > last - SHELVES * STORIES_BETWEEN_PROOFS; i -= SHELVES) {
            var story = new Story(teller, clock, start, "S" + i + "Y");
            imagine(i, story);
            if (fails(story.told(), true)) {
                throw new AssertionError(report(i, shortest(story.told(), true), new AssertionError(faults)));
            }
        }
        assertThat(faults).as("seed %d", seed).isEmpty();
    }

    /** Leaves out one step after the other as long as the story still fails. */
    private List<Step> shortest(List<Step> told, boolean proving) {
        var steps = new ArrayList<>(told);
        for (int i = steps.size() - 1; i >= 0; i--) {
            var shorter = new ArrayList<>(steps);
            shorter.remove(i);
            if (fails(shorter, proving)) {
                steps = shorter;
                i = steps.size();
            }
        }
        return steps;
    }

    private boolean fails(List<Step> steps, boolean proving) {
        long mark = auditor.mark();
        var story = new Story(teller, clock, start, "S" + retold++ + "Z");
        try {
            for (var step : steps) {
                story.tell(step);
                if (proving && !auditor.faultsSince(mark).isEmpty()) {
                    return true;
                }
            }
            return false;
        } catch (RuntimeException | AssertionError e) {
            return true;
        }
    }

    private String report(int i, List<Step> steps, Throwable e) {
        return "Story %d of -Dtallyhook.test.seed=%d fails, and so do these steps of it alone:%n%s%n%s"
                .formatted(
                        i,
                        seed,
                        steps.stream().map(step -> "  " + step).collect(Collectors.joining("\n")),
                        e.getMessage());
    }
}
