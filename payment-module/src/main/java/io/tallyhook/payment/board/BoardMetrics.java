package io.tallyhook.payment.board;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallyhook.payment.callback.Figures.Count;
import java.util.Map;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The lines of the board as a metric per kind, counted once in a while: whoever scrapes must not cost the database anything. */
@Component
class BoardMetrics {

    private final Board board;
    private volatile Map<BoardKind, Count> totals = Map.of();

    BoardMetrics(Board board, MeterRegistry metrics) {
        this.board = board;
        for (var kind : BoardKind.values()) {
            // Not a number until it was counted: a zero would say that all is well.
            Gauge.builder("tallyhook.money.without.goods", this, any -> {
                        var count = any.totals.get(kind);
                        return count == null ? Double.NaN : count.n();
                    })
                    .description(
                            "Things that are wrong between money and goods, counted up to %d".formatted(BoardRows.MOST))
                    .tag("kind", kind.name())
                    .register(metrics);
        }
    }

    @Scheduled(
            fixedDelayString = "${tallyhook.board.count-every:1m}",
            initialDelayString = "${tallyhook.board.count-every:1m}")
    void count() {
        totals = board.totals();
    }
}
