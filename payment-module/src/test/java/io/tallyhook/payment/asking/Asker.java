package io.tallyhook.payment.asking;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** One instance of the application, as far as asking goes: beans of its own on the database of all. */
public final class Asker {

    private final ClaimErrands claims;
    private final RunErrand errands;
    private final AskingSettings settings;

    public Asker(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            AskProvider provider,
            AskingSettings settings,
            Clock clock,
            RandomGenerator random) {
        var due = new DueErrands(jdbc, settings);
        var questions = new Questions(jdbc);
        this.settings = settings;
        this.claims = new ClaimErrands(due, new Budgets(jdbc, settings), questions, transactions, clock);
        this.errands = new RunErrand(
                provider,
                new PendingPayments(jdbc, settings),
                due,
                questions,
                settings,
                new SimpleMeterRegistry(),
                clock,
                random);
    }

    /** Does all that is due, one after the other. @return how much that was */
    public int asks() {
        int done = 0;
        for (var account : claims.accounts()) {
            var claimed = claims.claim(account, settings.parallel()).stream()
                    .sorted(Comparator.comparing(Errand::outTradeNo))
                    .toList();
            claimed.forEach(errands::run);
            done += claimed.size();
        }
        return done;
    }

    /** Claims all that is due and is killed before it does any of it. */
    public int isKilledAfterClaiming() {
        return claims.accounts().stream()
                .mapToInt(account -> claims.claim(account, settings.parallel()).size())
                .sum();
    }

    /** The same with threads, as it runs by itself. */
    AskDue running() {
        return new AskDue(claims, errands, settings);
    }
}
