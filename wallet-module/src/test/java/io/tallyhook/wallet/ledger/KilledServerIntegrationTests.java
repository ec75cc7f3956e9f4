package io.tallyhook.wallet.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.wallet.ledger.Traffic.Call;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.Chaos;
import tallyhook.testing.MortalServer;

/** The database is killed under load. What it has acknowledged is there, what it has not can be asked again. */
class KilledServerIntegrationTests {

    private static final int WRITERS = 6;
    private static final int KILLS = 2;

    private final Traffic traffic = new Traffic("mortal", 5);
    private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

    /** A connection that is gone cannot be rolled back, which would fill the log. */
    @BeforeEach
    void silence() {
        logging.setLogLevel(TransactionTemplate.class.getName(), LogLevel.OFF);
    }

    @AfterEach
    void speakAgain() {
        logging.setLogLevel(TransactionTemplate.class.getName(), null);
    }

    @Test
    void whatWasAcknowledgedIsThereOnceAndWhatWasNotIsBookedAtMostOnce() throws Exception {
        long seed = Chaos.seed("KilledServer");
        var random = new Random(seed);
        var until = Instant.now().plus(Chaos.lasting(Duration.ZERO));
        int kills = 0;
        long unknown = 0;
        try (var server = new MortalServer()) {
            var database = LedgerDatabase.migrated(server.url());
            while (kills < KILLS || Instant.now().isBefore(until)) {
                var left = loadUntilKilled(server, database, random);
                unknown += left.size();
                askAgain(left, database);
                kills++;
            }
            try (var teller = new Teller(database.connect(), Clock.systemUTC())) {
                var books = new TrafficAudit(teller, traffic);
                System.out.printf(
                        "KilledServer: %d kills, %d calls without an answer, %s%n", kills, unknown, books.figures());
                books.everythingHolds();
            }
        }
    }

    /** Answers the calls of which nobody knows what became of them. */
    private List<Call> loadUntilKilled(MortalServer server, LedgerDatabase database, Random random) throws Exception {
        var writers = new ArrayList<Future<Optional<Call>>>();
        try (var threads = Executors.newCachedThreadPool();
                var reaper = Executors.newSingleThreadScheduledExecutor()) {
            for (int writer = 0; writer < WRITERS; writer++) {
                writers.add(threads.submit(writer(database, new Random(random.nextLong()))));
            }
            writers.add(threads.submit(clerk(database)));
            var death = reaper.schedule(
                    () -> {
                        server.dieAndRise();
                        return null;
                    },
                    1_000 + random.nextInt(1_500),
                    TimeUnit.MILLISECONDS);
            death.get();
            var left = new ArrayList<Call>();
            for (var writer : writers) {
                writer.get().ifPresent(left::add);
            }
            return left;
        }
    }

    private Callable<Optional<Call>> writer(LedgerDatabase database, Random random) {
        return () -> {
            try (var teller = new Teller(database.connect(), Clock.systemUTC())) {
                while (true) {
                    var call = traffic.next(random);
                    try {
                        traffic.ask(call, teller);
                    } catch (DataAccessException | TransactionException killed) {
                        assertThat(teller.connection().isValid(1))
                                .as("the connection after %s", killed)
                                .isFalse();
                        return Optional.of(call);
                    }
                }
            }
        };
    }

    /** Seals and rolls up all the while; what it began when it was killed is simply not done. */
    private static Callable<Optional<Call>> clerk(LedgerDatabase database) {
        return () -> {
            try (var teller = new Teller(database.connect(), Clock.systemUTC())) {
                while (true) {
                    try {
                        teller.seal();
                        teller.rollUp();
                    } catch (DataAccessException killed) {
                        return Optional.empty();
                    }
                }
            }
        };
    }

    private void askAgain(List<Call> calls, LedgerDatabase database) throws Exception {
        try (var teller = new Teller(database.connect(), Clock.systemUTC())) {
            for (var call : calls) {
                traffic.ask(call, teller);
                traffic.ask(call, teller);
            }
        }
    }
}
