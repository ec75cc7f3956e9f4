package io.tallyhook.wallet.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Random stories of everything that can be done with a wallet, told to the database and to a model of it. */
class RandomStoriesIntegrationTests {

    private static final int TELLERS = 2;
    private static final int STORIES = 2_000;
    private static final int STEPS = 10;
    private static final int STORIES_BETWEEN_PROOFS = 20;

    @Test
    void everyStoryGoesAsTheModelSays() throws Exception {
        long seed = Chaos.seed("RandomStories");
        try (var threads = Executors.newFixedThreadPool(TELLERS)) {
            var shelves = new ArrayList<Callable<Shelf>>();
            for (int teller = 0; teller < TELLERS; teller++) {
                int number = teller;
                shelves.add(() -> new Shelf(seed, number).filled());
            }
            long stories = 0;
            for (var shelf : threads.invokeAll(shelves)) {
                stories += shelf.get().stories;
            }
            System.out.printf("RandomStories: %,d stories of %d steps%n", stories, STEPS);
        }
    }

    /** The stories that one teller tells, one after the other, in a database of its own. */
    private static final class Shelf {

        private final long seed;
        private final int number;
        private final StoppedClock clock = new StoppedClock(Instant.now());
        private final Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
        private final Teller teller = new Teller(LedgerDatabase.freshAndHasty().connect(), clock);
        private final Audit audit = new Audit(teller.jdbc());
        private int stories;
        private int retold;

        Shelf(long seed, int number) {
            this.seed = seed;
            this.number = number;
        }

        Shelf filled() throws Exception {
            var until = Instant.now().plus(Chaos.lasting(Duration.ZERO));
            long mark = audit.mark();
            for (int i = number; Chaos.isLong() ? Instant.now().isBefore(until) : i < STORIES; i += TELLERS) {
                tell(i);
                stories++;
                if (stories % STORIES_BETWEEN_PROOFS == 0) {
                    prove(i, mark);
                    mark = audit.mark();
                }
            }
            teller.seal();
            teller.rollUp();
            audit.holds();
            audit.allIsSealedOnce();
            teller.close();
            return this;
        }

        private void tell(int i) {
            var story = new Story(teller, clock, start, "S" + i + "X");
            var steps = new RandomSteps(new Random(seed + 31L * i), story.model());
            try {
                for (int step = 0; step < STEPS; step++) {
                    story.tell(steps.next());
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(report(i, shortest(story.told(), false), e), e);
            }
        }

        /** All that moved since the mark. If it does not hold, the stories are told again with a proof after every step. */
        private void prove(int last, long mark) {
            if (stories % (3 * STORIES_BETWEEN_PROOFS) == 0) {
                teller.rollUp();
                teller.seal();
            }
            var faults = audit.faultsSince(mark);
            if (faults.isEmpty()) {
                return;
            }
            for (int i = last; i > last - TELLERS * STORIES_BETWEEN_PROOFS; i -= TELLERS) {
                var steps = imagined(i);
                if (fails(steps, true)) {
                    throw new AssertionError(report(i, shortest(steps, true), new AssertionError(faults)));
                }
            }
            assertThat(faults).as("seed %d", seed).isEmpty();
        }

        private List<Step> imagined(int i) {
            var story = new Story(teller, clock, start, "S" + i + "Y");
            var steps = new RandomSteps(new Random(seed + 31L * i), story.model());
            for (int step = 0; step < STEPS; step++) {
                story.tell(steps.next());
            }
            return story.told();
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
            long mark = audit.mark();
            var story = new Story(teller, clock, start, "S" + retold++ + "Z");
            try {
                for (var step : steps) {
                    story.tell(step);
                    if (proving && !audit.faultsSince(mark).isEmpty()) {
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
}
