package io.tallyhook.payment.simulation;

import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import io.tallyhook.payment.simulation.Mutants.Mutant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells the story of one seed, and once more in words if it goes wrong. */
record Play(long seed, Supplier<World> world) {

    static final int STEPS = 250;

    /** As configured, but for fewer attempts: so that stories get to their end. */
    static final FulfilmentSettings SETTINGS = new FulfilmentSettings(
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            100,
            5,
            Duration.ofSeconds(15),
            Duration.ofHours(2),
            Duration.ofSeconds(30),
            10_000,
            4,
            500,
            1,
            Duration.ZERO);

    private static final int LAST = 25;

    static Play of(long seed, Deciding decide) {
        return new Play(seed, () -> new MemoryWorld(decide, SETTINGS));
    }

    static Play of(long seed, Mutant mutant) {
        return new Play(seed, mutant::world);
    }

    void tell() {
        tell(new Sights());
    }

    void tell(Sights sights) {
        try {
            tell(sights, null);
        } catch (AssertionError | RuntimeException wrong) {
            throw new AssertionError("seed %d: %s%n%s".formatted(seed, wrong.getMessage(), lastSteps()), wrong);
        }
    }

    /** Every step in words. */
    List<String> log() {
        var log = new ArrayList<String>();
        tell(new Sights(), log);
        return log;
    }

    private String lastSteps() {
        var log = new ArrayList<String>();
        try {
            tell(new Sights(), log);
            log.add("and the second time it went well");
        } catch (AssertionError | RuntimeException asBefore) {
            log.add("then: " + asBefore.getMessage());
        }
        return String.join("\n", log.subList(Math.max(0, log.size() - LAST), log.size()));
    }

    private void tell(Sights sights, @Nullable List<String> log) {
        var story = new Story(seed, world.get(), SETTINGS.maxAttempts(), sights, log);
        for (int step = 0; step < STEPS; step++) {
            story.step();
        }
        story.becomesQuiet();
    }
}
