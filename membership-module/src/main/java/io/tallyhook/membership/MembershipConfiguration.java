package io.tallyhook.membership;

import io.tallyhook.payment.Purpose;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class MembershipConfiguration {

    @Bean
    Purpose vip() {
        return Memberships.VIP;
    }
}
