package io.tallyhook.wallet.export;

import io.tallyhook.payment.Money;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands lines on, counts them, and adds up the columns that have a total. */
final class Counted {

    private final List<Column> columns;
    private final List<Rows> targets;
    private final List<@Nullable Money> totals;
    private long rows;

    Counted(List<Column> columns, List<Rows> targets) {
        this.columns = columns;
        this.targets = targets;
        this.totals = new ArrayList<@Nullable Money>(columns.size());
        columns.forEach(column -> totals.add(column.totalled() ? Money.fen(0) : null));
    }

    void row(List<? extends @Nullable Object> cells) {
        rows++;
        for (int i = 0; i < columns.size(); i++) {
            var total = totals.get(i);
            if (total != null && cells.get(i) instanceof Money amount) {
                totals.set(i, total.plus(amount));
            }
        }
        targets.forEach(target -> target.row(cells));
    }

    void end() {
        targets.forEach(target -> target.end(totals, rows));
    }

    long rows() {
        return rows;
    }
}
