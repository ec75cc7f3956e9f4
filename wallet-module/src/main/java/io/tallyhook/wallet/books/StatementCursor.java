package io.tallyhook.wallet.books;

import io.tallyhook.payment.Refusal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far each purse was read: only lines with smaller numbers are still to come.
 *
 * @param before by purse, in the order of the filter
 */
record StatementCursor(List<Purse> purses, Map<Purse, Long> before) {

    /** The largest number that can be written and read back; no statement gets there. */
    private static final long UNREAD = 999_999_999_999_999_999L;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /** @throws Refusal (400) if the text is not a cursor for these purses */
    static StatementCursor of(List<Purse> purses, @Nullable String text) {
        var numbers = text == null ? List.<String>of() : Arrays.asList(text.split("-", -1));
        if (text != null
                && (numbers.size() != purses.size() || !numbers.stream().allMatch(StatementCursor::isNumber))) {
            throw Refusal.badField("cursor", "must be the nextCursor of the page before");
        }
        var before = new EnumMap<Purse, Long>(Purse.class);
        for (int i = 0; i < purses.size(); i++) {
            before.put(purses.get(i), numbers.isEmpty() ? UNREAD : Long.parseLong(numbers.get(i)));
        }
        return new StatementCursor(purses, before);
    }

    StatementCursor behind(List<StatementLine> read) {
        var next = new EnumMap<>(before);
        read.forEach(line -> next.put(line.purse(), line.seq()));
        return new StatementCursor(purses, next);
    }

    Long[] befores() {
        return purses.stream().map(before::get).toArray(Long[]::new);
    }

    String text() {
        return Arrays.stream(befores()).map(String::valueOf).collect(Collectors.joining("-"));
    }

    private static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }
}
