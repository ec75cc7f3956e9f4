package io.tallyhook.wallet.audit;

import java.util.List;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Somebody who may do everything in the database, and does. */
@TestComponent
public class Superuser {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    Superuser(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** Changes a table that must not be changed, and lets its guards stand afterwards as if nothing had been. */
    public void changes(String table, String sql) {
        transaction.executeWithoutResult(status -> {
            var guards = guards(table);
            guards.forEach(guard -> jdbc.sql(guard.formatted("DISABLE")).update());
            jdbc.sql(sql).update();
            guards.forEach(guard -> jdbc.sql(guard.formatted("ENABLE ALWAYS")).update());
        });
    }

    private List<String> guards(String table) {
        return jdbc.sql("""
                        SELECT 'ALTER TABLE wallet.' || c.relname || ' %s TRIGGER ' || t.tgname
                        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                        WHERE c.relnamespace = 'wallet'::regnamespace AND c.relname = :table AND NOT t.tgisinternal
                          AND t.tgenabled = 'A'
                        """)
                .param("table", table)
                .query((row, number) -> row.getString(1))
                .list();
    }
}
