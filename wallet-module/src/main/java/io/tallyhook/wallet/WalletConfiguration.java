package io.tallyhook.wallet;

import io.tallyhook.payment.Purpose;
import io.tallyhook.wallet.ledger.SpendingSettings;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
@EnableConfigurationProperties(SpendingSettings.class)
class WalletConfiguration {

    static final Purpose RECHARGE = new Purpose("RECHARGE");

    @Bean
    Purpose recharge() {
        return RECHARGE;
    }
}
