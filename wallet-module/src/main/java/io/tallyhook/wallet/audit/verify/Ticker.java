package io.tallyhook.wallet.audit.verify;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/** Shows how far a long work is, at most once a second. */
final class Ticker {

    private final PrintStream out;
    private long last = System.nanoTime() - TimeUnit.SECONDS.toNanos(1);

    Ticker(PrintStream out) {
        this.out = out;
    }

    void tell(String where) {
        long now = System.nanoTime();
        if (now - last >= TimeUnit.SECONDS.toNanos(1)) {
            out.println(where);
            last = now;
        }
    }
}
