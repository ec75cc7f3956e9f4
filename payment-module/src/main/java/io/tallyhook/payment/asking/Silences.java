package io.tallyhook.payment.asking;

import io.tallyhook.payment.asking.Errand.Account;
import io.tallyhook.payment.asking.Silence.Cause;
import io.tallyhook.payment.asking.Silence.Finding;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The alarms of accounts whose callbacks do not come: one row each, with its beginning and its end. */
@Repository
public class Silences {

    /** Over this time the questions are spread that are brought forward. */
    private static final Duration SPREAD = Duration.ofMinutes(1);

    private static final int BROUGHT_FORWARD = 10_000;

    private final JdbcClient jdbc;

    Silences(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those that are silent now. */
    public List<SilentAccount> now() {
        return jdbc.sql("SELECT * FROM payment.silence WHERE ended_at IS NULL ORDER BY provider, account")
                .query(Silences::silentAccount)
                .list();
    }

    /** @return whether it was not silent before */
    boolean begin(Account account, Traffic traffic, Finding finding) {
        return jdbc.sql("""
                        INSERT INTO payment.silence
                          (provider, account, began_at, last_heard, cause, opened, expected, found)
                        VALUES (:provider, :account, :now, :lastHeard, :cause, :opened, :expected, :found)
                        ON CONFLICT (provider, account) WHERE ended_at IS NULL DO NOTHING
                        """)
                        .param("provider", account.provider())
                        .param("account", account.name())
                        .param("now", Timestamp.from(traffic.now()))
                        .param(
                                "lastHeard",
                                traffic.lastHeard().map(Timestamp::from).orElse(null))
                        .param("cause", finding.cause().name())
                        .param("opened", traffic.openedSince())
                        .param("expected", finding.expected())
                        .param("found", traffic.foundPaid())
                        .update()
                == 1;
    }

    /** Ends the alarm of each account that has called since the minute in which it began. @return those accounts */
    List<Account> endWhereHeard(Instant now) {
        return jdbc.sql("""
                        UPDATE payment.silence s SET ended_at = greatest(:now, s.began_at)
                        WHERE s.ended_at IS NULL
                          AND EXISTS (SELECT FROM payment.callback_tally t
                                      WHERE t.minute >= date_trunc('minute', s.began_at)
                                        AND t.provider = s.provider AND t.account = s.account
                                        AND t.outcome <> 'REJECTED')
                        RETURNING s.provider, s.account
                        """)
                .param("now", Timestamp.from(now))
                .query((row, number) -> new Account(row.getString("provider"), row.getString("account")))
                .list();
    }

    /** What was to be asked about later is asked about now, a little spread. The budget of the account holds as ever. */
    int bringForward(Account account, Instant now) {
        return jdbc.sql("""
                        WITH later AS (
                          SELECT out_trade_no FROM payment.asking
                          WHERE provider = :provider AND account = :account AND askable
                            AND next_ask_at > :now::timestamptz + make_interval(secs => :spread)
                          ORDER BY out_trade_no
                          LIMIT :most
                          FOR NO KEY UPDATE SKIP LOCKED)
                        UPDATE payment.asking a
                        SET next_ask_at = :now::timestamptz + random() * make_interval(secs => :spread)
                        FROM later WHERE a.out_trade_no = later.out_trade_no
                        """)
                .param("provider", account.provider())
                .param("account", account.name())
                .param("now", Timestamp.from(now))
                .param("spread", SPREAD.toSeconds())
                .param("most", BROUGHT_FORWARD)
                .update();
    }

    private static SilentAccount silentAccount(ResultSet row, int number) throws SQLException {
        var lastHeard = row.getTimestamp("last_heard");
        return new SilentAccount(
                row.getString("provider"),
                row.getString("account"),
                row.getTimestamp("began_at").toInstant(),
                lastHeard == null ? null : lastHeard.toInstant(),
                row.getString("cause").equals(Cause.FOUND_PAID.name()),
                row.getLong("opened"),
                row.getLong("expected"),
                row.getLong("found"));
    }
}
