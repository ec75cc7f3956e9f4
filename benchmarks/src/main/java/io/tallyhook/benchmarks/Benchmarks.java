package io.tallyhook.benchmarks;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a benchmark by its name, or lists them: {@code ./dev bench [name] [--quick]}. */
public final class Benchmarks {

    private static final List<Benchmark> ALL =
            List.of(new LedgerBenchmark(), new IntakeBenchmark(), new BurstBenchmark(), new GrowthBenchmark());

    private Benchmarks() {}

    /** Ends with 1 if the benchmark found something wrong, and with 2 if there is no such benchmark. */
    public static void main(String[] args) {
        System.exit(run(List.of(args), new PrintStream(System.out, true, StandardCharsets.UTF_8)));
    }

    static int run(List<String> args, PrintStream out) {
        var effort = args.contains("--quick") ? Effort.QUICK : Effort.FULL;
        var names = args.stream().filter(arg -> !arg.equals("--quick")).toList();
        if (names.isEmpty()) {
            ALL.forEach(benchmark -> out.printf("./dev bench %-10s %s%n", benchmark.name(), benchmark.purpose()));
            return 0;
        }
        for (var name : names) {
            var found = ALL.stream().filter(each -> each.name().equals(name)).findFirst();
            if (found.isEmpty()) {
                out.printf("There is no benchmark '%s'.%n", name);
                return 2;
            }
            if (!found.get().run(effort, out)) {
                return 1;
            }
        }
        return 0;
    }
}
