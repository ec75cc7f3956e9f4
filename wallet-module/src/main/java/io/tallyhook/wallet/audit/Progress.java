package io.tallyhook.wallet.audit;

/** Is told at which step of how many long work is, before each. */
@FunctionalInterface
interface Progress {

    Progress UNSEEN = (step, steps, doing) -> {};

    /** @param doing what this step is about, such as the name of an invariant */
    void at(int step, int steps, String doing);
}
