package io.tallyhook.wallet.ledger;

import static io.tallyhook.wallet.ledger.Credits.aCredit;
import static io.tallyhook.wallet.ledger.Credits.newKey;
import static io.tallyhook.wallet.ledger.Credits.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.UserId;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A booking costs the same whatever was booked before: it must look up what it needs, and never read a month through. */
class GrownLedgerIntegrationTests {

    private static final int BEFORE = 2_000;
    private static final int BATCH = 25;

    @Test
    void noBookingReadsTheJournalsOrThePostingsThrough() throws SQLException {
        var database = LedgerDatabase.freshAndHasty();
        var user = newUser();
        try (var teller = new Teller(database.connect(), Clock.systemUTC())) {
            teller.recharge(batch(BEFORE, newUser()));
            database.execute("ANALYZE");
        }
        try (var teller = new Teller(database.connect(), Clock.systemUTC())) {
            var together = new TransactionTemplate(
                    new JdbcTransactionManager(new SingleConnectionDataSource(teller.connection(), true)));
            together.executeWithoutResult(status -> {
                teller.recharge(batch(BATCH, user));
                teller.spend(newKey(), user, 7, "GOODS");

                assertThat(readThrough(teller)).isZero();
                assertThat(looked(teller)).isPositive();
            });
        }
    }

    private static List<Credit> batch(int size, UserId user) {
        var credits = new ArrayList<Credit>();
        for (int n = 0; n < size; n++) {
            credits.add(aCredit(newKey(), user, 100, 20));
        }
        return credits;
    }

    /** Rows of journals and postings that this transaction has met by reading from one end to the other. */
    private static long readThrough(Teller teller) {
        return statistic(teller, "seq_tup_read");
    }

    private static long looked(Teller teller) {
        return statistic(teller, "idx_scan");
    }

    private static long statistic(Teller teller, String column) {
        return teller.jdbc().sql("""
                        SELECT coalesce(sum(%s), 0)::bigint FROM pg_stat_xact_user_tables
                        WHERE schemaname = 'wallet' AND relname ~ '^(journal|posting)_'
                        """.formatted(column)).query(Long.class).single();
    }
}
