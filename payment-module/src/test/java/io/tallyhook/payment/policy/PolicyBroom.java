package io.tallyhook.payment.policy;

import org.springframework.boot.test.context.TestComponent;

/** Lets stories take the steps of the policies one by one. */
@TestComponent
public class PolicyBroom {

    private final PolicySweep sweep;
    private final Decisions decisions;

    PolicyBroom(PolicySweep sweep, Decisions decisions) {
        this.sweep = sweep;
        this.decisions = decisions;
    }

    public boolean decideOne() {
        return sweep.decideOne();
    }

    public boolean askForOne() {
        return sweep.askForOne();
    }

    public void learn() {
        var _ = decisions.learnHowRefundsEnded();
    }
}
