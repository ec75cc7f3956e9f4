package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What happened to a payment, in the order in which people understand it. */
class PaymentStepTests {

    private static final Instant SECOND = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void a_payment_that_was_paid_late_was_closed_before_though_its_provider_tells_whole_seconds() {
        assertThat(keys(SECOND, SECOND.plusMillis(700))).containsExactly("opened", "closed", "paid", "next.PARKED");
    }

    @Test
    void what_was_paid_in_a_second_before_is_not_moved_behind_the_close() {
        assertThat(keys(SECOND, SECOND.plusMillis(1700))).containsExactly("opened", "paid", "closed", "next.PARKED");
    }

    private static List<String> keys(Instant paidAt, Instant closedAt) {
        return PaymentStep.of(late(paidAt, closedAt), List.of()).stream()
                .map(PaymentStep::key)
                .toList();
    }

    private static Payment late(Instant paidAt, Instant closedAt) {
        return new Payment(
                "P01",
                "GOODS",
                "O01",
                new UserId("user-1"),
                "wechat",
                "main",
                "native",
                PaymentState.PAID,
                FulfilmentState.PARKED,
                ParkingReason.LATE,
                null,
                0,
                Money.fen(1999),
                Money.fen(1999),
                0,
                "4200",
                paidAt.minus(Duration.ofMinutes(1)),
                paidAt,
                null,
                null,
                closedAt,
                null,
                null,
                Map.of());
    }
}
