package io.tallyhook.payment.board;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.SearchTerm;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Behind which line a page begins: lines are in the order of their time, and of their names where that is the same. */
record Place(Instant since, String id) {

    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,16})\\.(.{1,200})");

    /** @throws Refusal (400) if it is not one of ours */
    static Place of(@Nullable String cursor) {
        if (cursor == null) {
            return new Place(Instant.EPOCH, "");
        }
        SearchTerm.text("cursor", cursor);
        var parts = CURSOR.matcher(cursor);
        if (!parts.matches()) {
            throw Refusal.badField("cursor", "must be the nextCursor of the page before");
        }
        return new Place(Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS), parts.group(2));
    }

    static String behind(BoardLine line) {
        return "%d.%s".formatted(ChronoUnit.MICROS.between(Instant.EPOCH, line.since()), line.id());
    }
}
