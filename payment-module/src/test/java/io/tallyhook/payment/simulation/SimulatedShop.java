package io.tallyhook.payment.simulation;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.Purpose;
import java.time.Instant;
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
    Entitlement grantedGoods() {
        return new Grant("GOODS");
    }

    @Bean
    Entitlement grantedVip() {
        return new Grant("VIP");
    }

    @Bean
    Ears ears() {
        return new Ears();
    }

    /** Can take everything back, and is asked to only for refunds that the provider started. */
    private record Grant(String purpose) implements Entitlement {

        @Override
        public Preview preview(TakeBack refund) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Taking take(TakeBack refund) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void settle(TakeBack refund, Instant at) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void giveBack(TakeBack refund, Instant at) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Money takeWhatIsLeft(TakeBack refund, Instant at) {
            return Money.fen(0);
        }
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
