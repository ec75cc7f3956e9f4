package io.tallyhook.orders;

import io.tallyhook.payment.HandedOut;
import io.tallyhook.payment.HandedOutRows;
import io.tallyhook.payment.Purpose;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration
class OrdersConfiguration {

    @Bean
    Purpose goods() {
        return Orders.GOODS;
    }

    /** Tells the inspection which orders were paid by which payments. */
    @Bean
    HandedOut paidOrders(JdbcClient jdbc) {
        return new HandedOutRows(jdbc, Orders.GOODS, """
                SELECT paid_by, order_no AS reference, user_id, amount, currency, paid_at AS since, state <> 'REFUNDED' AS granted
                FROM orders.goods_order
                """);
    }
}
