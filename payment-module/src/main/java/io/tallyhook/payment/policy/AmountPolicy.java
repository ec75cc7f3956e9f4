package io.tallyhook.payment.policy;

import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.policy.Verdict.Why;
import java.time.Duration;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * What the policies say about genuine deliveries of another amount: a person decides, or all of it goes back. It goes back to
 * where it came from and nothing is handed out for it, so whoever configures that has been asked; everything else takes two.
 */
@Component
public class AmountPolicy {

    private final PolicySettings settings;
    private final Decisions decisions;

    AmountPolicy(PolicySettings settings, Decisions decisions) {
        this.settings = settings;
        this.decisions = decisions;
    }

    /** In whose name it is done. */
    public static String name(String purpose) {
        return "policy:%s.amount".formatted(purpose);
    }

    /** The purposes whose money goes back by itself. */
    public Set<String> purposes() {
        return settings.purposesWith(PolicyCase.AMOUNT, Action.REFUND);
    }

    /** How long it stays with people first. */
    public Duration after() {
        return settings.after();
    }

    /**
     * Decides about a delivery, in the running transaction, in which its payment is locked.
     *
     * @param received in minor units
     * @return whether it goes back; else it is written that a person is asked, and why
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean givesBack(String outTradeNo, String purpose, long received) {
        var payment = payment(outTradeNo, purpose, received);
        var verdict = Verdict.of(payment, settings);
        if (verdict.action() != Action.REFUND) {
            decisions.write(payment, verdict, null);
        }
        return verdict.action() == Action.REFUND;
    }

    /** Writes that a person is asked, since it cannot be released. */
    public void asks(String outTradeNo, String purpose, String detail) {
        var nothing = payment(outTradeNo, purpose, 0);
        decisions.writeInVain(nothing, new Verdict(Action.ASK, Why.SETTING), detail);
    }

    private static ParkedPayment payment(String outTradeNo, String purpose, long received) {
        return new ParkedPayment(outTradeNo, purpose, ParkingReason.OTHER_AMOUNT, received, false);
    }
}
