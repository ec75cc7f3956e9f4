package io.tallyhook.payment;

import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.PaymentGateway;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The providers, accounts and methods that payments can be opened with. */
@Component
class Channels {

    /** The shop orders at the provider itself; we only await the callback. */
    static final String EXTERNAL = "external";

    private final Map<String, CallbackProtocol> protocols;
    private final Map<String, PaymentGateway> gateways;
    private final Map<String, InstantMethod> instants;

    Channels(List<CallbackProtocol> protocols, List<PaymentGateway> gateways, ObjectProvider<InstantMethod> instants) {
        this.protocols = byProvider(protocols, CallbackProtocol::provider);
        this.gateways = byProvider(gateways, PaymentGateway::provider);
        this.instants = byProvider(instants.stream().toList(), InstantMethod::provider);
        requireOwnNames();
    }

    /**
     * @return the channel with its account
     * @throws Refusal (400) naming what does not exist, and what does
     */
    PaymentRequest.Channel require(PaymentRequest.Channel asked) {
        var provider = asked.provider();
        requireOneOf(providers(), "provider", provider, "");
        var account = asked.account() == null
                ? instant(provider).map(InstantMethod::account).orElse(null)
                : asked.account();
        requireOneOf(accounts(provider), "account", account, " at " + provider);
        requireOneOf(methods(provider), "method", asked.method(), " at " + provider);
        if (gateway(provider, asked.method()).isEmpty() && !asked.fields().isEmpty()) {
            throw Refusal.badField(
                    asked.fields().keySet().iterator().next(), "is unknown to the method " + asked.method());
        }
        return new PaymentRequest.Channel(provider, account, asked.method(), asked.expiresIn(), asked.fields());
    }

    /** Whom to call for a payment of this provider and method; nobody for {@code external} or what is paid at once. */
    Optional<PaymentGateway> gateway(String provider, String method) {
        return method.equals(EXTERNAL) ? Optional.empty() : Optional.ofNullable(gateways.get(provider));
    }

    /** How to pay at once, if that is what this name of a provider stands for. */
    Optional<InstantMethod> instant(String provider) {
        return Optional.ofNullable(instants.get(provider));
    }

    /** The names that stand for a way to pay at once. */
    Set<String> instants() {
        return instants.keySet();
    }

    private Set<String> providers() {
        return union(protocols.keySet(), instants.keySet());
    }

    private Set<String> accounts(String provider) {
        var protocol = protocols.get(provider);
        return protocol == null
                ? instant(provider).map(method -> Set.of(method.account())).orElse(Set.of())
                : protocol.accounts();
    }

    private Set<String> methods(String provider) {
        return instant(provider).map(method -> Set.of(method.method())).orElseGet(() -> {
            var gateway = gateways.get(provider);
            return union(gateway == null ? Set.of() : gateway.methods(), Set.of(EXTERNAL));
        });
    }

    /** Else a callback could name a payment that nobody outside may confirm. */
    private void requireOwnNames() {
        for (var name : instants.keySet()) {
            if (protocols.containsKey(name) || gateways.containsKey(name)) {
                throw new IllegalStateException(
                        "'%s' names a provider and a method that pays at once: rename one of them".formatted(name));
            }
        }
    }

    private static void requireOneOf(Set<String> known, String field, @Nullable String value, String where) {
        if (value == null || !known.contains(value)) {
            var names = known.stream().sorted().collect(Collectors.joining(", "));
            throw Refusal.badField(field, "must be one of " + names + where);
        }
    }

    private static Set<String> union(Collection<String> some, Collection<String> others) {
        var all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    private static <T> Map<String, T> byProvider(List<T> all, Function<T, String> provider) {
        return all.stream().collect(Collectors.toMap(provider, Function.identity()));
    }
}
