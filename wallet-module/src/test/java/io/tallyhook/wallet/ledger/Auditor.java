package io.tallyhook.wallet.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks at the books from outside. */
final class Auditor {

    private final JdbcClient jdbc;

    Auditor(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The first column of what a query finds. */
    List<String> lines(String sql, Object... params) {
        return jdbc.sql(sql).params(params).query((row, n) -> row.getString(1)).list();
    }

    long number(String sql, Object... params) {
        return jdbc.sql(sql).params(params).query((row, n) -> row.getLong(1)).single();
    }

    /** Every invariant, over everything. */
    List<String> faults() {
        return lines("SELECT name || ': ' || subject || ' ' || fault FROM wallet.fault LIMIT 20");
    }

    /** Every invariant, over what transactions from this one on have moved. */
    List<String> faultsSince(long xid) {
        lines("SELECT set_config('tallyhook.since_xid', ?, false)", String.valueOf(xid));
        try {
            return faults();
        } finally {
            lines("SELECT set_config('tallyhook.since_xid', '', false)");
        }
    }

    /** As above, however many. */
    List<String> allFaults() {
        return lines("SELECT name || ': ' || subject || ' ' || fault FROM wallet.fault");
    }

    List<String> allFaultsSince(long xid) {
        lines("SELECT set_config('tallyhook.since_xid', ?, true)", String.valueOf(xid));
        return allFaults();
    }

    /** The number that the next transaction will have at least. */
    long mark() {
        return number("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
    }

    void holds() {
        assertThat(faults()).isEmpty();
    }

    /** Each request and each journal lies in the window of exactly one block, and nothing is left to be sealed. */
    void allIsSealedOnce() {
        assertThat(lines("""
                        SELECT 'xid ' || x.xid || ' is in ' || count(b.block_no) || ' blocks'
                        FROM (SELECT xid FROM wallet.request UNION SELECT xid FROM wallet.journal UNION SELECT xid FROM wallet.posting
                              UNION SELECT xid FROM wallet.owner UNION SELECT xid FROM wallet.account) x
                        LEFT JOIN wallet.block b ON x.xid >= b.from_xid AND x.xid < b.upto_xid
                        GROUP BY x.xid HAVING count(b.block_no) <> 1
                        """)).as("what is not sealed exactly once").isEmpty();
        assertThat(
                        number(
                                "SELECT (SELECT coalesce(sum(journals), 0) FROM wallet.block) - (SELECT count(*) FROM wallet.journal)"))
                .as("journals in blocks less journals")
                .isZero();
    }

    /** A journal's lines, in order. */
    List<String> linesOf(long journalId) {
        return lines("""
                        SELECT CASE WHEN p.amount > 0 THEN 'Dr ' ELSE 'Cr ' END || a.gl_code
                               || CASE WHEN a.channel = '' THEN '' ELSE ' ' || a.channel END || ' ' || abs(p.amount)
                        FROM wallet.posting p JOIN wallet.account a USING (account_id)
                        WHERE p.journal_id = ? ORDER BY p.line
                        """, journalId);
    }
}
