package io.tallyhook.sandbox.simulator;

import java.time.Duration;

/** Runs something later. Tests turn its hand themselves. */
@FunctionalInterface
interface Timer {

    void in(Duration delay, Runnable task);
}
