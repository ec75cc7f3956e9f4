package io.tallyhook.tickets;

import io.tallyhook.payment.ApiResource;
import io.tallyhook.payment.Purpose;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class TicketsConfiguration {

    static final Purpose TICKET = new Purpose("TICKET");

    @Bean
    Purpose ticket() {
        return TICKET;
    }

    /** Who may place orders may reserve tickets. */
    @Bean
    ApiResource ticketsApi() {
        return new ApiResource("tickets", "orders");
    }
}
