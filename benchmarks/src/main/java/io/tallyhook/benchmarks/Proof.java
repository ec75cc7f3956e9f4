package io.tallyhook.benchmarks;

import java.io.PrintStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The ledger's invariants over everything that was booked. */
record Proof(JdbcClient jdbc) {

    /** Prints what it finds. */
    boolean holds(PrintStream out) {
        var broken = jdbc.sql(
                        "SELECT name || ' is violated ' || violations || ' times' FROM wallet.proof WHERE violations > 0")
                .query(String.class)
                .list();
        out.println(broken.isEmpty() ? "All invariants hold, the chain of sealed blocks too." : broken);
        return broken.isEmpty();
    }
}
