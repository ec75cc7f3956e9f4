package io.tallyhook.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * One thing that is measured in turns with the plain transaction, so that each of its samples has one beside it. What is
 * printed are medians over the turns; of ratios the median of the ratios, since what disturbs a turn disturbs both sides.
 */
final class Case {

    static final String HEADING = "%-26s %10s %9s %6s %12s %12s %9s"
            .formatted("", "per second", "/ pgbench", "aim", "server CPU", "client CPU", "/ pgbench");

    private static final String LINE = "%-26s %,10.0f %9.2f %6s %9.0f µs %9.0f µs %9.2f%s";

    private final String name;
    private final Optional<Double> aim;
    private final LongSupplier work;
    private final List<Turn> turns = new ArrayList<>();

    private record Turn(Sample plain, Sample own) {}

    Case(String name, Optional<Double> aim, LongSupplier work) {
        this.name = name;
        this.aim = aim;
        this.work = work;
    }

    /** Runs it once without counting, so that compilers and caches are warm. */
    void warmUp() {
        var _ = work.getAsLong();
    }

    /** Runs the plain transaction and then this. */
    void measure(Optional<CpuTime.Meter> meter, LongSupplier plain) {
        turns.add(new Turn(Sample.of(meter, plain), Sample.of(meter, work)));
    }

    String line() {
        double ratio = median(turn -> turn.own().perSecond() / turn.plain().perSecond());
        return LINE.formatted(
                name,
                median(turn -> turn.own().perSecond()),
                ratio,
                aim.map("%.1f"::formatted).orElse(""),
                median(turn -> turn.own().serverMicros()),
                median(turn -> turn.own().clientMicros()),
                median(turn -> turn.own().serverMicros() / turn.plain().serverMicros()),
                aim.filter(wanted -> ratio < wanted).map(wanted -> "  missed").orElse(""));
    }

    /** The plain transaction itself, over all turns of all cases. */
    static String plainLine(List<Case> cases) {
        var plain = new Case("pgbench, insert + update", Optional.empty(), () -> 0);
        cases.stream()
                .flatMap(each -> each.turns.stream())
                .forEach(turn -> plain.turns.add(new Turn(turn.plain(), turn.plain())));
        return plain.line();
    }

    private double median(ToDoubleFunction<Turn> figure) {
        return median(turns.stream().mapToDouble(figure).toArray());
    }

    static double median(double... figures) {
        var sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
