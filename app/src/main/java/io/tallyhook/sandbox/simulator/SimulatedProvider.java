package io.tallyhook.sandbox.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A provider that is played here, with how patiently it repeats a callback and what it takes for an answer. */
public enum SimulatedProvider {

    /** 15 repeats in 24 h 4 min; the status alone decides (WeChat Pay APIv3, payment notification). */
    WECHAT("15s 15s 30s 3m 10m 20m 30m 30m 30m 60m 3h 3h 3h 6h 6h") {
        @Override
        boolean accepts(int status, String body) {
            return status == 200 || status == 204;
        }
    },

    /** 7 repeats in 24 h 24 min; only the seven letters {@code success} count (Alipay, asynchronous notification). */
    ALIPAY("4m 10m 10m 1h 2h 6h 15h") {
        @Override
        boolean accepts(int status, String body) {
            return status == 200 && body.equals("success");
        }
    };

    private final List<Duration> gaps;

    SimulatedProvider(String gaps) {
        this.gaps = Stream.of(gaps.split(" "))
                .map(gap -> Duration.parse("PT" + gap.toUpperCase(Locale.ROOT)))
                .toList();
    }

    /** The name in callback addresses and in the merchant API. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The provider of that name. */
    public static Optional<SimulatedProvider> of(String id) {
        return Stream.of(values()).filter(provider -> provider.id().equals(id)).findFirst();
    }

    /** How long it waits after each failed attempt, in the provider's time; after the last there is no further one. */
    List<Duration> gaps() {
        return gaps;
    }

    abstract boolean accepts(int status, String body);
}
