package io.tallyhook.payment;

import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.PaymentGateway;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The providers, accounts and methods that payments can be opened with. */
@Component
class Channels {

    /** The shop orders at the provider itself; we only await the callback. */
    static final String EXTERNAL = "external";

    private final Map<String, CallbackProtocol> protocols;
    private final Map<String, PaymentGateway> gateways;

    Channels(List<CallbackProtocol> protocols, List<PaymentGateway> gateways) {
        this.protocols = protocols.stream().collect(Collectors.toMap(CallbackProtocol::provider, Function.identity()));
        this.gateways = gateways.stream().collect(Collectors.toMap(PaymentGateway::provider, Function.identity()));
    }

    /** @throws Refusal (400) naming what does not exist, and what does */
    void require(PaymentRequest.Channel channel) {
        var protocol = protocols.get(channel.provider());
        if (protocol == null) {
            throw Refusal.badField("provider", "must be one of " + sorted(protocols.keySet()));
        }
        if (!protocol.accounts().contains(channel.account())) {
            throw Refusal.badField(
                    "account", "must be one of %s at %s".formatted(sorted(protocol.accounts()), channel.provider()));
        }
        if (!channel.method().equals(EXTERNAL) && !methods(channel.provider()).contains(channel.method())) {
            throw Refusal.badField(
                    "method",
                    "must be one of %s at %s"
                            .formatted(
                                    sorted(Stream.concat(methods(channel.provider()).stream(), Stream.of(EXTERNAL))
                                            .toList()),
                                    channel.provider()));
        }
        if (channel.method().equals(EXTERNAL) && !channel.fields().isEmpty()) {
            throw Refusal.badField(channel.fields().keySet().iterator().next(), "is unknown to the method external");
        }
    }

    /** Whom to call for a payment of this provider and method; nobody for {@code external}. */
    Optional<PaymentGateway> gateway(String provider, String method) {
        return method.equals(EXTERNAL) ? Optional.empty() : Optional.ofNullable(gateways.get(provider));
    }

    private Set<String> methods(String provider) {
        return Optional.ofNullable(gateways.get(provider))
                .map(PaymentGateway::methods)
                .orElse(Set.of());
    }

    private static String sorted(Collection<String> names) {
        return names.stream().sorted(Comparator.naturalOrder()).collect(Collectors.joining(", "));
    }
}
