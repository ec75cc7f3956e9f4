package io.tallyhook.payment.policy;

import java.util.List;
import org.springframework.stereotype.Component;

/** What policies have decided, for people. */
@Component
public class Policies {

    private final Decisions decisions;

    Policies(Decisions decisions) {
        this.decisions = decisions;
    }

    /** What was decided about a payment, newest first. */
    public List<PolicyDecision> decisions(String outTradeNo) {
        return decisions.of(outTradeNo);
    }
}
