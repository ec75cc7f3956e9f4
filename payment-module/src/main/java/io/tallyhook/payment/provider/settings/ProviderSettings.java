package io.tallyhook.payment.provider.settings;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The accounts at providers, by our name of them, as written in the configuration. Keys are PEM text, bare Base64, or a
 * resource location ({@code file:…}). An unknown name is an error: a misspelled key must not be taken for an absent one.
 */
@ConfigurationProperties(prefix = ProviderSettings.PREFIX, ignoreUnknownFields = false)
public record ProviderSettings(
        @DefaultValue Map<String, WeChat> wechat,
        @DefaultValue Map<String, Alipay> alipay) {

    static final String PREFIX = "tallyhook.providers";

    /** {@code tallyhook.providers.wechat.<account>}. */
    public record WeChat(
            @Nullable String appId,
            @Nullable String mchId,
            @Nullable String apiV3Key,
            @Nullable String merchantSerial,
            @Nullable String merchantPrivateKey,
            @Nullable String publicKeyId,
            @Nullable String publicKey,
            @DefaultValue List<String> certificates,
            @Nullable String baseUrl) {

        /** Says no value, as most of them are secret. */
        @Override
        public String toString() {
            return "WeChat[...]";
        }
    }

    /** {@code tallyhook.providers.alipay.<account>}. */
    public record Alipay(
            @Nullable String appId,
            @Nullable String sellerId,
            @Nullable String appPrivateKey,
            @Nullable String alipayPublicKey,
            @Nullable String charset,
            @Nullable String gatewayUrl) {

        /** Says no value, as most of them are secret. */
        @Override
        public String toString() {
            return "Alipay[...]";
        }
    }
}
