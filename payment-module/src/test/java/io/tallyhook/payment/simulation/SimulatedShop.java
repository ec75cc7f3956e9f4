package io.tallyhook.payment.simulation;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.WalletCredit;
import io.tallyhook.payment.policy.PolicyBroom;
import io.tallyhook.payment.refund.RefundBroom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.transaction.event.TransactionalEventListener;
import tallyhook.testing.TestAccountSources;

/** Three things that can be bought, a wallet, and somebody who only notes what the modules are told after a commit. */
@TestConfiguration(proxyBeanMethods = false)
@Import({TestAccountSources.class, RefundBroom.class, PolicyBroom.class})
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
    Purpose card() {
        return new Purpose("CARD");
    }

    @Bean
    Stage stage() {
        return new Stage();
    }

    @Bean
    Entitlement grantedGoods(Stage stage) {
        return stage.counter("GOODS");
    }

    @Bean
    Entitlement grantedVip(Stage stage) {
        return stage.counter("VIP");
    }

    @Bean
    Entitlement grantedCards(Stage stage) {
        return stage.counter("CARD");
    }

    @Bean
    Entitlement kept(Stage stage) {
        return stage.counter(ShopFloor.WALLET);
    }

    @Bean
    WalletCredit wallet(Stage stage) {
        return stage.wallet();
    }

    @Bean
    @Primary
    StoryClock storyClock() {
        return new StoryClock();
    }

    /** Spreads nothing. */
    @Bean
    @Primary
    RandomGenerator nothingIsSpread() {
        return () -> 0;
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
            var events = heard.stream().sorted(MemoryWorld.IN_ORDER).toList();
            heard.clear();
            return events;
        }
    }
}
