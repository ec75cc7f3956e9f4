package io.tallyhook.benchmarks;

import io.tallyhook.benchmarks.OpenPayments.Purpose;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;

/**
 * What the way of a callback takes, from the socket to what was bought: the packaged application with signatures, log, events
 * and fulfilment, as a ratio to {@code pgbench} doing three plain statements for each callback.
 */
final class IntakeBenchmark implements Benchmark {

    private static final int WARM_UPS = 2;

    @Override
    public String name() {
        return "intake";
    }

    @Override
    public String purpose() {
        return "callbacks of goods and recharges, as ratios to three plain statements each";
    }

    @Override
    public boolean run(Effort effort, PrintStream out) {
        var weChat = new WeChat();
        var alipay = new Alipay();
        try (var server = MeasuredServer.start();
                var ground = new Ground(server, List.of(weChat, alipay), effort.wallets())) {
            out.println(new Surroundings(ground.jdbc(), Clock.systemUTC()));
            out.printf(
                    "%d connections; %d rounds of %,d callbacks each, beside pgbench with %d clients for %d s%n%n",
                    Effort.CONNECTIONS,
                    effort.rounds(),
                    effort.callbacks(),
                    Effort.CONNECTIONS,
                    effort.round().toSeconds());
            var cases = List.of(
                    new IntakeCase(Purpose.GOODS, weChat, 2.2),
                    new IntakeCase(Purpose.RECHARGE, weChat, 1.5),
                    new IntakeCase(Purpose.GOODS, alipay, 2.2),
                    new IntakeCase(Purpose.RECHARGE, alipay, 1.5));
            measure(cases, ground, effort, plain(server, ground, weChat));
            new IntakeReport(cases, out).print();
            new Costliest(ground.jdbc()).print(out);
            return ground.right(out);
        }
    }

    private static ThreeStatements plain(MeasuredServer server, Ground ground, Provider provider) {
        var example = ground.forged(1, Purpose.GOODS, provider).getFirst();
        return ThreeStatements.on(server, ground.jdbc(), example.request());
    }

    private static void measure(List<IntakeCase> cases, Ground ground, Effort effort, ThreeStatements plain) {
        for (int n = 0; n < WARM_UPS; n++) {
            cases.forEach(each -> each.warmUp(ground, effort.callbacks()));
        }
        for (int round = 0; round < effort.rounds(); round++) {
            cases.forEach(each -> each.measure(ground, effort, plain));
        }
        cases.forEach(each -> each.measureHalfLoad(ground, effort));
    }
}
