package io.tallyhook.payment.fulfilment;

/** Lets tests of other packages sweep when they want to. */
public record Broom(Sweep sweep) {

    /** One batch of what is due. */
    public void use() {
        sweep.handOutDue();
    }
}
