package io.tallyhook.membership;

import io.tallyhook.payment.HandedOut;
import io.tallyhook.payment.HandedOutRows;
import io.tallyhook.payment.Purpose;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration
class MembershipConfiguration {

    @Bean
    Purpose vip() {
        return Memberships.VIP;
    }

    /** Tells the inspection which memberships were granted for which payments. */
    @Bean
    HandedOut grantedPurchases(JdbcClient jdbc) {
        return new HandedOutRows(jdbc, Memberships.VIP, """
                SELECT paid_by, purchase_no AS reference, user_id, amount, currency, paid_at AS since,
                       state <> 'REFUNDED' AS granted
                FROM membership.purchase
                """);
    }
}
