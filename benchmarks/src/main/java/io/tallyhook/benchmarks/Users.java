package io.tallyhook.benchmarks;

import io.tallyhook.payment.UserId;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Users who all do the same. Those who spend are others than those who recharge, so that no case makes the next one slower. */
final class Users {

    private final String name;
    private final int count;
    private final AtomicInteger turn = new AtomicInteger();

    Users(String name, int count) {
        this.name = name;
        this.count = count;
    }

    UserId any() {
        return numbered(ThreadLocalRandom.current().nextInt(count));
    }

    /** Some whose turn it is: nobody recharges twice in the same second, and batches do not wait for each other. */
    List<UserId> next(int some) {
        int from = turn.getAndAdd(some);
        return IntStream.range(from, from + some)
                .mapToObj(number -> numbered(Math.floorMod(number, count)))
                .toList();
    }

    Stream<List<UserId>> inGroupsOf(int size) {
        return IntStream.range(0, count).mapToObj(this::numbered).gather(Gatherers.windowFixed(size));
    }

    private UserId numbered(int number) {
        return new UserId(name + "-" + number);
    }
}
