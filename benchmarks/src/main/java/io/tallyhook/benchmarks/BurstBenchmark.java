package io.tallyhook.benchmarks;

import io.tallyhook.benchmarks.OpenPayments.Purpose;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A sales peak with an attacker in it: very many callbacks at once, half of them repeats, a tenth forged. What is told to
 * come again does, as providers do. Nothing may be lost, nothing booked twice, and nothing forged booked at all.
 */
final class BurstBenchmark implements Benchmark {

    private static final int CONNECTIONS = 512;
    private static final int TRIES = 20;
    private static final long SEED = 20_260_101;

    @Override
    public String name() {
        return "burst";
    }

    @Override
    public String purpose() {
        return "very many callbacks at once, half of them repeats, a tenth forged: lost, doubled, time to drain";
    }

    @Override
    public boolean run(Effort effort, PrintStream out) {
        var weChat = new WeChat();
        try (var server = MeasuredServer.start();
                var ground = new Ground(server, List.of(weChat), effort.wallets())) {
            out.println(new Surroundings(ground.jdbc(), Clock.systemUTC()));
            warmUp(ground, effort, weChat);
            return new Burst(ground, weChat, effort.burst(), out).run() & ground.right(out);
        }
    }

    private static void warmUp(Ground ground, Effort effort, Provider provider) {
        for (var purpose : Purpose.values()) {
            new IntakeCase(purpose, provider, 0).warmUp(ground, effort.callbacks());
        }
    }

    private record Burst(Ground ground, Provider provider, int size, PrintStream out) {

        boolean run() {
            var genuine = new ArrayList<>(ground.signed(size / 5, Purpose.GOODS, provider));
            genuine.addAll(ground.signed(size / 5, Purpose.RECHARGE, provider));
            var forged = ground.forged(size / 10, Purpose.GOODS, provider);
            ground.settle();
            long begin = System.nanoTime();
            var told = sendUntilToldOtherwise(mixed(genuine, forged));
            var acknowledged = Duration.ofNanos(System.nanoTime() - begin);
            ground.awaitFulfilment();
            var drained = Duration.ofNanos(System.nanoTime() - begin);
            out.printf(
                    "%,d callbacks over %d connections (%,d payments, %,d repeats, %,d forged, order by seed %d)%n",
                    size, CONNECTIONS, genuine.size(), size - genuine.size() - forged.size(), forged.size(), SEED);
            out.printf(
                    "%,d acknowledged, %,d refused, %,d told to come again; all answered in %.2f s, all fulfilled after %.2f s; p50 %.0f ms, p99 %.0f ms, max %.0f ms%n",
                    told.acknowledged,
                    told.refused,
                    told.again,
                    acknowledged.toMillis() / 1e3,
                    drained.toMillis() / 1e3,
                    told.first.milliseconds(0.5),
                    told.first.milliseconds(0.99),
                    told.first.milliseconds(1));
            return told.acknowledged == size - forged.size() && told.refused == forged.size() && unpaid(forged);
        }

        /** Each payment twice, some a third time, and the forged. */
        private List<Callback> mixed(List<Callback> genuine, List<Callback> forged) {
            var all = new ArrayList<>(genuine);
            all.addAll(genuine);
            all.addAll(forged);
            Collections.shuffle(all, new Random(SEED));
            all.addAll(genuine.subList(0, size - all.size()));
            Collections.shuffle(all, new Random(SEED));
            return all;
        }

        private Told sendUntilToldOtherwise(List<Callback> callbacks) {
            try (var load = new Load(ground.application().port(), CONNECTIONS)) {
                var first = ground.kept(load.send(callbacks));
                var told = new Told(first);
                var answers = first;
                for (int n = 1; n < TRIES && !answers.again().isEmpty(); n++) {
                    answers = ground.kept(load.send(answers.again()));
                    told.add(answers);
                }
                return told;
            }
        }

        private boolean unpaid(List<Callback> forged) {
            long paid = countPaid(ground.jdbc(), forged);
            out.printf("%,d payments were paid by a forged callback.%n", paid);
            return paid == 0;
        }

        private static long countPaid(JdbcClient jdbc, List<Callback> forged) {
            return jdbc.sql(
                            "SELECT count(*) FROM payment.payment WHERE out_trade_no = ANY (:numbers) AND state <> 'PENDING'")
                    .param(
                            "numbers",
                            forged.stream()
                                    .map(callback -> callback.payment().outTradeNo())
                                    .toArray(String[]::new))
                    .query(Long.class)
                    .single();
        }
    }

    /** What was said over all tries. */
    private static final class Told {

        private final Answers first;
        private int acknowledged;
        private int refused;
        private int again;

        Told(Answers first) {
            this.first = first;
            add(first);
        }

        void add(Answers answers) {
            acknowledged += answers.acknowledged().size();
            refused += answers.refused().size();
            again += answers.again().size();
        }
    }
}
