package io.tallyhook.admin;

import io.tallyhook.payment.callback.CallbackDetail.CheckResult;
import io.tallyhook.payment.callback.CallbackDetail.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One check of a delivery, ready to be shown.
 *
 * @param check its name
 * @param expected our value; the part that differs from the message's is marked. Absent where nothing is compared
 * @param actual the message's value
 */
record CheckLine(
        String check,
        Result result,
        @Nullable MarkedText expected,
        @Nullable MarkedText actual) {

    /** @param sentences what a value is that is no value but a sentence, in the reader's language */
    static List<CheckLine> of(List<CheckResult> results, Sentences sentences) {
        return results.stream()
                .map(result -> of(result, said(result.expected(), sentences), said(result.actual(), sentences)))
                .toList();
    }

    private static @Nullable String said(@Nullable String value, Sentences sentences) {
        return value == null ? null : sentences.say(value);
    }

    private static CheckLine of(CheckResult result, @Nullable String expected, @Nullable String actual) {
        return new CheckLine(
                result.check().name(),
                result.result(),
                expected == null ? null : MarkedText.of(expected, actual == null ? "" : actual),
                actual == null ? null : MarkedText.of(actual, expected == null ? "" : expected));
    }

    public boolean failed() {
        return result == Result.FAILED;
    }

    /** The tone of the line: see {@code tone-…} in the style sheet. */
    public String tone() {
        return switch (result) {
            case PASSED -> "good";
            case FAILED -> "bad";
            case NOT_REACHED -> "quiet";
        };
    }

    public String icon() {
        return switch (result) {
            case PASSED -> "check";
            case FAILED -> "x";
            case NOT_REACHED -> "ban";
        };
    }
}
