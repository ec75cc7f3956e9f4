package io.tallyhook.membership;

import static io.tallyhook.membership.PurchaseState.AWAITING_PAYMENT;
import static io.tallyhook.membership.PurchaseState.CANCELLED;
import static io.tallyhook.membership.PurchaseState.GRANTED;
import static io.tallyhook.membership.PurchaseState.REFUNDED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PurchaseStateTests {

    @Test
    void allowsTheAgreedTransitionsAndNoOthers() {
        var agreed = Map.of(AWAITING_PAYMENT, Set.of(GRANTED, CANCELLED), GRANTED, Set.of(REFUNDED));
        for (var from : PurchaseState.values()) {
            for (var to : PurchaseState.values()) {
                assertThat(from.mayBecome(to))
                        .as("%s to %s", from, to)
                        .isEqualTo(agreed.getOrDefault(from, Set.of()).contains(to));
            }
        }
    }
}
