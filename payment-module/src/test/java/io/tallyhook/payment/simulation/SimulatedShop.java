package io.tallyhook.payment.simulation;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.Purpose;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.event.TransactionalEventListener;
import tallyhook.testing.TestAccountSources;

/** Two things that can be bought, and somebody who only notes what the modules are told after a commit. */
@TestConfiguration(proxyBeanMethods = false)
@Import(TestAccountSources.class)
class SimulatedShop {

    @Bean
    Purpose goods() {
        return new Purpose("GOODS");
    }

    @Bean
    Purpose vip() {
        return new Purpose("VIP");
    }

    @Bean
    Ears ears() {
        return new Ears();
    }

    /** What was told, for one thread. */
    static class Ears {

        private final List<PaymentsConfirmed> heard = new ArrayList<>();

        @TransactionalEventListener
        void on(PaymentsConfirmed event) {
            var sorted = event.payments().stream()
                    .sorted(Comparator.comparing(ConfirmedPayment::outTradeNo))
                    .toList();
            heard.add(new PaymentsConfirmed(event.purpose(), sorted, event.again()));
        }

        List<PaymentsConfirmed> taken() {
            var events = heard.stream()
                    .sorted(Comparator.comparing(PaymentsConfirmed::purpose))
                    .toList();
            heard.clear();
            return events;
        }
    }
}
