package io.tallyhook.wallet.audit;

import org.jspecify.annotations.Nullable;

/**
 * One thing that breaks an invariant.
 *
 * @param shard in which it lies; absent: it concerns all of the ledger, such as a block
 * @param subject what is wrong, such as {@code account 17}
 * @param sentence in which way
 */
record Fault(String invariant, @Nullable Integer shard, String subject, String sentence) {

    /** As people read it in the log and on pages. */
    String text() {
        return "%s: %s %s".formatted(invariant, subject, sentence);
    }
}
