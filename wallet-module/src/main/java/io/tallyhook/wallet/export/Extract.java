package io.tallyhook.wallet.export;

import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.HoldOrder;
import io.tallyhook.wallet.books.Purse;
import io.tallyhook.wallet.books.StatementFilter;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which list is wanted as a file. */
public sealed interface Extract {

    /** What it is, as the ending of a message key and the beginning of the file's name. */
    String what();

    /** What it is limited to, in words that stay in the log. */
    String filter();

    /** A user's statement. */
    record OfStatement(UserId userId, StatementFilter lines) implements Extract {
        @Override
        public String what() {
            return "statement";
        }

        @Override
        public String filter() {
            return "user=%s part=%s kind=%s from=%s to=%s"
                    .formatted(
                            userId,
                            lines.purses().stream().map(Purse::name).collect(Collectors.joining("+")),
                            orAny(lines.kind()),
                            orAny(lines.from()),
                            orAny(lines.to()));
        }

        private static String orAny(@Nullable Object value) {
            return value == null ? "*" : value.toString();
        }
    }

    /** All codes over some days. */
    record OfTrialBalance(LocalDate from, LocalDate to) implements Extract {
        @Override
        public String what() {
            return "trial-balance";
        }

        @Override
        public String filter() {
            return "from=%s to=%s".formatted(from, to);
        }
    }

    /** The lines of a platform's account over some days. */
    record OfAccount(String code, String channel, long accountId, LocalDate from, LocalDate to) implements Extract {
        @Override
        public String what() {
            return "account";
        }

        @Override
        public String filter() {
            return "code=%s channel=%s account=%d from=%s to=%s".formatted(code, channel, accountId, from, to);
        }
    }

    /** All holds that are open. */
    record OfOpenHolds(HoldOrder order) implements Extract {
        @Override
        public String what() {
            return "holds";
        }

        @Override
        public String filter() {
            return "order=" + order;
        }
    }

    /**
     * Lines that somebody else has read, such as another module.
     *
     * @param what as {@link #what()}
     * @param filter as {@link #filter()}
     * @param lines few enough to be held at a time; of each, one cell for each column: a text, a whole number, a moment, an
     *     amount, or nothing
     */
    record OfLines(String what, String filter, List<Column> columns, List<List<@Nullable Object>> lines)
            implements Extract {}
}
