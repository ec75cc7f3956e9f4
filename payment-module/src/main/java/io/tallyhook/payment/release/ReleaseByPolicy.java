package io.tallyhook.payment.release;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.Accepted;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.callback.QuarantinedDeliveries;
import io.tallyhook.payment.callback.QuarantinedDeliveries.Quarantined;
import io.tallyhook.payment.policy.AmountPolicy;
import io.tallyhook.payment.policy.ReleasedRefunds;
import io.tallyhook.payment.release.Release.Action;
import io.tallyhook.payment.release.Untouched.Delivered;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives back what came in another amount, where the configuration says so and no person has begun with it. Any number of
 * instances may run it.
 */
@Component
class ReleaseByPolicy {

    private static final Logger log = LoggerFactory.getLogger(ReleaseByPolicy.class);

    /** How many one sweep decides at most; the next one goes on. */
    private static final int PER_SWEEP = 100;

    private final AmountPolicy policy;
    private final Untouched untouched;
    private final QuarantinedDeliveries deliveries;
    private final PaymentsUnderDecision payments;
    private final ExamineDelivery examine;
    private final ReleaseRows rows;
    private final BookRelease book;
    private final ReleasedRefunds refunds;
    private final TransactionTemplate transaction;

    ReleaseByPolicy(
            AmountPolicy policy,
            Untouched untouched,
            QuarantinedDeliveries deliveries,
            PaymentsUnderDecision payments,
            ExamineDelivery examine,
            ReleaseRows rows,
            BookRelease book,
            ReleasedRefunds refunds,
            PlatformTransactionManager transactions) {
        this.policy = policy;
        this.untouched = untouched;
        this.deliveries = deliveries;
        this.payments = payments;
        this.examine = examine;
        this.rows = rows;
        this.book = book;
        this.refunds = refunds;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Scheduled(
            fixedDelayString = "${tallyhook.policies.sweep-every:10s}",
            initialDelayString = "${tallyhook.policies.sweep-every:10s}")
    void sweep() {
        for (int i = 0; i < PER_SWEEP && decideOne(); i++) {
            log.debug("One more was decided");
        }
    }

    /** @return whether there was one */
    boolean decideOne() {
        var purposes = policy.purposes();
        if (purposes.isEmpty()) {
            return false;
        }
        var found = untouched.oldest(purposes, policy.after());
        found.ifPresent(this::decide);
        return found.isPresent();
    }

    private void decide(Delivered delivered) {
        try {
            var delivery = deliveries.verify(delivered.callbackId().toString());
            if (transaction.execute(status -> released(delivery, delivered.purpose()))) {
                refunds.ask(delivered.outTradeNo());
            }
        } catch (Refusal refusal) {
            log.warn("Payment {} is not released by its policy: {}", delivered.outTradeNo(), refusal.getMessage());
            transaction.executeWithoutResult(status -> asks(delivered, refusal));
        }
    }

    private boolean released(Quarantined delivery, String purpose) {
        var number = delivery.booking().fact().outTradeNo();
        var payment = payments.lock(List.of(number)).get(number);
        if (!untouched.isStill(number)) {
            return false;
        }
        var possible = examine.examine(delivery.booking(), payment);
        var received = possible.received();
        if (!policy.givesBack(number, purpose, received.minorUnits())) {
            return false;
        }
        var name = AmountPolicy.name(purpose);
        rows.releaseByPolicy(possible, delivery.callbackId(), name);
        book.book(delivery.booking().accepting(new Accepted(received, false)), purpose, Action.REFUND, name, name);
        log.info("Payment {} was paid with {}: released by its policy, to go back", number, received);
        return true;
    }

    /** What cannot be released is a person's, unless it needs nobody any more. */
    private void asks(Delivered delivered, Refusal why) {
        var number = delivered.outTradeNo();
        var payment = payments.lock(List.of(number)).get(number);
        if (payment != null && !payment.state().wasPaid() && untouched.isStill(number)) {
            policy.asks(number, delivered.purpose(), why.detail());
        }
    }
}
