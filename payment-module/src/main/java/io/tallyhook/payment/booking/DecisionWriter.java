package io.tallyhook.payment.booking;

import io.tallyhook.payment.FulfilmentState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes what was decided, set-based, under the same conditions: the row must still be the one decided on. */
@Component
class DecisionWriter {

    private final JdbcClient jdbc;
    private final EndedRefunds refunds;

    DecisionWriter(JdbcClient jdbc, EndedRefunds refunds) {
        this.jdbc = jdbc;
        this.refunds = refunds;
    }

    void write(List<Decision.Change> changes, Duration lease) {
        for (var round : rounds(changes)) {
            writePayments(round, lease);
        }
        changes.stream().filter(change -> change.refund() != null).forEach(refunds::write);
    }

    /** A payment that changes twice in one group (paid, then refunded) is written twice, in that order. */
    private static List<List<Decision.Change>> rounds(List<Decision.Change> changes) {
        var rounds = new ArrayList<List<Decision.Change>>();
        var left = changes;
        while (!left.isEmpty()) {
            var round = new ArrayList<Decision.Change>();
            var later = new ArrayList<Decision.Change>();
            var seen = new HashSet<String>();
            for (var change : left) {
                (seen.add(change.before().outTradeNo()) ? round : later).add(change);
            }
            rounds.add(round);
            left = later;
        }
        return rounds;
    }

    private void writePayments(List<Decision.Change> changes, Duration lease) {
        int written = jdbc.sql("""
                        UPDATE payment.payment p
                        SET state                   = d.state,
                            version                 = d.version + 1,
                            provider_transaction_id = d.transaction_id,
                            received_amount         = nullif(d.received, p.amount),
                            paid_at                 = d.paid_at,
                            closed_at               = CASE WHEN d.state = 'CLOSED' THEN now() ELSE p.closed_at END,
                            refunded_amount         = d.refunded,
                            fulfilment              = d.fulfilment,
                            fulfilment_reason       = d.reason,
                            due_at                  = CASE WHEN d.fulfilment NOT IN ('PENDING', 'FAILED') THEN NULL
                                                           ELSE coalesce(p.due_at,
                                                                         now() + make_interval(secs => :lease)) END
                        FROM unnest(:numbers::text[], :versions::int[], :before::text[], :states::text[],
                                    :transactionIds::text[], :paidAts::timestamptz[], :received::bigint[],
                                    :refunded::bigint[], :fulfilments::text[], :reasons::text[])
                             AS d (out_trade_no, version, before, state, transaction_id, paid_at, received, refunded,
                                   fulfilment, reason)
                        WHERE p.out_trade_no = d.out_trade_no AND p.version = d.version AND p.state = d.before
                        """)
                .param("lease", lease.toSeconds())
                .param("numbers", texts(changes, change -> change.before().outTradeNo()))
                .param(
                        "versions",
                        changes.stream()
                                .map(change -> change.before().version())
                                .toArray(Integer[]::new))
                .param(
                        "before",
                        texts(changes, change -> change.before().state().name()))
                .param("states", texts(changes, change -> change.after().state().name()))
                .param("transactionIds", texts(changes, change -> change.after().providerTransactionId()))
                .param("paidAts", texts(changes, DecisionWriter::paidAt))
                .param(
                        "received",
                        changes.stream()
                                .map(change -> change.after().received().minorUnits())
                                .toArray(Long[]::new))
                .param(
                        "refunded",
                        changes.stream()
                                .map(change -> change.after().refunded().minorUnits())
                                .toArray(Long[]::new))
                .param(
                        "fulfilments",
                        texts(changes, change -> change.after().fulfilment().name()))
                .param("reasons", texts(changes, DecisionWriter::reason))
                .update();
        if (written != changes.size()) {
            throw new IllegalStateException(
                    "%d of %d decided payments could be written".formatted(written, changes.size()));
        }
    }

    private static @Nullable String[] texts(
            List<Decision.Change> changes, Function<Decision.Change, @Nullable String> column) {
        return changes.stream().map(column).toArray(String[]::new);
    }

    private static @Nullable String paidAt(Decision.Change change) {
        var paidAt = change.after().paidAt();
        return paidAt == null ? null : paidAt.toString();
    }

    private static @Nullable String reason(Decision.Change change) {
        if (change.after().fulfilment() != FulfilmentState.PARKED) {
            return null;
        }
        return Objects.requireNonNull(change.after().reason()).name();
    }
}
