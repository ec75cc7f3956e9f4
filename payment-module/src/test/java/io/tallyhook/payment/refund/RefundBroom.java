package io.tallyhook.payment.refund;

import org.springframework.boot.test.context.TestComponent;

/** Lets stories take the steps of refunds one by one, with no thread but their own. */
@TestComponent
public class RefundBroom {

    private final RefundSweep sweep;

    RefundBroom(RefundSweep sweep) {
        this.sweep = sweep;
    }

    /** From now on nothing happens by itself. */
    public void stopTheThreads() {
        sweep.destroy();
    }

    public boolean advanceOne() {
        return sweep.advanceOne();
    }

    public boolean unwindOne() {
        return sweep.unwindOne();
    }
}
