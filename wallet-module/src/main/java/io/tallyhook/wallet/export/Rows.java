package io.tallyhook.wallet.export;

import io.tallyhook.payment.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a list line by line and makes a file of it. */
interface Rows {

    /** @param cells one for each column: a text, a whole number, a day, a moment, a {@link Money}, or nothing */
    void row(List<? extends @Nullable Object> cells);

    /**
     * Comes last, once.
     *
     * @param totals one for each column, where it has one
     * @param rows how many there were
     */
    void end(List<@Nullable Money> totals, long rows);
}
