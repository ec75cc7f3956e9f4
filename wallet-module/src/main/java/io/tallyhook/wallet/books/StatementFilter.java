package io.tallyhook.wallet.books;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of a user's statement are wanted; what is absent does not limit.
 *
 * @param purses whose statements, at least one
 * @param kind of the journal, such as {@code RECHARGE}
 * @param from first day of the books, in Beijing time
 * @param to last day of the books
 */
public record StatementFilter(
        List<Purse> purses,
        @Nullable String kind,
        @Nullable LocalDate from,
        @Nullable LocalDate to) {

    /** The kinds of journals that there are, in the order in which people look for them. */
    public static final List<String> KINDS = List.of(
            "RECHARGE",
            "SPEND",
            "SPEND_REFUND",
            "HOLD",
            "CAPTURE",
            "RELEASE",
            "EXPIRY",
            "RECHARGE_REFUND",
            "REFUND_SETTLED",
            "REFUND_FAILED",
            "CHARGEBACK",
            "ADJUSTMENT");

    /** What the user himself would see, of all times. */
    public static final StatementFilter EVERYTHING = new StatementFilter(Purse.AVAILABLE, null, null, null);

    public StatementFilter {
        purses = List.copyOf(purses);
        if (purses.isEmpty()) {
            throw new IllegalArgumentException("A statement is of at least one purse");
        }
    }
}
