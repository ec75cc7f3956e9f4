package io.tallyhook.wallet.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SingleFlightTests {

    private final SingleFlight<Integer> flight = new SingleFlight<>();
    private final AtomicInteger begun = new AtomicInteger();

    @Test
    void whoAsksWhileOneRunsSharesTheNextAndNeverGetsTheOneThatWasBegunBefore() throws Exception {
        var gate = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> flight.call(() -> {
                begun.incrementAndGet();
                CompletableFuture.runAsync(() -> awaited(gate)).join();
                return 1;
            }));
            await().until(() -> begun.get() == 1);
            var asked = new AtomicInteger();
            var later = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 20; i++) {
                later.add(threads.submit(() -> {
                    asked.incrementAndGet();
                    return flight.call(() -> 1 + begun.incrementAndGet());
                }));
            }
            await().until(() -> asked.get() == 20);
            gate.countDown();

            assertThat(first.get()).isEqualTo(1);
            for (var answer : later) {
                assertThat(answer.get()).isGreaterThan(1);
            }
        }
        assertThat(begun.get())
                .as("the first, one for those who waited, and perhaps one for who came last")
                .isLessThan(5);
    }

    @Test
    void aFailureIsEverybodysAndTheNextBeginsAnew() {
        assertThatThrownBy(() -> flight.call(() -> {
                    throw new IllegalStateException("no database");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no database");

        assertThat(flight.call(() -> 7)).isEqualTo(7);
    }

    private static void awaited(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
