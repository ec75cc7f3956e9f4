package io.tallyhook.benchmarks;

import io.tallyhook.benchmarks.OpenPayments.Purpose;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The application on a database, its accounts, and everything that it has acknowledged in this run. */
final class Ground implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Application application;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final OpenPayments payments;
    private final Usage.Meter meter;
    private final List<OpenPayment> acknowledged = new ArrayList<>();

    Ground(MeasuredServer server, List<Provider> providers, int users) {
        application = Application.start(server, providers);
        jdbc = server.session();
        clock = Clock.systemUTC();
        payments = new OpenPayments(jdbc, clock, new Users("buyer", users));
        meter = Usage.Meter.of(application, jdbc);
    }

    JdbcClient jdbc() {
        return jdbc;
    }

    Application application() {
        return application;
    }

    /** Payments that wait, and a database at rest. */
    List<OpenPayment> open(int count, Purpose purpose, Provider provider) {
        return payments.open(count, purpose, provider.name());
    }

    List<Callback> signed(int count, Purpose purpose, Provider provider) {
        return Callback.genuine(open(count, purpose, provider), provider, clock);
    }

    List<Callback> forged(int count, Purpose purpose, Provider provider) {
        return Callback.forged(open(count, purpose, provider), provider, clock);
    }

    /** What was written so far is out of the way. */
    void settle() {
        jdbc.sql("CHECKPOINT").update();
    }

    Answers send(List<Callback> callbacks) {
        try (var load = new Load(application.port(), Effort.CONNECTIONS)) {
            return kept(load.send(callbacks));
        }
    }

    Answers send(List<Callback> callbacks, double perSecond) {
        try (var load = new Load(application.port(), Effort.CONNECTIONS)) {
            return kept(load.send(callbacks, perSecond));
        }
    }

    Answers kept(Answers answers) {
        answers.acknowledged().forEach(callback -> acknowledged.add(callback.payment()));
        return answers;
    }

    /** Sends, waits until everything is fulfilled, and says what it took. */
    Round measure(Round.Plain plain, List<Callback> callbacks) {
        var before = meter.now();
        long begin = System.nanoTime();
        var answers = send(callbacks);
        awaitFulfilment();
        var all = Duration.ofNanos(System.nanoTime() - begin);
        return new Round(plain, answers, all, meter.now().since(before));
    }

    Round.Plain measure(ThreeStatements plain, Duration time) {
        var before = meter.now();
        long begin = System.nanoTime();
        long count = plain.run(time);
        var taken = Duration.ofNanos(System.nanoTime() - begin);
        return new Round.Plain(count, taken, meter.now().since(before));
    }

    void awaitFulfilment() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (due() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private boolean due() {
        return jdbc.sql("SELECT EXISTS (SELECT FROM payment.payment WHERE due_at IS NOT NULL)")
                .query(Boolean.class)
                .single();
    }

    /** Whether everything that was acknowledged is there, once, and the ledger holds. */
    boolean right(PrintStream out) {
        application.complaints().stream().limit(10).forEach(line -> out.println("The application said: " + line));
        return new IntakeAudit(jdbc).passes(acknowledged, out) & new Proof(jdbc).holds(out);
    }

    @Override
    public void close() {
        application.close();
    }
}
