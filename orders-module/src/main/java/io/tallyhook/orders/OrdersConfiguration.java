package io.tallyhook.orders;

import io.tallyhook.payment.Purpose;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class OrdersConfiguration {

    @Bean
    Purpose goods() {
        return Orders.GOODS;
    }
}
