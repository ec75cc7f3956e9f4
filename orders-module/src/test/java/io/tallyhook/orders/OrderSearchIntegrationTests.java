package io.tallyhook.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

@OrdersModuleTest
class OrderSearchIntegrationTests {

    private final Shop shop;
    private final Orders orders;

    OrderSearchIntegrationTests(Shop shop, Orders orders) {
        this.shop = shop;
        this.orders = orders;
    }

    @Test
    void findsTheOrdersOfAUserNewestFirstPageByPage() {
        var user = new UserId("searching@example.com");
        var placed = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            placed.addFirst(shop.anOrder(user).orderNo());
        }
        var filter = new OrderFilter(null, user.value());

        var first = orders.search(filter, new Paging(3, null));
        var last = orders.search(filter, new Paging(3, first.nextCursor()));

        assertThat(first.items()).extracting(Order::orderNo).containsExactlyElementsOf(placed.subList(0, 3));
        assertThat(last.items()).extracting(Order::orderNo).containsExactlyElementsOf(placed.subList(3, 5));
        assertThat(last.nextCursor()).isNull();
        assertThat(first.items()).allSatisfy(order -> assertThat(order.items()).hasSize(2));
    }

    @Test
    void filtersByStateAndFindsNothingForAStranger() {
        var user = new UserId("filtering");
        var paid = shop.paid(shop.anOrder(user));
        shop.anOrder(user);

        assertThat(orders.search(new OrderFilter(OrderState.PAID, user.value()), Paging.of(null, null))
                        .items())
                .containsExactly(paid);
        assertThat(orders.search(new OrderFilter(null, "nobody"), Paging.of(null, null))
                        .items())
                .isEmpty();
        assertThat(orders.search(OrderFilter.all(), Paging.of(1, null)).items()).hasSize(1);
    }

    @Test
    void refusesACursorThatIsNotItsOwn() {
        assertThatThrownBy(() -> orders.search(OrderFilter.all(), Paging.of(null, "x\0")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("cursor");
    }
}
