package io.tallyhook.payment;

import io.tallyhook.payment.booking.IntakeSettings;
import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import io.tallyhook.payment.refund.RefundSettings;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

@Configuration
@EnableScheduling
@EnableConfigurationProperties({
    PaymentSettings.class,
    FulfilmentSettings.class,
    IntakeSettings.class,
    RefundSettings.class
})
class PaymentConfiguration {

    /** Spreads gaps, so that what failed together is not tried again together; a story of a test spreads nothing. */
    @Bean
    RandomGenerator spread() {
        return () -> ThreadLocalRandom.current().nextLong();
    }
}
