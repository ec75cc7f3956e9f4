package io.tallyhook.wallet.ledger;

import io.tallyhook.wallet.Proof;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Checks the invariants, all in one snapshot. */
@Repository
public class ProofOfLedger {

    private final JdbcClient jdbc;
    private final Clock clock;

    ProofOfLedger(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Checks the whole ledger. */
    public Proof check() {
        var now = clock.instant();
        var invariants = jdbc.sql("SELECT name, checked, violations FROM wallet.proof ORDER BY position")
                .query((row, number) -> new Proof.Invariant(
                        row.getString("name"),
                        row.getLong("violations") == 0,
                        row.getLong("checked"),
                        row.getLong("violations")))
                .list();
        boolean holds = invariants.stream().allMatch(Proof.Invariant::holds);
        return new Proof(holds, now, invariants, Proof.Sealed.NOTHING);
    }
}
