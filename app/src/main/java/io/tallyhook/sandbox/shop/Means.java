package io.tallyhook.sandbox.shop;

import io.tallyhook.sandbox.simulator.SimulatedProvider;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a customer pays with. */
enum Means {
    WECHAT(SimulatedProvider.WECHAT),
    ALIPAY(SimulatedProvider.ALIPAY),
    /** The wallet that Tallyhook keeps: nobody else is asked, and it is paid at once. */
    BALANCE(null);

    private final Optional<SimulatedProvider> provider;

    Means(@Nullable SimulatedProvider provider) {
        this.provider = Optional.ofNullable(provider);
    }

    /** Who collects the money; nobody, if it is here already. */
    Optional<SimulatedProvider> provider() {
        return provider;
    }
}
