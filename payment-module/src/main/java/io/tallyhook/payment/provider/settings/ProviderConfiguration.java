package io.tallyhook.payment.provider.settings;

import io.tallyhook.payment.provider.LiveAccounts;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProviderSettings.class)
class ProviderConfiguration {

    @Bean
    LiveAccounts liveAccounts(ProviderSettings settings) {
        return new LiveAccounts(Stream.concat(
                        settings.wechat().keySet().stream().map("wechat/"::concat),
                        settings.alipay().keySet().stream().map("alipay/"::concat))
                .toList());
    }
}
