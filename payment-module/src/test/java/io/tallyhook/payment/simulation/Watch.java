package io.tallyhook.payment.simulation;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.PaymentState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Looks at a payment after every step: whether it stands as it must, and came there as it may. */
final class Watch {

    private final Truth truth;
    private final int maxAttempts;
    private @Nullable Row last;

    Watch(Truth truth, int maxAttempts) {
        this.truth = truth;
        this.maxAttempts = maxAttempts;
    }

    void look(Row row) {
        stands(row);
        if (last != null) {
            came(last, row);
        }
        last = row;
    }

    private void stands(Row row) {
        var payment = row.payment();
        require(payment.state() == truth.state(), "it must be " + truth.state(), row);
        require(Objects.equals(payment.providerTransactionId(), truth.paidBy()), "paid by " + truth.paidBy(), row);
        require(payment.refunded().minorUnits() == truth.refunded(), "refunded " + truth.refunded(), row);
        require(
                (payment.fulfilment() == FulfilmentState.NONE)
                        != payment.state().wasPaid(),
                "due when paid",
                row);
        require(row.waits() == (row.dueAt() != null), "what waits has a time, and nothing else", row);
        boolean handedOut =
                payment.fulfilment() == FulfilmentState.SUCCEEDED || payment.fulfilment() == FulfilmentState.REVERSED;
        require(
                payment.fulfilment() != FulfilmentState.REVERSED || payment.state() == PaymentState.REFUNDED,
                "reversed only when all was given back",
                row);
        require(
                payment.fulfilment() != FulfilmentState.SUCCEEDED || payment.state() != PaymentState.REFUNDED,
                "not refunded and still granted",
                row);
        require(row.handedOut() == (handedOut ? 1 : 0), "handed out once if at all, and it says so", row);
        require(!truth.late() || !handedOut && !row.waits(), "late: nothing is handed out by itself", row);
        require(row.attempts() <= maxAttempts + 1, "no more attempts than allowed", row);
    }

    private void came(Row before, Row now) {
        boolean wasDue = before.payment().state() == PaymentState.PAID && before.waits();
        require(
                now.handedOut() == before.handedOut() || wasDue,
                "only what is paid, whole and waits may be handed out",
                now);
        require(now.payment().version() >= before.payment().version(), "versions rise", now);
        require(
                now.payment().version() > before.payment().version()
                        || now.payment().equals(before.payment()),
                "what changes has another version",
                now);
        boolean atRest = before.payment().fulfilment() == FulfilmentState.SUCCEEDED
                || before.payment().fulfilment() == FulfilmentState.CANCELLED;
        require(
                !atRest
                        || now.payment().fulfilment() == before.payment().fulfilment()
                        || now.payment().fulfilment() == FulfilmentState.REVERSED,
                "what is handed out or cancelled stays so",
                now);
    }

    private static void require(boolean holds, String rule, Row row) {
        if (!holds) {
            throw new AssertionError(rule + ", but: " + row);
        }
    }
}
