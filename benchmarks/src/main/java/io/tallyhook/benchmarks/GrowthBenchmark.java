package io.tallyhook.benchmarks;

import io.tallyhook.benchmarks.OpenPayments.Purpose;
import java.io.File;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What years do to the intake and to the pages: two databases on one server, an empty one and one with many old rows, in turns. */
final class GrowthBenchmark implements Benchmark {

    private static final double AIM = 0.9;
    private static final double PAGE_WITHIN_MS = 100;
    private static final int WARM_UPS = 2;
    private static final long BYTES_OF_A_ROW = 6_500;
    private static final long BYTES_BESIDE = 4_000_000_000L;

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String purpose() {
        return "intake and pages with old rows (-Dtallyhook.bench.old=10000000), as ratios to the same without";
    }

    @Override
    public boolean run(Effort effort, PrintStream out) {
        if (!MeasuredServer.keeps()) {
            requireSpace(effort.old());
        }
        var weChat = new WeChat();
        try (var server = MeasuredServer.start();
                var other = server.besides("grown");
                var young = new Ground(server, List.of(weChat), effort.wallets());
                var grown = new Ground(other, List.of(weChat), effort.wallets())) {
            out.println(new Surroundings(young.jdbc(), Clock.systemUTC()));
            var run = new Run(young, grown, weChat, effort, out);
            run.warmUp();
            fill(other, grown, effort.old(), out);
            for (var purpose : Purpose.values()) {
                run.measure(purpose);
            }
            run.measurePages();
            return young.right(out) & grown.right(out);
        }
    }

    private static void requireSpace(int old) {
        long needed = old * BYTES_OF_A_ROW + BYTES_BESIDE;
        long free = new File(System.getProperty("java.io.tmpdir")).getUsableSpace();
        if (free < needed) {
            throw new IllegalStateException(
                    "%,d old rows need about %,d MB on the disk, and %,d MB are free; fewer: -Dtallyhook.bench.old=..."
                            .formatted(old, needed / 1_000_000, free / 1_000_000));
        }
    }

    private static void fill(MeasuredServer server, Ground ground, int old, PrintStream out) {
        var rows = new OldRows(server, ground.jdbc(), Clock.systemUTC());
        if (rows.there() >= old) {
            out.printf("%,d old payments, callbacks and postings of an earlier run%n%n", rows.there());
            return;
        }
        requireSpace(old);
        long begin = System.nanoTime();
        rows.fill(old);
        out.printf(
                "%,d old payments, callbacks and postings, made in %d s%n%n",
                old, Duration.ofNanos(System.nanoTime() - begin).toSeconds());
    }

    private record Run(Ground young, Ground grown, Provider provider, Effort effort, PrintStream out) {

        void warmUp() {
            for (int n = 0; n < WARM_UPS; n++) {
                for (var purpose : Purpose.values()) {
                    var callbacks = new IntakeCase(purpose, provider, 0);
                    callbacks.warmUp(young, effort.callbacks());
                    callbacks.warmUp(grown, effort.callbacks());
                }
            }
        }

        void measure(Purpose purpose) {
            var small = new ArrayList<Round>();
            var big = new ArrayList<Round>();
            for (int round = 0; round < effort.rounds(); round++) {
                small.add(measure(young, purpose));
                big.add(measure(grown, purpose));
            }
            print(
                    purpose + ", acknowledged/s",
                    small,
                    big,
                    round -> round.answers().perSecond());
            print(
                    "  CPU PostgreSQL, µs each",
                    small,
                    big,
                    round -> round.micros(round.usage().server()));
            print(
                    "  WAL, bytes each",
                    small,
                    big,
                    round -> round.each(round.usage().wal()));
            double ratio = ratio(small, big, round -> round.answers().perSecond());
            out.printf("  aim %.1f %s%n", AIM, ratio < AIM ? "missed" : "met");
        }

        private Round measure(Ground ground, Purpose purpose) {
            var callbacks = ground.signed(effort.callbacks(), purpose, provider);
            ground.settle();
            return ground.measure(Round.Plain.NONE, callbacks);
        }

        private void print(String name, List<Round> small, List<Round> big, ToDoubleFunction<Round> figure) {
            out.printf(
                    "%-28s %,10.0f small %,10.0f big %8.2f%n",
                    name, median(small, figure), median(big, figure), ratio(small, big, figure));
        }

        private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
            return Case.median(rounds.stream().mapToDouble(figure).toArray());
        }

        /** Of rounds that ran beside each other. */
        private static double ratio(List<Round> small, List<Round> big, ToDoubleFunction<Round> figure) {
            var ratios = new double[small.size()];
            for (int n = 0; n < ratios.length; n++) {
                ratios[n] = figure.applyAsDouble(big.get(n)) / figure.applyAsDouble(small.get(n));
            }
            return Case.median(ratios);
        }

        void measurePages() {
            out.println();
            var number = numberOf(young);
            var old = numberOf(grown);
            try (var small = new AdminPages(young.application());
                    var big = new AdminPages(grown.application())) {
                print("callback list", small.milliseconds("/admin/callbacks"), big.milliseconds("/admin/callbacks"));
                print(
                        "search by order number",
                        small.milliseconds("/admin/search?q=" + number),
                        big.milliseconds("/admin/search?q=" + old));
                print("dashboard", small.milliseconds("/admin"), big.milliseconds("/admin"));
            }
            out.println();
        }

        private static String numberOf(Ground ground) {
            return ground.jdbc()
                    .sql(
                            "SELECT reference FROM payment.payment WHERE user_id LIKE 'buyer-%' AND purpose = 'GOODS' LIMIT 1")
                    .query(String.class)
                    .single();
        }

        private void print(String page, double small, double big) {
            out.printf(
                    "%-28s %10.1f ms small %7.1f ms big %8.2f, aim below %.0f ms %s%n",
                    page, small, big, big / small, PAGE_WITHIN_MS, big < PAGE_WITHIN_MS ? "met" : "missed");
        }
    }
}
