package io.tallyhook.payment.asking;

import io.tallyhook.payment.asking.Errand.Account;
import io.tallyhook.payment.asking.Question.Why;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of {@code payment.asking} that are due. Any number of instances claim them; each row has one of them at a time,
 * and what a killed one had claimed is due again when its lease ends.
 */
@Repository
class DueErrands {

    /** How many rows one look takes: those that are not needed any more go in masses. */
    static final int LOOK = 200;

    private final JdbcClient jdbc;
    private final AskingSettings settings;

    DueErrands(JdbcClient jdbc, AskingSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** The accounts with something due: one step through the index for each account, however much is due. */
    List<Account> accounts(Instant now) {
        return jdbc.sql("""
                        WITH RECURSIVE account AS (
                          (SELECT provider, account AS name FROM payment.asking ORDER BY provider, account LIMIT 1)
                          UNION ALL
                          SELECT next.provider, next.account
                          FROM account a CROSS JOIN LATERAL
                               (SELECT provider, account FROM payment.asking
                                WHERE (provider, account) > (a.provider, a.name)
                                ORDER BY provider, account LIMIT 1) next)
                        SELECT provider, name FROM account a
                        WHERE EXISTS (SELECT FROM payment.asking
                                      WHERE provider = a.provider AND account = a.name AND next_ask_at <= :now)
                        """)
                .param("now", Timestamp.from(now))
                .query((row, number) -> new Account(row.getString("provider"), row.getString("name")))
                .list();
    }

    /** What was found due: some of it is to be done, and some of it is over. */
    record Looked(List<Errand> pending, List<String> over) {}

    /** Locks what is due next at an account, oldest first; what others have locked is theirs. */
    Looked look(Account account, Instant now) {
        var pending = new ArrayList<Errand>();
        var over = new ArrayList<String>();
        jdbc.sql("""
                        WITH due AS (
                          SELECT out_trade_no FROM payment.asking
                          WHERE provider = :provider AND account = :account AND next_ask_at <= :now
                          ORDER BY next_ask_at
                          LIMIT %d
                          FOR NO KEY UPDATE SKIP LOCKED)
                        SELECT a.out_trade_no, a.askable, a.asked, a.closings, p.state,
                               p.expires_at <= :now AS expired,
                               a.askable AND EXISTS (
                                 SELECT FROM payment.payment sibling
                                 WHERE sibling.purpose = p.purpose AND sibling.reference = p.reference
                                   AND sibling.state IN ('PAID', 'PARTIALLY_REFUNDED')
                                   AND sibling.credited_as IS NULL
                                   AND coalesce(sibling.held_reason, sibling.fulfilment_reason)
                                         IS DISTINCT FROM 'OTHER_AMOUNT') AS sibling_paid,
                               EXISTS (SELECT FROM payment.silence s
                                       WHERE s.provider = a.provider AND s.account = a.account
                                         AND s.ended_at IS NULL) AS silent
                        FROM due JOIN payment.asking a USING (out_trade_no) JOIN payment.payment p USING (out_trade_no)
                        ORDER BY a.next_ask_at
                        """.formatted(LOOK))
                .param("provider", account.provider())
                .param("account", account.name())
                .param("now", Timestamp.from(now))
                .query((row, number) -> row.getString("state").equals("PENDING")
                        ? pending.add(errand(row, account, now))
                        : over.add(row.getString("out_trade_no")))
                .list();
        return new Looked(pending, over);
    }

    private Errand errand(ResultSet row, Account account, Instant now) throws SQLException {
        var why =
                row.getBoolean("expired") ? Why.EXPIRED : row.getBoolean("sibling_paid") ? Why.SIBLING_PAID : Why.USUAL;
        return new Errand(
                row.getString("out_trade_no"),
                account,
                why,
                row.getBoolean("askable"),
                row.getInt(why == Why.USUAL ? "asked" : "closings"),
                row.getBoolean("silent"),
                now,
                now.plus(settings.lease()));
    }

    /** Takes them for the time of the lease. */
    void lease(List<Errand> errands) {
        if (errands.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        UPDATE payment.asking a
                        SET next_ask_at = :lease,
                            asked    = a.asked    + CASE WHEN e.closes THEN 0 ELSE 1 END,
                            closings = a.closings + CASE WHEN e.closes THEN 1 ELSE 0 END
                        FROM unnest(:numbers::text[], :closes::boolean[]) AS e (out_trade_no, closes)
                        WHERE a.out_trade_no = e.out_trade_no
                        """)
                .param("lease", Timestamp.from(errands.getFirst().lease()))
                .param("numbers", errands.stream().map(Errand::outTradeNo).toArray(String[]::new))
                .param("closes", errands.stream().map(Errand::closes).toArray(Boolean[]::new))
                .update();
    }

    void remove(List<String> over) {
        if (over.isEmpty()) {
            return;
        }
        jdbc.sql("DELETE FROM payment.asking WHERE out_trade_no = ANY (:numbers)")
                .param("numbers", over.toArray(String[]::new))
                .update();
    }

    /**
     * Gives an errand back: nothing more is to be done if the payment is not pending any more, else it is due again then,
     * or when the payment expires. Whoever has lost the lease changes nothing.
     */
    void done(Errand errand, Instant again) {
        jdbc.sql("""
                        WITH gone AS (
                          DELETE FROM payment.asking a USING payment.payment p
                          WHERE a.out_trade_no = :outTradeNo AND p.out_trade_no = a.out_trade_no
                            AND p.state <> 'PENDING'
                          RETURNING a.out_trade_no)
                        UPDATE payment.asking a
                        SET next_ask_at = CASE WHEN :closes THEN :again ELSE least(:again, p.expires_at) END
                        FROM payment.payment p
                        WHERE a.out_trade_no = :outTradeNo AND p.out_trade_no = a.out_trade_no
                          AND a.next_ask_at = :lease AND NOT EXISTS (SELECT FROM gone)
                        """)
                .param("outTradeNo", errand.outTradeNo())
                .param("again", Timestamp.from(again))
                .param("closes", errand.closes())
                .param("lease", Timestamp.from(errand.lease()))
                .update();
    }
}
