package io.tallyhook.payment;

import io.tallyhook.payment.booking.IntakeSettings;
import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import io.tallyhook.payment.refund.RefundSettings;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
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
class PaymentConfiguration {}
