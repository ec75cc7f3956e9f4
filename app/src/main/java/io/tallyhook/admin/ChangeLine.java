package io.tallyhook.admin;

import io.tallyhook.payment.callback.Replay;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One value that a replay changes, taken apart so that its name can be said in the reader's language.
 *
 * @param thing {@code payment} or {@code refund}
 * @param number of the payment or refund
 * @param value which value of it, such as {@code state} or {@code paid_at}
 */
record ChangeLine(
        String thing,
        String number,
        String value,
        @Nullable String from,
        @Nullable String to) {

    private static final Pattern WHAT = Pattern.compile("(payment|refund) (\\S+)(?: (.+))?");

    static List<ChangeLine> of(List<Replay.Change> changes) {
        return changes.stream().map(ChangeLine::of).toList();
    }

    private static ChangeLine of(Replay.Change change) {
        var what = WHAT.matcher(change.what());
        if (!what.matches()) {
            return new ChangeLine("other", change.what(), "state", change.from(), change.to());
        }
        var value = what.group(3) == null ? "state" : what.group(3).replace(' ', '_');
        return new ChangeLine(what.group(1), what.group(2), value, change.from(), change.to());
    }

    /** How its values are shown: {@code TIME}, {@code REASON}, {@code TEXT}, or else the kind of badge. */
    public String look() {
        return switch (value) {
            case "state" -> thing.equals("other") ? "TEXT" : thing;
            case "fulfilment" -> "fulfilment";
            case "reason" -> "REASON";
            case "paid_at" -> "TIME";
            default -> "TEXT";
        };
    }

    public Instant time(String text) {
        return Instant.parse(text);
    }
}
