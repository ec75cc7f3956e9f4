package io.tallyhook.payment.callback;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Decide;
import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.booking.IntakeUnavailable;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.callback.CallbackDetail.CheckResult;
import io.tallyhook.payment.callback.CallbackRows.Stored;
import io.tallyhook.payment.callback.Replay.Change;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Runs a stored delivery again, or says what that would do. */
@Component
class ReplayCallback {

    private final Protocols protocols;
    private final PaymentsUnderDecision payments;
    private final Intake intake;
    private final CallbackInterventions interventions;

    ReplayCallback(
            Protocols protocols, PaymentsUnderDecision payments, Intake intake, CallbackInterventions interventions) {
        this.protocols = protocols;
        this.payments = payments;
        this.intake = intake;
        this.interventions = interventions;
    }

    Replay dryRun(Stored stored) {
        var protocol = protocol(stored.delivery());
        return switch (protocol.verify(stored.delivery())) {
            case Verdict.Rejected rejected -> rejected(stored, true, rejected);
            case Verdict.Genuine genuine -> {
                var number = genuine.fact().outTradeNo();
                var known = Optional.ofNullable(payments.look(Set.of(number)).get(number));
                yield decided(stored, true, Decide.decide(booking(stored, protocol, genuine), known));
            }
        };
    }

    Replay run(Stored stored, String actor) {
        var protocol = protocol(stored.delivery());
        return switch (protocol.verify(stored.delivery())) {
            case Verdict.Rejected rejected -> {
                interventions.record(
                        actor,
                        "REPLAY_CALLBACK",
                        stored.line(),
                        InterventionResult.of(Code.REPLAY_REJECTED, rejected.reason()));
                yield rejected(stored, false, rejected);
            }
            case Verdict.Genuine genuine -> decided(stored, false, book(stored, actor, protocol, genuine));
        };
    }

    private Decision book(Stored stored, String actor, CallbackProtocol protocol, Verdict.Genuine genuine) {
        try {
            return intake.book(
                    booking(stored, protocol, genuine),
                    stored,
                    group -> group.forEach(decided -> interventions.record(
                            actor,
                            "REPLAY_CALLBACK",
                            stored.line(),
                            InterventionResult.of(
                                    Code.REPLAYED, decided.decision().outcome()))));
        } catch (IntakeUnavailable e) {
            throw Refusal.of(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "intake-unavailable",
                    "The delivery could not be booked now. Look at the payment, then try again.");
        }
    }

    private CallbackProtocol protocol(Delivery delivery) {
        return protocols.require(delivery.provider(), delivery.account());
    }

    private static Booking booking(Stored stored, CallbackProtocol protocol, Verdict.Genuine genuine) {
        var delivery = stored.delivery();
        return new Booking(
                delivery.provider(), delivery.account(), protocol.identity(delivery.account()), genuine.fact());
    }

    private static Replay rejected(Stored stored, boolean dryRun, Verdict.Rejected rejected) {
        return new Replay(
                stored.line().callbackId(),
                dryRun,
                Outcome.REJECTED,
                rejected.reason().name(),
                List.of(new CheckResult(
                        rejected.reason().check(),
                        CallbackDetail.Result.FAILED,
                        rejected.expected(),
                        rejected.actual())),
                List.of(),
                null);
    }

    private static Replay decided(Stored stored, boolean dryRun, Decision decision) {
        return new Replay(
                stored.line().callbackId(),
                dryRun,
                decision.outcome(),
                null,
                decision.differences().stream().map(ExplainChecks::failed).toList(),
                decision.change().map(ReplayCallback::changes).orElse(List.of()),
                decision.change().flatMap(ReplayCallback::handsOut).orElse(null));
    }

    private static List<Change> changes(Decision.Change change) {
        var before = change.before();
        var after = change.after();
        var payment = "payment " + after.outTradeNo();
        var all = new ArrayList<Change>();
        add(all, payment + " state", before.state(), after.state());
        add(all, payment + " fulfilment", before.fulfilment(), after.fulfilment());
        add(all, payment + " reason", before.reason(), after.reason());
        add(all, payment + " transaction", before.providerTransactionId(), after.providerTransactionId());
        add(all, payment + " received", before.received(), after.received());
        add(all, payment + " paid at", before.paidAt(), after.paidAt());
        add(all, payment + " refunded", before.refunded(), after.refunded());
        var refund = change.refund();
        if (refund != null) {
            var known = before.refunds().get(refund.refundNo());
            add(all, "refund " + refund.refundNo(), known == null ? null : known.state(), refund.state());
        }
        return all;
    }

    private static void add(List<Change> changes, String what, @Nullable Object from, @Nullable Object to) {
        if (!Objects.equals(from, to)) {
            changes.add(new Change(what, from == null ? null : from.toString(), to == null ? null : to.toString()));
        }
    }

    private static Optional<String> handsOut(Decision.Change change) {
        return change.before().fulfilment() == FulfilmentState.NONE
                        && change.after().fulfilment() == FulfilmentState.PENDING
                ? Optional.of(change.after().purpose() + " " + change.after().reference())
                : Optional.empty();
    }
}
