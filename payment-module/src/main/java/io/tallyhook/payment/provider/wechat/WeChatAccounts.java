package io.tallyhook.payment.provider.wechat;

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

/** All our accounts at WeChat Pay, wherever they come from. */
@Component
final class WeChatAccounts {

    private final Map<String, WeChatAccount> byName;

    @Autowired
    WeChatAccounts(List<WeChatAccountSource> sources) {
        this.byName = sources.stream()
                .flatMap(source -> source.weChatAccounts().stream())
                .collect(toUnmodifiableMap(WeChatAccount::name, identity(), (one, other) -> {
                    throw new IllegalStateException(
                            "Two WeChat Pay accounts are named %s; give one of them another name under tallyhook.providers.wechat"
                                    .formatted(one.name()));
                }));
    }

    private WeChatAccounts(Map<String, WeChatAccount> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** The same accounts, each platform key in another form. */
    WeChatAccounts withKeys(UnaryOperator<PublicKey> form) {
        var all = new HashMap<String, WeChatAccount>();
        byName.forEach((name, account) -> all.put(name, account.withKeys(form)));
        return new WeChatAccounts(all);
    }

    Set<String> names() {
        return byName.keySet();
    }

    Optional<WeChatAccount> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    WeChatAccount named(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("There is no WeChat Pay account " + name));
    }
}
