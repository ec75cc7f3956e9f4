package io.tallyhook.wallet.audit;

import io.tallyhook.payment.Money;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Optional;

/**
 * A month of the books.
 *
 * @param turnover what was debited in it, which is what was credited
 * @param lines how many postings it has
 * @param closing who began to close it; absent while it is open
 * @param closed what it was closed with; absent until then
 */
public record BooksMonth(
        YearMonth month, State state, Money turnover, long lines, Optional<Begun> closing, Optional<Closed> closed) {

    /** From one to the next, and never back. */
    public enum State {
        /** Takes postings. */
        OPEN,
        /** Takes no more; what is in flight is waited for. */
        CLOSING,
        /** Its totals are fixed. */
        CLOSED
    }

    /** Who began to close it. */
    public record Begun(String person, Instant at) {}

    /**
     * What it was closed with.
     *
     * @param sha256 of its trial balance, in hex
     * @param block the last sealed block by then
     */
    public record Closed(Instant at, String sha256, long block) {}
}
