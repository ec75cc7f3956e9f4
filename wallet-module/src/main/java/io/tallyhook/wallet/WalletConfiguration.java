package io.tallyhook.wallet;

import io.tallyhook.payment.Purpose;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class WalletConfiguration {

    static final Purpose RECHARGE = new Purpose("RECHARGE");

    @Bean
    Purpose recharge() {
        return RECHARGE;
    }
}
