package io.tallyhook.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderDescriptionTests {

    @Test
    void tellsThePayerWhatIsBought() {
        assertThat(described(List.of(item("Green tea", 2), item("Cup", 1)))).isEqualTo("Green tea × 2, Cup");
    }

    @Test
    void endsAt127CharactersAndNeverInHalfOfOne() {
        var text = described(Collections.nCopies(100, item("🍵".repeat(50), 1)));

        assertThat(text.codePointCount(0, text.length())).isEqualTo(127);
        assertThat(text).endsWith("🍵…");
    }

    private static String described(List<OrderItem> items) {
        return PayForOrder.description(new Order(
                "O" + "0".repeat(26),
                new UserId("u"),
                OrderState.AWAITING_PAYMENT,
                Money.fen(1),
                items,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null));
    }

    private static OrderItem item(String name, int quantity) {
        return new OrderItem("S", name, quantity, Money.fen(1));
    }
}
