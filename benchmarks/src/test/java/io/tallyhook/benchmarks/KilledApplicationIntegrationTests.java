package io.tallyhook.benchmarks;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tallyhook.testing.Chaos;

/**
 * The packaged application under a load of callbacks, killed ({@code kill -9}) at any moment and started again on the same
 * data. The callers are outside of it and remember what it has acknowledged. A few kills in the build, about a minute; as
 * many as there is time for by {@code ./dev chaos kill} and {@code ./dev chaos instances}.
 */
class KilledApplicationIntegrationTests {

    /** Short, so that what a dead process had in hand is brought back within the test. */
    private static final List<String> SETTINGS = List.of(
            "--tallyhook.fulfilment.lease=3s",
            "--tallyhook.fulfilment.sweep-every=1s",
            "--tallyhook.fulfilment.first-gap=1s",
            // What is counted in the end must not be decided by a policy meanwhile.
            "--tallyhook.policies.after=1d",
            "--tallyhook.callbacks.warm-up=0s");

    private static final List<Provider> PROVIDERS = List.of(new WeChat(), new Alipay());
    private static final int AT_ONCE = 400;

    @Test
    void whatTheKilledApplicationHasAcknowledgedIsBookedOnceAndNothingIsStuck() {
        killed(1, 3);
    }

    @Test
    void whileOneInstanceOfThreeIsKilledAgainAndAgainNothingIsLostOrBookedTwice() {
        killed(3, 1);
    }

    private static void killed(int instances, int kills) {
        var random = new Random(Chaos.seed("KilledApplication of " + instances));
        try (var server = MeasuredServer.start();
                var running = new Instances(instances, server)) {
            var traffic = new Traffic(server.session(), random, PROVIDERS);
            try (var callers = new Callers(running.ports())) {
                var end = System.nanoTime() + Chaos.lasting(Duration.ZERO).toNanos();
                int killed = 0;
                while (killed < kills || System.nanoTime() < end) {
                    callers.tell(traffic.some(AT_ONCE));
                    someAnswersAfter(callers, random.nextInt(AT_ONCE));
                    running.kill();
                    callers.tell(traffic.some(AT_ONCE));
                    running.startAgain();
                    killed++;
                }
                var after = new AfterTheKills(server.session(), callers);
                after.allIsTold();
                after.everythingIsThereOnce();
                System.out.printf("%d instances, %d kills: %s%n", instances, killed, after.figures());
            }
        }
    }

    /** So many that it is in the midst of its work. */
    private static void someAnswersAfter(Callers callers, int more) {
        long from = callers.answers();
        await().atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> callers.answers() >= from + more || callers.done());
    }

    /** Instances on one database; the last of them is the one that dies. */
    private record Instances(List<Application> all) implements AutoCloseable {

        /** All but the first at once, as a deployment starts them; that one finds an empty database. */
        Instances(int count, MeasuredServer server) {
            this(new ArrayList<>(List.of(Application.start(server, PROVIDERS, SETTINGS))));
            all.addAll(IntStream.range(1, count)
                    .parallel()
                    .mapToObj(each -> Application.start(server, PROVIDERS, SETTINGS))
                    .toList());
        }

        List<Integer> ports() {
            return all.stream().map(Application::port).toList();
        }

        void kill() {
            all.getLast().kill();
        }

        void startAgain() {
            all.getLast().startAgain();
        }

        @Override
        public void close() {
            all.forEach(Application::close);
        }
    }
}
