package io.tallyhook.payment.release;

import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.Interventions;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.callback.QuarantinedDeliveries;
import io.tallyhook.payment.callback.QuarantinedDeliveries.Quarantined;
import io.tallyhook.payment.release.Release.Action;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Lets a genuine delivery of another amount out of its quarantine, by two people: one says what shall happen and why, another
 * confirms it. Nothing is booked before that, and then nothing that would not fit at that moment but for the amount.
 */
@Component
public class Releases {

    private final QuarantinedDeliveries deliveries;
    private final PaymentsUnderDecision payments;
    private final ExamineDelivery examine;
    private final ReleaseRows rows;
    private final ConfirmRelease confirm;
    private final Interventions interventions;
    private final TransactionTemplate transaction;

    Releases(
            QuarantinedDeliveries deliveries,
            PaymentsUnderDecision payments,
            ExamineDelivery examine,
            ReleaseRows rows,
            ConfirmRelease confirm,
            Interventions interventions,
            PlatformTransactionManager transactions) {
        this.deliveries = deliveries;
        this.payments = payments;
        this.examine = examine;
        this.rows = rows;
        this.confirm = confirm;
        this.interventions = interventions;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** What could be done with a delivery now; nothing where it cannot be released. */
    public Optional<Releasable> possible(String callbackId) {
        try {
            var delivery = deliveries.verify(callbackId);
            var number = delivery.booking().fact().outTradeNo();
            return Optional.of(examine(delivery, payments.look(List.of(number))));
        } catch (Refusal refusal) {
            return Optional.empty();
        }
    }

    /**
     * Proposes to release a delivery. Books nothing.
     *
     * @param reason why: 1 to 200 characters that can be printed
     * @param actor who proposes it, and cannot confirm it
     * @throws Refusal 400 for the reason; 404 if there is no such delivery; 409 if it cannot be released, or another proposal
     *     waits for the same payment
     */
    public Release propose(String callbackId, Action action, String reason, String actor) {
        RefundRequest.requireWords("reason", reason);
        var delivery = deliveries.verify(callbackId);
        var number = delivery.booking().fact().outTradeNo();
        long id = transaction.execute(status -> {
            var possible = examine(delivery, payments.lock(List.of(number)));
            ExamineDelivery.requirePossible(possible, action);
            long proposed = rows.propose(possible, delivery.callbackId(), action, reason, actor)
                    .orElseThrow(() -> Refusal.conflict(
                            "release-proposed",
                            "A release of payment %s waits for a second person already. Decide on that first."
                                    .formatted(number)));
            var what = InterventionResult.of(Code.RELEASE_PROPOSED, action, possible.received(), reason);
            interventions.record(actor, "PROPOSE_RELEASE", number, delivery.callbackId(), what);
            return proposed;
        });
        return get(id);
    }

    /**
     * The second person confirms: the payment is paid with what was received, and what was proposed happens. Must not be called
     * in a transaction.
     *
     * @throws Refusal 404 if there is none; 409 if the actor has proposed it, somebody has decided on it before, or it cannot be
     *     released any more. Then nothing is booked
     */
    public Release confirm(long id, String actor) {
        confirm.confirm(get(id), actor);
        return get(id);
    }

    /**
     * Ends a proposal without booking anything. Who has proposed it withdraws it so.
     *
     * @param note why: 1 to 200 characters that can be printed
     * @throws Refusal 400 for the note; 404 if there is none; 409 if somebody has decided on it before
     */
    public Release reject(long id, String actor, String note) {
        RefundRequest.requireWords("note", note);
        confirm.reject(get(id), actor, note);
        return get(id);
    }

    /** All about a payment, newest first. */
    public List<Release> of(String outTradeNo) {
        return rows.of(outTradeNo);
    }

    /** Those that wait for a second person, oldest first. */
    public List<Release> waiting() {
        return rows.waiting();
    }

    private Releasable examine(Quarantined delivery, Map<String, KnownPayment> known) {
        return examine.examine(
                delivery.booking(), known.get(delivery.booking().fact().outTradeNo()));
    }

    /** @throws Refusal (404) if there is none */
    public Release get(long id) {
        return rows.find(id).orElseThrow(() -> Refusal.notFound("release", Long.toString(id)));
    }
}
