package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.ModuleTestApplication;
import io.tallyhook.testing.FreshDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.test.context.ContextConfiguration;

@ApplicationModuleTest(classes = ModuleTestApplication.class)
@ContextConfiguration(initializers = FreshDatabase.class)
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
