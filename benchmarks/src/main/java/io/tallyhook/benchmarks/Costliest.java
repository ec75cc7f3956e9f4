package io.tallyhook.benchmarks;

import java.io.PrintStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where PostgreSQL's time went, of what the application asked for. */
record Costliest(JdbcClient jdbc) {

    private static final int SHOWN = 8;
    private static final int WIDTH = 90;

    void print(PrintStream out) {
        out.println("The costliest statements: calls, rows per call, ms per call, share");
        jdbc.sql("""
                        SELECT calls, rows / calls AS rows, mean_exec_time AS ms, total_exec_time / sum(total_exec_time) OVER () AS share,
                               regexp_replace(query, '\\s+', ' ', 'g') AS query
                        FROM pg_stat_statements
                        WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                          AND query NOT LIKE '%plain!_%' ESCAPE '!' AND query NOT LIKE 'CHECKPOINT%'
                          AND query NOT LIKE '%WITH asked AS ( SELECT%' AND query NOT LIKE 'TRUNCATE%'
                        ORDER BY total_exec_time DESC LIMIT :shown
                        """)
                .param("shown", SHOWN)
                .query((row, number) -> "%,9d %6d %8.2f %4.0f %%  %s"
                        .formatted(
                                row.getLong("calls"),
                                row.getLong("rows"),
                                row.getDouble("ms"),
                                row.getDouble("share") * 100,
                                shortened(row.getString("query"))))
                .list()
                .forEach(out::println);
        out.println();
    }

    private static String shortened(String query) {
        return query.length() <= WIDTH ? query : query.substring(0, WIDTH);
    }
}
