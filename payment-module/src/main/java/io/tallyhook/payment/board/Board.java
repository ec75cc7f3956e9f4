package io.tallyhook.payment.board;

import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.callback.Figures.Count;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * What is wrong between money and goods now, oldest first. A line appears by itself and goes when its cause is gone, or when a
 * person has settled it outside; nothing else can hide it.
 */
@Component
public class Board {

    private final BoardRows rows;

    Board(BoardRows rows) {
        this.rows = rows;
    }

    /** @throws Refusal (400) if the cursor is not one of ours */
    public Page<BoardLine> lines(BoardFilter filter, Paging paging) {
        return rows.page(filter, paging);
    }

    /** How many lines there are of each kind, counted up to a bound; every kind is there. */
    public Map<BoardKind, Count> totals() {
        var totals = new EnumMap<BoardKind, Count>(BoardKind.class);
        for (var kind : BoardKind.values()) {
            totals.put(kind, rows.count(kind));
        }
        return Collections.unmodifiableMap(totals);
    }
}
