package io.tallyhook.wallet.ledger;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import tallyhook.testing.Chaos;

/** Random stories of everything that can be done with a wallet, told to the database and to a model of it. */
class RandomStoriesIntegrationTests {

    private static final int STORIES = 2_000;

    @Test
    void everyStoryGoesAsTheModelSays() throws Exception {
        long seed = Chaos.seed("RandomStories");
        var shelves = new ArrayList<Callable<Integer>>();
        for (int first = 0; first < Shelf.SHELVES; first++) {
            int number = first;
            shelves.add(() -> new Shelf(LedgerDatabase.freshAndHasty(), seed, number).filledUpTo(STORIES));
        }
        try (var threads = Executors.newFixedThreadPool(Shelf.SHELVES)) {
            long stories = 0;
            for (var shelf : threads.invokeAll(shelves)) {
                stories += shelf.get();
            }
            System.out.printf("RandomStories: %,d stories of %d steps%n", stories, Shelf.STEPS);
        }
    }
}
