package io.tallyhook.payment.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoundsTests {

    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();

    private boolean step() {
        asked.incrementAndGet();
        if (left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
            return false;
        }
        done.incrementAndGet();
        return true;
    }

    @Test
    void a_round_goes_on_until_nothing_is_left() {
        left.set(7);
        try (var rounds = new Rounds("test", 2, 100, this::step)) {
            rounds.begin();

            await().atMost(Duration.ofSeconds(20)).until(() -> done.get() == 7);
        }
    }

    @Test
    void a_round_does_no_more_than_it_may_and_the_next_goes_on() {
        left.set(7);
        try (var rounds = new Rounds("test", 1, 5, this::step)) {
            rounds.begin();
            await().atMost(Duration.ofSeconds(20)).until(() -> done.get() == 5);

            rounds.begin();
            await().atMost(Duration.ofSeconds(20)).until(() -> done.get() == 7);
        }
    }

    @Test
    void who_begins_while_all_are_busy_waits_for_nobody_and_is_not_forgotten() {
        var gate = new CountDownLatch(1);
        var rounds = new Rounds("test", 1, 1, () -> {
            asked.incrementAndGet();
            waitFor(gate);
            return false;
        });
        try (rounds) {
            for (int i = 0; i < 100; i++) {
                rounds.begin();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> asked.get() == 1);
            gate.countDown();
            await().atMost(Duration.ofSeconds(20)).until(() -> asked.get() == 2);
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void a_step_that_throws_ends_its_round_only() {
        left.set(3);
        try (var rounds = new Rounds("test", 1, 10, () -> {
            if (asked.get() == 0) {
                asked.incrementAndGet();
                throw new IllegalStateException("broken");
            }
            return step();
        })) {
            rounds.begin();
            await().atMost(Duration.ofSeconds(20)).until(() -> asked.get() == 1);

            rounds.begin();
            await().atMost(Duration.ofSeconds(20)).until(() -> done.get() == 3);
        }
    }

    @Test
    void nothing_begins_after_the_end() {
        var rounds = new Rounds("test", 1, 10, this::step);
        rounds.close();

        rounds.begin();

        assertThat(asked).hasValue(0);
    }

    private static void waitFor(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
