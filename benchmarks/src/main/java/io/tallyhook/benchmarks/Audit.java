package io.tallyhook.benchmarks;

import io.tallyhook.benchmarks.Acknowledged.Booking;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Asks the database whether it did what it said: a rate counts only if every booking behind it is there once. */
record Audit(Books books) {

    private static final int AT_ONCE = 20_000;

    /** Prints what it finds. Answers whether all is right. */
    boolean passes(List<Booking> acknowledged, PrintStream out) {
        return books.inTransaction(() -> {
            books.jdbc().sql("SET LOCAL statement_timeout = 0").update();
            return told(acknowledged, out) & new Proof(books.jdbc()).holds(out) & sealed(out);
        });
    }

    private boolean told(List<Booking> acknowledged, PrintStream out) {
        var jdbc = books.jdbc();
        jdbc.sql("CREATE TEMPORARY TABLE told (kind text, request_key text, journal_id bigint) ON COMMIT DROP")
                .update();
        for (int from = 0; from < acknowledged.size(); from += AT_ONCE) {
            keep(jdbc, acknowledged.subList(from, Math.min(from + AT_ONCE, acknowledged.size())));
        }
        long wrong = jdbc.sql("""
                        SELECT count(*) FILTER (WHERE t.told IS DISTINCT FROM 1 OR b.booked IS DISTINCT FROM 1)
                        FROM (SELECT kind, request_key, journal_id, count(*) AS told FROM told GROUP BY 1, 2, 3) t
                        FULL JOIN (SELECT r.kind::text, r.request_key, j.journal_id, count(*) AS booked
                                   FROM wallet.request r
                                   JOIN wallet.journal j
                                     ON j.journal_id = r.journal_id AND j.kind = r.kind AND j.request_key = r.request_key
                                   WHERE r.outcome = 'POSTED' GROUP BY 1, 2, 3) b USING (kind, request_key, journal_id)
                        """).query(Long.class).single();
        out.printf(
                "%,d bookings were acknowledged; %,d of them are not there exactly once.%n",
                acknowledged.size(), wrong);
        return wrong == 0;
    }

    private static void keep(JdbcClient jdbc, List<Booking> some) {
        jdbc.sql("INSERT INTO told SELECT * FROM unnest(:kinds::text[], :keys::text[], :journals::bigint[])")
                .param("kinds", texts(some, Booking::kind))
                .param("keys", texts(some, Booking::key))
                .param("journals", some.stream().mapToLong(Booking::journalId).toArray())
                .update();
    }

    private static String[] texts(List<Booking> some, Function<Booking, String> column) {
        return some.stream().map(column).toArray(String[]::new);
    }

    private boolean sealed(PrintStream out) {
        long open = books.jdbc()
                .sql("SELECT (SELECT count(*) FROM wallet.journal) - (SELECT sum(journals) FROM wallet.block)")
                .query(Long.class)
                .single();
        out.printf("%,d bookings are not sealed.%n", open);
        return open == 0;
    }
}
