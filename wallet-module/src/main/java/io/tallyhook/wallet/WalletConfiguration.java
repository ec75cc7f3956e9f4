package io.tallyhook.wallet;

import io.tallyhook.payment.HandedOut;
import io.tallyhook.payment.HandedOutRows;
import io.tallyhook.payment.Purpose;
import io.tallyhook.wallet.ledger.SpendingSettings;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration
@EnableConfigurationProperties(SpendingSettings.class)
class WalletConfiguration {

    static final Purpose RECHARGE = new Purpose("RECHARGE");

    @Bean
    Purpose recharge() {
        return RECHARGE;
    }

    /** Tells the inspection which recharges were credited for which payments. */
    @Bean
    HandedOut creditedRecharges(JdbcClient jdbc) {
        return new HandedOutRows(jdbc, RECHARGE, """
                SELECT paid_by, recharge_no AS reference, user_id, amount, currency, credited_at AS since,
                       state <> 'REFUNDED' AS granted
                FROM wallet.recharge
                """);
    }
}
