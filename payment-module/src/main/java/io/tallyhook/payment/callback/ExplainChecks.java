package io.tallyhook.payment.callback;

import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Comparison;
import io.tallyhook.payment.booking.Decide;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.callback.CallbackDetail.CheckResult;
import io.tallyhook.payment.callback.CallbackDetail.Result;
import io.tallyhook.payment.callback.CallbackRows.Stored;
import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Rebuilds for people what a delivery was held against. One that passed stores only its outcome; what did not fit is
 * stored with both values, and what is stored wins over what is rebuilt.
 */
@Component
class ExplainChecks {

    private final PaymentsUnderDecision payments;

    ExplainChecks(PaymentsUnderDecision payments) {
        this.payments = payments;
    }

    List<CheckResult> explain(Stored stored, Optional<CallbackProtocol> protocol) {
        if (protocol.isEmpty()) {
            return stored.differences().stream().map(ExplainChecks::failed).toList();
        }
        if (stored.line().outcome() == Outcome.REJECTED) {
            return rejected(stored, protocol.get());
        }
        var results = new ArrayList<CheckResult>();
        protocol.get().checks().forEach(check -> results.add(new CheckResult(check, Result.PASSED, null, null)));
        if (stored.line().outcome() == Outcome.UNKNOWN_PAYMENT) {
            // Nothing was there to compare with, whatever is there now.
            stored.differences().forEach(difference -> results.add(failed(difference)));
        } else {
            results.addAll(compared(stored, protocol.get()));
        }
        return results;
    }

    /** What the provider was answered. */
    static Answer answer(CallbackLine line) {
        if (line.outcome() != Outcome.REJECTED) {
            return line.outcome().answer();
        }
        return Rejection.valueOf(Objects.requireNonNull(line.reason())).answer();
    }

    private static List<CheckResult> rejected(Stored stored, CallbackProtocol protocol) {
        var reason = Rejection.valueOf(Objects.requireNonNull(stored.line().reason()));
        var passed = protocol.passedBefore(reason);
        var results = new ArrayList<CheckResult>();
        for (var check : protocol.checks()) {
            if (check == reason.check()) {
                results.add(stored.differences().stream()
                        .map(ExplainChecks::failed)
                        .findFirst()
                        .orElseGet(() -> new CheckResult(check, Result.FAILED, null, null)));
            } else {
                var result = passed.contains(check) ? Result.PASSED : Result.NOT_REACHED;
                results.add(new CheckResult(check, result, null, null));
            }
        }
        return results;
    }

    private List<CheckResult> compared(Stored stored, CallbackProtocol protocol) {
        var failed = stored.differences().stream().map(ExplainChecks::failed).toList();
        var failedChecks = new HashSet<>(
                stored.differences().stream().map(Comparison::check).toList());
        var results = new ArrayList<CheckResult>();
        if (protocol.verify(stored.delivery()) instanceof Verdict.Genuine(var fact, var notificationId)) {
            var delivery = stored.delivery();
            var known = payments.look(Set.of(fact.outTradeNo())).get(fact.outTradeNo());
            var booking =
                    new Booking(delivery.provider(), delivery.account(), protocol.identity(delivery.account()), fact);
            Decide.decide(booking, Optional.ofNullable(known)).comparisons().stream()
                    .filter(comparison -> !failedChecks.contains(comparison.check()))
                    .map(ExplainChecks::passed)
                    .forEach(results::add);
        }
        results.addAll(failed);
        results.sort(Comparator.comparing(CheckResult::check));
        return results;
    }

    private static CheckResult passed(Comparison comparison) {
        return new CheckResult(comparison.check(), Result.PASSED, comparison.expected(), comparison.actual());
    }

    static CheckResult failed(Comparison comparison) {
        return new CheckResult(comparison.check(), Result.FAILED, comparison.expected(), comparison.actual());
    }
}
