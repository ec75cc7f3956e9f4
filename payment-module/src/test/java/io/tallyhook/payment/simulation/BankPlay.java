package io.tallyhook.payment.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells the story at the bank of one seed, and once more in words if it goes wrong. */
record BankPlay(long seed, Building building) {

    static final int STEPS = 250;

    private static final int LAST = 60;

    /** Where a story takes place. */
    @FunctionalInterface
    interface Building {

        House of(Bank bank, ShopFloor floor);
    }

    static BankPlay inMemory(long seed, @Nullable Flaw flaw) {
        return new BankPlay(seed, (bank, floor) -> {
            var number = new AtomicInteger();
            var numbers = Stream.generate(() -> "P%07d".formatted(number.getAndIncrement()));
            return new MemoryHouse(numbers.iterator(), bank, floor, flaw);
        });
    }

    /** With the numbers that another telling has used. */
    static BankPlay inMemory(long seed, List<String> numbers) {
        return new BankPlay(seed, (bank, floor) -> new MemoryHouse(numbers.iterator(), bank, floor, null));
    }

    void tell(BankSights sights) {
        try {
            tell(sights, null);
        } catch (AssertionError | RuntimeException wrong) {
            throw new AssertionError("seed %d: %s%n%s".formatted(seed, wrong.getMessage(), lastSteps()), wrong);
        }
    }

    /** Every step in words, and how everything stood after it. */
    List<String> log() {
        var log = new ArrayList<String>();
        tell(new BankSights(), log);
        return log;
    }

    private String lastSteps() {
        var log = new ArrayList<String>();
        try {
            tell(new BankSights(), log);
            log.add("and the second time it went well");
        } catch (AssertionError | RuntimeException asBefore) {
            log.add("then: " + asBefore.getMessage());
        }
        return String.join("\n", log.subList(Math.max(0, log.size() - LAST), log.size()));
    }

    private void tell(BankSights sights, @Nullable List<String> log) {
        var random = new SplittableRandom(seed);
        var bank = new Bank(random);
        var house = new AtomicReference<House>();
        var floor = new ShopFloor(house::get, random);
        house.set(building.of(bank, floor));
        var story = new BankStory(random, house.get(), bank, floor, sights, log);
        for (int step = 0; step < STEPS; step++) {
            story.step();
        }
        story.becomesQuiet();
    }
}
