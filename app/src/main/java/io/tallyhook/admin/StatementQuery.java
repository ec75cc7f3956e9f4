package io.tallyhook.admin;

import io.tallyhook.wallet.books.Purse;
import io.tallyhook.wallet.books.StatementFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The filter form over a statement, as it stands in the address.
 *
 * @param part the name of a purse, or {@code ALL}; absent: what the user calls his balance
 * @param kind of the journal
 * @param from first day of the books
 * @param to last day
 */
record StatementQuery(
        @Nullable String part,
        @Nullable String kind,
        @Nullable String from,
        @Nullable String to) {

    StatementFilter filter() {
        var days = DayRange.of(from, to);
        return new StatementFilter(purses(), knownKind(), days.from(), days.to());
    }

    /** Whether it limits anything, so that an empty list means that nothing fits. */
    public boolean limits() {
        return knownKind() != null || Filled.text(from) != null || Filled.text(to) != null || Filled.text(part) != null;
    }

    private List<Purse> purses() {
        if ("ALL".equals(part)) {
            return List.of(Purse.values());
        }
        return Filled.constant(Purse.class, part).map(List::of).orElse(Purse.AVAILABLE);
    }

    private @Nullable String knownKind() {
        return kind != null && StatementFilter.KINDS.contains(kind) ? kind : null;
    }
}
