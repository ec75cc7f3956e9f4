package io.tallyhook.payment.policy;

import org.springframework.boot.test.context.TestComponent;

/** Lets stories take the steps of the policies one by one. */
@TestComponent
public class PolicyBroom {

    private final PolicySweep sweep;
    private final StartedRefunds started;

    PolicyBroom(PolicySweep sweep, StartedRefunds started) {
        this.sweep = sweep;
        this.started = started;
    }

    public boolean decideOne() {
        return sweep.decideOne();
    }

    public boolean askForOne() {
        return sweep.askForOne();
    }

    public void learn() {
        var _ = started.learnHowRefundsEnded();
    }
}
