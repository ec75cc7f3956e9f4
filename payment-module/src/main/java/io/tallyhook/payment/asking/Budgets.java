package io.tallyhook.payment.asking;

import io.tallyhook.payment.asking.Errand.Account;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How often an account may still be asked in this second, over all instances. */
@Repository
class Budgets {

    private final JdbcClient jdbc;
    private final AskingSettings settings;

    Budgets(JdbcClient jdbc, AskingSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** What is left. Locks the account's budget, so that instances claim for an account one after the other. */
    int left(Account account, Instant now) {
        // A clock that is behind takes from the second of the one that is ahead, and not from one of its own.
        int used = jdbc.sql("""
                        INSERT INTO payment.asking_budget AS b (provider, account, second, used)
                        VALUES (:provider, :account, :second, 0)
                        ON CONFLICT (provider, account) DO UPDATE
                        SET second = greatest(b.second, excluded.second),
                            used   = CASE WHEN b.second >= excluded.second THEN b.used ELSE 0 END
                        RETURNING used
                        """)
                .param("provider", account.provider())
                .param("account", account.name())
                .param("second", Timestamp.from(now.truncatedTo(ChronoUnit.SECONDS)))
                .query(Integer.class)
                .single();
        return Math.max(0, settings.perSecond() - used);
    }

    void take(Account account, int n) {
        if (n > 0) {
            jdbc.sql("""
                            UPDATE payment.asking_budget SET used = used + :n
                            WHERE provider = :provider AND account = :account
                            """)
                    .param("n", n)
                    .param("provider", account.provider())
                    .param("account", account.name())
                    .update();
        }
    }
}
