package io.tallyhook.payment.callback;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.callback.CallbackServlet.CallbackAddress;
import io.tallyhook.payment.provider.CallbackProtocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** The providers that may call us, by name. */
@Component
class Protocols {

    private final Map<String, CallbackProtocol> byProvider;

    Protocols(List<CallbackProtocol> protocols) {
        this.byProvider = protocols.stream().collect(Collectors.toMap(CallbackProtocol::provider, Function.identity()));
    }

    /** Who is behind an address; empty for an unknown provider or account. */
    Optional<CallbackProtocol> find(CallbackAddress address) {
        return find(address.provider(), address.account());
    }

    Optional<CallbackProtocol> find(String provider, String account) {
        return Optional.ofNullable(byProvider.get(provider))
                .filter(protocol -> protocol.accounts().contains(account));
    }

    /** @throws Refusal (409) if this account is not configured any more */
    CallbackProtocol require(String provider, String account) {
        return find(provider, account)
                .orElseThrow(() -> Refusal.conflict(
                        "account-not-configured",
                        "The account %s/%s is not configured any more, so the delivery cannot be verified."
                                .formatted(provider, account)));
    }
}
