package io.tallyhook.payment.policy;

import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.policy.Verdict.Why;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Gives back all of a payment that was released with another amount. It is promised with the booking, and asked for afterwards
 * as often as it takes, under the one number that there is for it.
 */
@Component
public class ReleasedRefunds {

    private final Decisions decisions;
    private final StartedRefunds started;
    private final AskForRefund refund;

    ReleasedRefunds(Decisions decisions, StartedRefunds started, AskForRefund refund) {
        this.decisions = decisions;
        this.started = started;
        this.refund = refund;
    }

    /**
     * Writes that it is to go back, in the transaction that books it.
     *
     * @param received in minor units
     * @param by who has proposed it, or the policy
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void promise(String outTradeNo, String purpose, long received, String by) {
        var payment = new ParkedPayment(outTradeNo, purpose, ParkingReason.OTHER_AMOUNT, received, false);
        var why = by.startsWith("policy:") ? Why.SETTING : Why.RELEASED;
        decisions.write(payment, new Verdict(Action.REFUND, why), number(outTradeNo), by);
    }

    /** Asks for it now; if that is cut short, a sweep goes on. Must not be called in a transaction. */
    public void ask(String outTradeNo) {
        started.find(outTradeNo, number(outTradeNo)).ifPresent(refund::ask);
    }

    private static String number(String outTradeNo) {
        return StartedRefund.number(outTradeNo, ParkingReason.OTHER_AMOUNT);
    }
}
