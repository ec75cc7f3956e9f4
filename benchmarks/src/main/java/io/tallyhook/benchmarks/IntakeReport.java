package io.tallyhook.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The figures of the intake, one column for each kind of callback. */
record IntakeReport(List<IntakeCase> cases, PrintStream out) {

    private static final double END_TO_END = 0.95;

    void print() {
        line("", IntakeCase::name);
        row("acknowledged per second", "%,.0f", round -> round.answers().perSecond());
        row("pgbench, three statements", "%,.0f", round -> round.plain().perSecond());
        row("ratio to pgbench", "%.2f", Round::ratio);
        line("  its range", each -> "%.2f-%.2f".formatted(lowest(each), highest(each)));
        line(
                "  aim",
                each -> "%.1f%s".formatted(each.aim(), each.median(Round::ratio) < each.aim() ? " missed" : " met"));
        row("ratio of processor time", "%.2f", Round::ratioOfProcessorTime);
        row("fulfilled / acknowledged", "%.2f", Round::endToEnd);
        line(
                "  aim",
                each -> "%.2f%s".formatted(END_TO_END, each.median(Round::endToEnd) < END_TO_END ? " missed" : " met"));
        row("last fulfilment after, ms", "%.0f", Round::lag);
        row("p50, ms", "%.1f", round -> round.answers().milliseconds(0.5));
        row("p99, ms", "%.1f", round -> round.answers().milliseconds(0.99));
        row("max, ms", "%.0f", round -> round.answers().milliseconds(1));
        line("half load: p50, ms", each -> "%.1f".formatted(each.atHalfLoad(0.5)));
        line("half load: p99, ms", each -> "%.1f".formatted(each.atHalfLoad(0.99)));
        line("half load: max, ms", each -> "%.0f".formatted(each.atHalfLoad(1)));
        row(
                "CPU application, µs each",
                "%.0f",
                round -> round.micros(round.usage().application()));
        row(
                "CPU PostgreSQL, µs each",
                "%.0f",
                round -> round.micros(round.usage().server()));
        row(
                "CPU of the load, µs each",
                "%.0f",
                round -> round.micros(round.usage().own()));
        row("CPU pgbench, µs each", "%.0f", round -> round.plain().micros());
        row("WAL, bytes each", "%,.0f", round -> round.each(round.usage().wal()));
        row("statements each", "%.2f", round -> round.each(round.usage().statements()));
        line("not acknowledged", each -> "%,d".formatted(each.unanswered()));
        out.println();
    }

    private static double lowest(IntakeCase each) {
        return each.rounds().stream().mapToDouble(Round::ratio).min().orElse(Double.NaN);
    }

    private static double highest(IntakeCase each) {
        return each.rounds().stream().mapToDouble(Round::ratio).max().orElse(Double.NaN);
    }

    private void row(String name, String format, ToDoubleFunction<Round> figure) {
        line(name, each -> format.formatted(each.median(figure)));
    }

    private void line(String name, Function<IntakeCase, String> figure) {
        out.printf("%-26s", name);
        cases.forEach(each -> out.printf(" %17s", figure.apply(each)));
        out.println();
    }
}
