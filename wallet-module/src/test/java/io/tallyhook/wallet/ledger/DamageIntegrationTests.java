package io.tallyhook.wallet.ledger;

import static io.tallyhook.wallet.ledger.Credits.newKey;
import static io.tallyhook.wallet.ledger.Credits.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each part of the views finds the damage that it is there for, and says what it is, whether everything is checked or what was
 * moved since. All damage is done in a transaction and undone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamageIntegrationTests {

    private final LedgerDatabase database = LedgerDatabase.freshAndHasty();
    private final long since;

    DamageIntegrationTests() throws Exception {
        since = booked();
        booked();
    }

    /** A wallet with everything in it, sealed. @return the number of the next transaction */
    private long booked() throws Exception {
        var user = newUser();
        var hold = newKey();
        try (var teller = new Teller(database.connect(), Clock.systemUTC())) {
            teller.recharge(newKey(), user, 1_000, 200, 30);
            teller.spend(newKey(), user, 120, "GOODS");
            teller.hold(hold, user, 60, Duration.ofDays(1));
            teller.capture(newKey(), user, hold, 30L, "GOODS");
            teller.rollUp();
            teller.seal();
            return new Auditor(teller.jdbc()).mark();
        }
    }

    @AfterAll
    void drop() {
        database.drop();
    }

    @Test
    void withoutDamageNothingIsFound() throws SQLException {
        assertThat(found("", 0)).isEmpty();
        assertThat(found("", since)).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "I2-journals-balance | has lines but no head | DELETE FROM wallet.journal WHERE kind = 'SPEND' AND :last",
                "I2-journals-balance | has no lines | DELETE FROM wallet.posting WHERE :last",
                "I2-journals-balance | has only one line | DELETE FROM wallet.posting WHERE line > 1 AND :last",
                "I2-journals-balance | was not written by one transaction | UPDATE wallet.posting SET xid = xid + 1 WHERE line = 1 AND :last",
                "I2-journals-balance | was not written by one transaction | UPDATE wallet.posting SET xid = xid + 1 WHERE :last",
                "I2-journals-balance | adds up to 7 | UPDATE wallet.posting SET amount = amount + 7 WHERE line = 1 AND :last",
                "I5-lots-equal-balances | lots hold | UPDATE wallet.wallet_lot SET principal_left = principal_left - 1",
                "I5-lots-equal-balances | who has no wallet | UPDATE wallet.wallet_lot SET owner_id = 4711",
                "I6-lots-equal-bookings | was made with | UPDATE wallet.wallet_lot SET principal = principal + 1",
                "I6-lots-equal-bookings | of which | UPDATE wallet.wallet_lot SET bonus_left = bonus_left + 1",
                "I6-lots-equal-bookings | was drawn from and is not there | DELETE FROM wallet.wallet_lot",
                "I6-lots-equal-bookings | in the wallet, its lots | UPDATE wallet.lot_use SET principal = principal + 1",
                "I6-lots-equal-bookings | in the wallet, its lots | DELETE FROM wallet.lot_use",
                "I10-holds-equal-balances | left, its lots say | UPDATE wallet.hold SET principal_left = principal_left + 1",
                "I10-holds-equal-balances | was never booked | UPDATE wallet.hold SET hold_no = concat(hold_no, 'x')",
                "I10-holds-equal-balances | holds have | DELETE FROM wallet.hold",
                "I12-sealed-is-unchanged | a sealed booking was changed | UPDATE wallet.journal SET memo = 'x' WHERE :last",
                "I12-sealed-is-unchanged | a sealed booking was changed | DELETE FROM wallet.request",
                "I12-sealed-is-unchanged | its head was changed | UPDATE wallet.block SET sealed_at = sealed_at + interval '1 second'",
            })
    void isFoundInAllAndInWhatMoved(String invariant, String fault, String damage) throws SQLException {
        assertThat(found(damage, 0))
                .as("everything")
                .anyMatch(line -> line.startsWith(invariant) && line.contains(fault));
        assertThat(found(damage, since))
                .as("what moved")
                .anyMatch(line -> line.startsWith(invariant) && line.contains(fault));
    }

    private List<String> found(String damage, long since) throws SQLException {
        try (var teller = new Teller(database.connect(), Clock.systemUTC());
                var statement = teller.connection().createStatement()) {
            teller.connection().setAutoCommit(false);
            for (var table : List.of("journal", "posting", "request", "wallet_lot", "lot_use", "hold", "block")) {
                statement.execute("ALTER TABLE wallet.%s DISABLE TRIGGER USER".formatted(table));
            }
            statement.execute(
                    "ALTER TABLE wallet.wallet_lot DROP CONSTRAINT wallet_lot_check, DROP CONSTRAINT wallet_lot_check1");
            if (!damage.isEmpty()) {
                statement.execute(damage.replace(
                        ":last", "journal_id = (SELECT max(journal_id) FROM wallet.request WHERE kind = 'SPEND')"));
            }
            var auditor = new Auditor(teller.jdbc());
            var lines = since == 0 ? auditor.allFaults() : auditor.allFaultsSince(since);
            teller.connection().rollback();
            return lines;
        }
    }
}
