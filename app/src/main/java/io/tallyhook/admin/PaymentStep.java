package io.tallyhook.admin;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Refund;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One step in the life of a payment.
 *
 * @param key of its name in the message bundles
 * @param tone good, busy, quiet, warn or bad
 * @param at when; absent for what has not happened yet
 * @param amount what was given back, where that is the step, or received, where it is another than was asked for
 */
record PaymentStep(
        String key,
        String tone,
        @Nullable Instant at,
        @Nullable Money amount) {

    static List<PaymentStep> of(Payment payment, List<Refund> refunds) {
        var happened = new ArrayList<PaymentStep>();
        happened.add(new PaymentStep("opened", "good", payment.createdAt(), null));
        if (payment.closedAt() != null) {
            happened.add(new PaymentStep("closed", "quiet", payment.closedAt(), null));
        }
        if (payment.paidAt() != null) {
            happened.add(new PaymentStep(
                    "paid", "good", payment.paidAt(), payment.receivedOther() ? payment.received() : null));
        }
        if (payment.fulfilledAt() != null) {
            var how = payment.creditedAs() == null ? "fulfilled" : "credited";
            happened.add(new PaymentStep(how, "good", payment.fulfilledAt(), null));
        }
        refunds.stream().map(PaymentStep::refund).forEach(happened::add);
        // A provider's clock may lag behind ours: nothing is paid before it was opened. It tells whole seconds, so
        // within one
        // the usual order counts, and who paid late is not seen to have paid before.
        happened.subList(1, happened.size()).sort(Comparator.comparing(PaymentStep::second));
        return Stream.concat(happened.stream(), next(payment)).toList();
    }

    private static Instant second(PaymentStep step) {
        return step.at() == null ? Instant.MAX : step.at().truncatedTo(ChronoUnit.SECONDS);
    }

    private static PaymentStep refund(Refund refund) {
        return switch (refund.state()) {
            case "SUCCEEDED" -> new PaymentStep("refund.SUCCEEDED", "warn", refund.settledAt(), refund.amount());
            case "FAILED" -> new PaymentStep("refund.FAILED", "bad", refund.settledAt(), refund.amount());
            default ->
                refund.awaitsApproval()
                        ? new PaymentStep("refund.waits", "warn", refund.createdAt(), refund.amount())
                        : new PaymentStep("refund.REQUESTED", "busy", refund.createdAt(), refund.amount());
        };
    }

    /** What comes next, or what is in the way. */
    private static Stream<PaymentStep> next(Payment payment) {
        if (payment.state() == PaymentState.PENDING) {
            return Stream.of(new PaymentStep("next.PENDING", "busy", null, null));
        }
        return switch (payment.fulfilment()) {
            case PENDING ->
                Stream.of(
                        payment.waits()
                                ? new PaymentStep("next.waits", "warn", null, null)
                                : new PaymentStep("next.fulfilment", "busy", null, null));
            case FAILED -> Stream.of(new PaymentStep("next.FAILED", "bad", null, null));
            case PARKED -> Stream.of(new PaymentStep("next.PARKED", "warn", null, null));
            case NONE, SUCCEEDED, CANCELLED, REVERSED -> Stream.empty();
        };
    }
}
