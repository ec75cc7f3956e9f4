package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@PaymentModuleTest
class PaymentModuleIntegrationTests {

    private final Payments payments;

    PaymentModuleIntegrationTests(Payments payments) {
        this.payments = payments;
    }

    @Test
    void standsAlone() {
        assertThat(payments.find("P00000")).isEmpty();
    }
}
