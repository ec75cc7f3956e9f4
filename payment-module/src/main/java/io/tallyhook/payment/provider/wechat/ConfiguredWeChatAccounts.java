package io.tallyhook.payment.provider.wechat;

import io.tallyhook.payment.provider.settings.AccountSettings;
import io.tallyhook.payment.provider.settings.ProviderSettings;
import io.tallyhook.payment.provider.settings.UnusableSetting;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.springframework.stereotype.Component;

/** The live accounts at WeChat Pay, from {@code tallyhook.providers.wechat}. */
@Component
final class ConfiguredWeChatAccounts implements WeChatAccountSource {

    private final List<WeChatAccount> accounts;

    ConfiguredWeChatAccounts(ProviderSettings settings) {
        this.accounts = settings.wechat().entrySet().stream()
                .map(entry -> account(new AccountSettings(WeChatCallbacks.PROVIDER, entry.getKey()), entry.getValue()))
                .toList();
    }

    @Override
    public List<WeChatAccount> weChatAccounts() {
        return accounts;
    }

    private static WeChatAccount account(AccountSettings settings, ProviderSettings.WeChat values) {
        var appId = settings.required("app-id", values.appId());
        var mchId = settings.matching("mch-id", values.mchId(), "[0-9]{8,32}", "the merchant's number, digits only");
        var apiV3Key = apiV3Key(settings, values);
        var platformKeys = platformKeys(settings, values);
        return new WeChatAccount(
                settings.account(),
                appId,
                mchId,
                apiV3Key,
                signing(settings, values, platformKeys.firstEntry().getKey()),
                Map.copyOf(platformKeys),
                settings.address("base-url", values.baseUrl(), WeChatAccount.WECHAT_PAY));
    }

    private static byte[] apiV3Key(AccountSettings settings, ProviderSettings.WeChat values) {
        var rule = "exactly 32 ASCII characters, as set on the merchant platform";
        return settings.matching("api-v3-key", values.apiV3Key(), "[!-~]{32}", rule)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The public key first, as WeChat Pay is leaving the certificates. */
    private static SequencedMap<String, PublicKey> platformKeys(
            AccountSettings settings, ProviderSettings.WeChat values) {
        var keys = new LinkedHashMap<String, PublicKey>();
        if (values.publicKeyId() != null || values.publicKey() != null) {
            var rule = "the key's id, which begins with PUB_KEY_ID_";
            var id = settings.matching("public-key-id", values.publicKeyId(), "PUB_KEY_ID_[0-9A-Za-z]+", rule);
            keys.put(id, settings.key("public-key", values.publicKey()).publicKey());
        }
        for (int i = 0; i < values.certificates().size(); i++) {
            var certificate = settings.key(
                            "certificates[%d]".formatted(i),
                            values.certificates().get(i))
                    .certificate();
            keys.put(certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT), certificate.getPublicKey());
        }
        if (keys.isEmpty()) {
            throw new UnusableSetting(
                    settings.property("public-key"),
                    "is missing (with public-key-id), and so is certificates[0]; one of them must be there to verify callbacks with");
        }
        return keys;
    }

    private static Optional<WeChatAccount.Signing> signing(
            AccountSettings settings, ProviderSettings.WeChat values, String answerKeyId) {
        if (values.merchantSerial() == null && values.merchantPrivateKey() == null) {
            return Optional.empty();
        }
        return Optional.of(new WeChatAccount.Signing(
                settings.required("merchant-serial", values.merchantSerial()).toUpperCase(Locale.ROOT),
                settings.key("merchant-private-key", values.merchantPrivateKey())
                        .privateKey(),
                answerKeyId));
    }
}
