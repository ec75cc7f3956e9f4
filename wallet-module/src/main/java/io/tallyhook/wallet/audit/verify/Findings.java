package io.tallyhook.wallet.audit.verify;

import java.util.ArrayList;
import java.util.List;

/** What was found, up to a bound: a ledger that was destroyed as a whole has as many faults as rows. */
final class Findings {

    private static final int KEPT = 1000;

    private final List<Finding> kept = new ArrayList<>();
    private long all;

    void add(Finding finding) {
        all++;
        if (hasRoom()) {
            kept.add(finding);
        }
    }

    /** More of them that are not named. */
    void count(long further) {
        all += further;
    }

    boolean hasRoom() {
        return kept.size() < KEPT;
    }

    List<Finding> kept() {
        return List.copyOf(kept);
    }

    long all() {
        return all;
    }
}
