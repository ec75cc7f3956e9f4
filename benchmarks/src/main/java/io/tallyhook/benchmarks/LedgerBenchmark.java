package io.tallyhook.benchmarks;

import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * What the ledger costs: recharges by the batch and spends, with all guards, lots, the sealer and the roll-up on, as ratios to
 * {@code pgbench} running the simplest transaction that a wallet could have.
 */
final class LedgerBenchmark implements Benchmark {

    private static final int LOTS_OF_A_SPENDER = 3;
    private static final int OPENED_AT_ONCE = 200;

    @Override
    public String name() {
        return "ledger";
    }

    @Override
    public String purpose() {
        return "recharges and spends, as ratios to a plain INSERT + UPDATE";
    }

    @Override
    public boolean run(Effort effort, PrintStream out) {
        try (var server = MeasuredServer.start();
                var books = Books.open(server, effort.clients() + 4)) {
            return new Run(books, effort, Clock.systemUTC(), new Acknowledged())
                    .measure(PlainBooking.on(server, books.jdbc(), effort), out);
        }
    }

    private record Run(Books books, Effort effort, Clock clock, Acknowledged acknowledged) {

        boolean measure(PgBench pgBench, PrintStream out) {
            out.println(new Surroundings(books.jdbc(), clock));
            out.printf(
                    "%d clients; %d rounds of %d s; %,d users spend, %,d recharge; one clearing account%n%n",
                    effort.clients(), effort.rounds(), effort.round().toSeconds(), effort.wallets(), effort.wallets());
            var cases = cases();
            cases.forEach(Case::warmUp);
            var meter = CpuTime.Meter.of(books.jdbc());
            for (int round = 0; round < effort.rounds(); round++) {
                cases.forEach(each -> each.measure(meter, () -> pgBench.run(effort.round())));
            }
            out.println(Case.HEADING);
            out.println(Case.plainLine(cases));
            cases.forEach(each -> out.println(each.line()));
            out.println();
            return new Audit(books).passes(acknowledged.all(), out);
        }

        private List<Case> cases() {
            var recharged = opened("saver", 1);
            var spenders = opened("spender", LOTS_OF_A_SPENDER);
            return List.of(
                    measured("recharges, one by one", Optional.empty(), recharging(recharged, 1)),
                    measured("recharges, batches of 20", Optional.of(1.5), recharging(recharged, 20)),
                    measured("recharges, batches of 200", Optional.empty(), recharging(recharged, 200)),
                    measured("spends", Optional.of(0.6), new Paying(books, acknowledged, clock, spenders)));
        }

        private Case measured(String name, Optional<Double> aim, Client client) {
            var housekeeping = new Housekeeping(books.jdbc(), clock);
            var crowd = new Crowd(effort.clients(), client);
            return new Case(name, aim, () -> housekeeping.during(() -> crowd.work(effort.round())));
        }

        private Recharging recharging(Users users, int batch) {
            return new Recharging(books, acknowledged, clock, users, batch);
        }

        /** Users with their wallets and some recharges in each. */
        private Users opened(String name, int lots) {
            var users = new Users(name, effort.wallets());
            for (int lot = 0; lot < lots; lot++) {
                users.inGroupsOf(OPENED_AT_ONCE)
                        .forEach(group -> recharging(users, group.size()).credit(group));
            }
            return users;
        }
    }
}
