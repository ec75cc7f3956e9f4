package io.tallyhook.sandbox;

import io.tallyhook.payment.provider.alipay.AlipayAccount;
import io.tallyhook.payment.provider.alipay.AlipayAccountSource;
import io.tallyhook.payment.provider.wechat.WeChatAccount;
import io.tallyhook.payment.provider.wechat.WeChatAccountSource;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import io.tallyhook.sandbox.simulator.SandboxFolder;
import io.tallyhook.sandbox.simulator.SandboxKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starts the simulated providers and makes the application a merchant of theirs, by the account {@code sandbox}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class SandboxConfiguration {

    static final String ACCOUNT = "sandbox";

    @Bean
    OwnAddress ownAddress(
            @Value("${tallyhook.public-url:}") String publicUrl,
            @Value("${server.address:}") String address,
            @Value("${server.port:8080}") int port) {
        return new OwnAddress(publicUrl, address, port);
    }

    /** Listens when this returns: the accounts below need its address. */
    @Bean
    ProviderSimulator providerSimulator(
            @Value("${tallyhook.data-dir:./data}") Path dataDirectory,
            @Value("${tallyhook.sandbox.port:0}") int port,
            @Value("${tallyhook.sandbox.time-scale:60}") int timeScale,
            OwnAddress address,
            ObjectProvider<Clock> clock) {
        var settings = new ProviderSimulator.Settings(
                port,
                timeScale,
                (provider, outTradeNo) -> address.publicUrl("/sandbox/pay/%s/%s".formatted(provider.id(), outTradeNo)),
                provider -> address.publicUrl("/callbacks/%s/%s".formatted(provider.id(), ACCOUNT)));
        var keys = SandboxKeys.in(SandboxFolder.in(dataDirectory));
        return ProviderSimulator.start(keys, settings, clock.getIfAvailable(Clock::systemUTC));
    }

    @Bean
    WeChatAccountSource sandboxWeChatAccounts(ProviderSimulator simulator) {
        var keys = simulator.keys();
        var account = new WeChatAccount(
                ACCOUNT,
                SandboxKeys.WECHAT_APP_ID,
                SandboxKeys.WECHAT_MCH_ID,
                keys.weChatApiV3Key(),
                Optional.of(new WeChatAccount.Signing(
                        keys.weChatMerchantSerial(),
                        keys.weChatMerchant().getPrivate(),
                        SandboxKeys.WECHAT_PUBLIC_KEY_ID)),
                Map.of(SandboxKeys.WECHAT_PUBLIC_KEY_ID, keys.weChatPlatform().getPublic()),
                simulator.weChatBaseUrl());
        return () -> List.of(account);
    }

    @Bean
    AlipayAccountSource sandboxAlipayAccounts(ProviderSimulator simulator) {
        var keys = simulator.keys();
        var account = new AlipayAccount(
                ACCOUNT,
                SandboxKeys.ALIPAY_APP_ID,
                SandboxKeys.ALIPAY_SELLER_ID,
                Optional.of(keys.alipayApp().getPrivate()),
                keys.alipay().getPublic(),
                StandardCharsets.UTF_8,
                simulator.alipayGateway());
        return () -> List.of(account);
    }
}
