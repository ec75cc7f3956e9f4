package io.tallyhook.benchmarks;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What was used so far, or by something.
 *
 * @param application processor time of the application, in hundredths of a second
 * @param server that of PostgreSQL
 * @param own that of this process, which sends the callbacks
 * @param wal bytes of the write-ahead log
 * @param statements that clients sent to the database, BEGIN and COMMIT included
 */
record Usage(long application, long server, long own, long wal, long statements) {

    Usage since(Usage before) {
        return new Usage(
                application - before.application,
                server - before.server,
                own - before.own,
                wal - before.wal,
                statements - before.statements);
    }

    /** Reads what the kernel and PostgreSQL count. */
    record Meter(Application application, JdbcClient jdbc, CpuTime.Meter processors) {

        static Meter of(Application application, JdbcClient jdbc) {
            jdbc.sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public")
                    .update();
            return new Meter(
                    application,
                    jdbc,
                    CpuTime.Meter.of(jdbc)
                            .orElseThrow(() -> new IllegalStateException(
                                    "Processor time is read from /proc: the database must run on this machine")));
        }

        Usage now() {
            var cpu = processors.now();
            return jdbc.sql("""
                            SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS wal,
                                   (SELECT sum(calls)::bigint FROM pg_stat_statements
                                    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                                      AND query NOT LIKE '%plain!_%' ESCAPE '!')  AS statements
                            """)
                    .query((row, number) -> new Usage(
                            application.cpu(),
                            cpu.server(),
                            cpu.client(),
                            row.getLong("wal"),
                            row.getLong("statements")))
                    .single();
        }
    }
}
