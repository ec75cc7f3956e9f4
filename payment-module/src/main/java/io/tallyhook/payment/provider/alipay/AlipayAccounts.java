package io.tallyhook.payment.provider.alipay;

import static java.util.function.UnaryOperator.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.security.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** All our accounts at Alipay, wherever they come from. */
@Component
final class AlipayAccounts {

    private final Map<String, AlipayAccount> byName;

    @Autowired
    AlipayAccounts(List<AlipayAccountSource> sources) {
        this.byName = sources.stream()
                .flatMap(source -> source.alipayAccounts().stream())
                .collect(toUnmodifiableMap(AlipayAccount::name, identity(), (one, other) -> {
                    throw new IllegalStateException(
                            "Two Alipay accounts are named %s; give one of them another name under tallyhook.providers.alipay"
                                    .formatted(one.name()));
                }));
    }

    private AlipayAccounts(Map<String, AlipayAccount> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** The same accounts, each of Alipay's keys in another form. */
    AlipayAccounts withKeys(UnaryOperator<PublicKey> form) {
        var all = new HashMap<String, AlipayAccount>();
        byName.forEach((name, account) -> all.put(name, account.withKey(form)));
        return new AlipayAccounts(all);
    }

    Set<String> names() {
        return byName.keySet();
    }

    Optional<AlipayAccount> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    AlipayAccount named(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("There is no Alipay account " + name));
    }
}
