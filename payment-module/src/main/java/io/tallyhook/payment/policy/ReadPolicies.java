package io.tallyhook.payment.policy;

import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.provider.settings.UnusableSetting;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * Reads {@code tallyhook.policies} and refuses what cannot be meant: a purpose, case or action that does not exist, an action
 * that does not fit its case, and a wallet where no module offers one.
 */
final class ReadPolicies {

    static final String PREFIX = "tallyhook.policies";

    private static final String DEFAULT = "default";
    private static final Set<String> SINGLE = Set.of("after", "refundatmost", "creditatmost", "sweepevery");

    private final Binder binder;
    private final Map<String, String> purposes;
    private final boolean wallet;

    /** @param wallet whether a module keeps balances of users */
    ReadPolicies(Binder binder, Set<Purpose> purposes, boolean wallet) {
        this.binder = binder;
        this.wallet = wallet;
        this.purposes = purposes.stream()
                .map(Purpose::code)
                .collect(Collectors.toMap(ReadPolicies::key, code -> code, (one, same) -> one, TreeMap::new));
    }

    PolicySettings read() {
        refuseUnknown();
        var usual = line(DEFAULT, Map.of());
        var lines = new HashMap<String, Map<PolicyCase, Action>>();
        purposes.forEach((key, code) -> lines.put(code, line(key, usual)));
        var after = single("after", Duration.class, Duration.ofMinutes(1));
        if (after.isNegative()) {
            throw new UnusableSetting(PREFIX + ".after", "must not be negative");
        }
        return new PolicySettings(after, limit("refund-at-most"), limit("credit-at-most"), Map.copyOf(lines), usual);
    }

    private long limit(String name) {
        long atMost = single(name, Long.class, 100_000L);
        if (atMost < 0) {
            throw new UnusableSetting(PREFIX + "." + name, "must be an amount in minor units, or 0 to ask always");
        }
        return atMost;
    }

    private <T> T single(String name, Class<T> type, T otherwise) {
        var property = PREFIX + "." + name;
        try {
            return binder.bind(property, type).orElse(otherwise);
        } catch (BindException e) {
            throw new UnusableSetting(property, "cannot be read");
        }
    }

    private void refuseUnknown() {
        binder.bind(PREFIX, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet()
                .forEach(this::requireKnown);
    }

    private void requireKnown(String key) {
        var first = key.split("\\.", 2)[0];
        var plain = plain(first);
        boolean known = SINGLE.contains(plain)
                || plain.equals(DEFAULT)
                || purposes.keySet().stream().map(ReadPolicies::plain).anyMatch(plain::equals);
        if (!known) {
            throw new UnusableSetting(
                    PREFIX + "." + first,
                    "names no purpose: there are %s and %s".formatted(DEFAULT, String.join(", ", purposes.keySet())));
        }
    }

    private Map<PolicyCase, Action> line(String key, Map<PolicyCase, Action> usual) {
        var prefix = PREFIX + "." + key;
        var written =
                binder.bind(prefix, Bindable.mapOf(String.class, String.class)).orElse(Map.of());
        var line = new EnumMap<PolicyCase, Action>(PolicyCase.class);
        for (var of : PolicyCase.values()) {
            line.put(of, usual.getOrDefault(of, of.usual()));
        }
        written.forEach((name, value) -> {
            var property = prefix + "." + name;
            var of = constant(PolicyCase.values(), name)
                    .orElseThrow(() ->
                            new UnusableSetting(property, "is no case: there are late, surplus, cancelled, amount"));
            line.put(of, action(property, of, value));
        });
        return Map.copyOf(line);
    }

    private Action action(String property, PolicyCase of, String value) {
        var action = constant(Action.values(), value)
                .orElseThrow(() -> new UnusableSetting(
                        property, "is %s, which is no policy: there are %s".formatted(value, of.possible())));
        if (!of.possible().contains(action)) {
            throw new UnusableSetting(
                    property, "must be one of %s, not %s: %s".formatted(of.possible(), action, of.whyNot()));
        }
        if (action == Action.CREDIT_TO_WALLET && !wallet) {
            throw new UnusableSetting(property, "is %s, but no module here offers a wallet".formatted(action));
        }
        return action;
    }

    private static <E extends Enum<E>> Optional<E> constant(E[] all, String text) {
        return Arrays.stream(all)
                .filter(one -> plain(one.name()).equals(plain(text.strip())))
                .findFirst();
    }

    /** {@code GIFT_CARD} is written {@code gift-card}. */
    private static String key(String code) {
        return code.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    }
}
