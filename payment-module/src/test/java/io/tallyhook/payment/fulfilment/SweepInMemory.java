package io.tallyhook.payment.fulfilment;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.transaction.PlatformTransactionManager;
import tallyhook.testing.Nowhere;

/** A sweep that hands out single payments of a store in memory. */
public final class SweepInMemory extends Sweep {

    private static final FulfilmentSettings SETTINGS = new FulfilmentSettings(
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            100,
            20,
            Duration.ofSeconds(15),
            Duration.ofHours(2),
            Duration.ofSeconds(30),
            10_000,
            1,
            1,
            1,
            Duration.ZERO);
    private static final ListenerPool NOBODY = new ListenerPool(SETTINGS, new SimpleMeterRegistry());

    private final Consumer<String> handOut;

    public SweepInMemory(PlatformTransactionManager transactions, Consumer<String> handOut) {
        super(Nowhere.jdbc(), transactions, event -> {}, NOBODY, SETTINGS, Set.of());
        this.handOut = handOut;
    }

    @Override
    public void handOut(String outTradeNo) {
        handOut.accept(outTradeNo);
    }
}
