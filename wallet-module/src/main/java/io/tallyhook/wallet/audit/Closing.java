package io.tallyhook.wallet.audit;

import io.tallyhook.payment.Refusal;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Closes a month without a race and without a lock that postings would wait for. Three steps, each committed before the next:
 *
 * <ol>
 *   <li>the month is CLOSING: postings that begin to look now are refused;
 *   <li>the horizon is noted: whoever still saw the month open has a transaction number below it;
 *   <li>once all those are finished and sealed, the totals are final: CLOSED.
 * </ol>
 */
@Component
class Closing {

    private static final Logger log = LoggerFactory.getLogger(Closing.class);
    private static final Duration SHORT = Duration.ofSeconds(10);

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Clock clock;

    Closing(JdbcClient jdbc, Transactions transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Steps one and two. */
    void begin(YearMonth month, String person) {
        if (!month.isBefore(BooksTime.thisMonth(clock))) {
            throw Refusal.badField("month", "must be over in Beijing before it is closed");
        }
        if (!transactions.write(SHORT, () -> close(month, person))) {
            throw Refusal.conflict("month-closed-before", "%s is closed, or being closed.".formatted(month));
        }
        log.info("{} begins to close the books of {}", person, month);
        transactions.write(SHORT, () -> noteHorizon(month));
    }

    private boolean close(YearMonth month, String person) {
        return jdbc.sql("""
                        INSERT INTO wallet.accounting_period (month, state, closing_by, closing_at)
                        VALUES (:month::date, 'CLOSING', :person, :now) ON CONFLICT DO NOTHING
                        """)
                        .param("month", month.atDay(1).toString())
                        .param("person", person)
                        .param("now", Timestamp.from(BooksTime.now(clock)))
                        .update()
                == 1;
    }

    /**
     * In a transaction that began after step one was committed: its own number, because every number given out before is
     * below it. The upper end of its snapshot is not: it lies above what has ended only, and a posting in flight may be there.
     */
    private int noteHorizon(YearMonth month) {
        return jdbc.sql("""
                        UPDATE wallet.accounting_period
                        SET horizon_xid = pg_current_xact_id()::text::bigint
                        WHERE month = :month::date AND state = 'CLOSING' AND horizon_xid IS NULL
                        """).param("month", month.atDay(1).toString()).update();
    }

    /** Months between step one and step three. */
    List<YearMonth> begun() {
        return jdbc.sql(
                        "SELECT to_char(month, 'YYYY-MM') FROM wallet.accounting_period WHERE state = 'CLOSING' ORDER BY 1")
                .query((row, number) -> YearMonth.parse(row.getString(1)))
                .list();
    }

    /** Step three, if it is time. @return what was done or is waited for, for people */
    String finish(YearMonth month) {
        transactions.write(SHORT, () -> noteHorizon(month)); // if step two was lost with its instance
        return transactions.write(Duration.ofMinutes(20), () -> {
            var waitsFor = waitsFor(month);
            if (!waitsFor.isEmpty()) {
                return waitsFor;
            }
            fix(month);
            log.info("The books of {} are closed", month);
            return "closed";
        });
    }

    private String waitsFor(YearMonth month) {
        return jdbc.sql("""
                        SELECT CASE WHEN wallet.horizon() < p.horizon_xid THEN 'waits for postings in flight'
                                    WHEN EXISTS (SELECT FROM wallet.request
                                                 WHERE xid < p.horizon_xid
                                                   AND xid >= (SELECT coalesce(max(upto_xid), 0) FROM wallet.block))
                                      THEN 'waits for the sealer'
                                    ELSE '' END
                        FROM wallet.accounting_period p
                        WHERE p.month = :month::date AND p.state = 'CLOSING' FOR NO KEY UPDATE
                        """)
                .param("month", month.atDay(1).toString())
                .query(String.class)
                .optional()
                .orElse("somebody else closed it");
    }

    /** The trial balance of the month, a line of {@code code|debit|credit} for each code in order, is what is hashed. */
    private void fix(YearMonth month) {
        jdbc.sql("""
                        WITH total AS (
                          SELECT a.gl_code, coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0) AS debit,
                                 coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0) AS credit
                          FROM wallet.posting p JOIN wallet.account a USING (account_id)
                          WHERE p.acct_date >= :month::date AND p.acct_date < :next::date GROUP BY a.gl_code
                        ), balance AS (
                          SELECT coalesce(sum(debit), 0) AS debit, coalesce(sum(credit), 0) AS credit,
                                 coalesce(string_agg(gl_code || '|' || debit || '|' || credit || chr(10), ''
                                                     ORDER BY gl_code COLLATE "C"), '') AS lines
                          FROM total
                        )
                        UPDATE wallet.accounting_period
                        SET state = 'CLOSED', closed_at = :now, debit = b.debit, credit = b.credit,
                            sha256 = sha256(convert_to(b.lines, 'UTF8')),
                            block_no = (SELECT coalesce(max(block_no), 0) FROM wallet.block)
                        FROM balance b WHERE month = :month::date
                        """)
                .param("month", month.atDay(1).toString())
                .param("next", month.plusMonths(1).atDay(1).toString())
                .param("now", Timestamp.from(BooksTime.now(clock)))
                .update();
    }
}
