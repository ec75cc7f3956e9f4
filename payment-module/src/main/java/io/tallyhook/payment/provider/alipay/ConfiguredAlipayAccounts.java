package io.tallyhook.payment.provider.alipay;

import io.tallyhook.payment.provider.settings.AccountSettings;
import io.tallyhook.payment.provider.settings.ProviderSettings;
import io.tallyhook.payment.provider.settings.UnusableSetting;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The live accounts at Alipay, from {@code tallyhook.providers.alipay}. */
@Component
final class ConfiguredAlipayAccounts implements AlipayAccountSource {

    private final List<AlipayAccount> accounts;

    ConfiguredAlipayAccounts(ProviderSettings settings) {
        this.accounts = settings.alipay().entrySet().stream()
                .map(entry -> account(new AccountSettings(AlipayCallbacks.PROVIDER, entry.getKey()), entry.getValue()))
                .toList();
    }

    @Override
    public List<AlipayAccount> alipayAccounts() {
        return accounts;
    }

    private static AlipayAccount account(AccountSettings settings, ProviderSettings.Alipay values) {
        var appPrivateKey = appPrivateKey(settings, values);
        return new AlipayAccount(
                settings.account(),
                settings.matching("app-id", values.appId(), "[0-9]{8,32}", "the application's number, digits only"),
                settings.matching("seller-id", values.sellerId(), "2088[0-9]{12}", "16 digits that begin with 2088"),
                appPrivateKey,
                alipayPublicKey(settings, values, appPrivateKey),
                charset(settings, values),
                settings.address("gateway-url", values.gatewayUrl(), AlipayAccount.ALIPAY));
    }

    private static Optional<PrivateKey> appPrivateKey(AccountSettings settings, ProviderSettings.Alipay values) {
        return settings.optional("app-private-key", values.appPrivateKey())
                .map(text -> settings.key("app-private-key", text).privateKey());
    }

    /** Alipay's console shows the application's public key beside its own, and the wrong one is copied easily. */
    private static PublicKey alipayPublicKey(
            AccountSettings settings, ProviderSettings.Alipay values, Optional<PrivateKey> appPrivateKey) {
        var key = settings.key("alipay-public-key", values.alipayPublicKey()).publicKey();
        if (appPrivateKey.isPresent()
                && ((RSAKey) appPrivateKey.get()).getModulus().equals(((RSAKey) key).getModulus())) {
            throw new UnusableSetting(
                    settings.property("alipay-public-key"),
                    "is the public key of the application; it must be the one of Alipay");
        }
        return key;
    }

    private static Charset charset(AccountSettings settings, ProviderSettings.Alipay values) {
        var name = settings.optional("charset", values.charset()).orElse("UTF-8");
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "UTF-8" -> StandardCharsets.UTF_8;
            case "GBK" -> Charset.forName("GBK");
            default -> throw new UnusableSetting(settings.property("charset"), "must be UTF-8 or GBK");
        };
    }
}
