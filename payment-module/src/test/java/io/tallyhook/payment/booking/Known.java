package io.tallyhook.payment.booking;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.UserId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Payments for tests of decisions: {@code Known.payment(PaymentState.PAID)}, of 10.00 CNY by wechat/main. */
final class Known {

    static final String NUMBER = "P0000000001";
    static final String TRANSACTION = "4200000001";
    static final Money AMOUNT = Money.fen(1000);
    static final Instant PAID_AT = Instant.parse("2026-01-01T00:00:00Z");

    private Known() {}

    /** As it stands right after it came into this state; what was refunded was the number {@code R0}. */
    static KnownPayment payment(PaymentState state) {
        return switch (state) {
            case PENDING, CLOSED -> payment(state, 0, FulfilmentState.NONE, null);
            case PAID -> payment(state, 0, FulfilmentState.PENDING, null);
            case PARTIALLY_REFUNDED ->
                payment(
                        state,
                        400,
                        FulfilmentState.SUCCEEDED,
                        null,
                        new KnownRefund("R0", Money.fen(400), KnownRefund.State.SUCCEEDED));
            case REFUNDED ->
                payment(
                        state,
                        1000,
                        FulfilmentState.CANCELLED,
                        null,
                        new KnownRefund("R0", Money.fen(1000), KnownRefund.State.SUCCEEDED));
        };
    }

    static KnownPayment paid(FulfilmentState fulfilment) {
        return payment(
                PaymentState.PAID, 0, fulfilment, fulfilment == FulfilmentState.PARKED ? ParkingReason.LATE : null);
    }

    static KnownPayment payment(
            PaymentState state,
            long refunded,
            FulfilmentState fulfilment,
            @Nullable ParkingReason reason,
            KnownRefund... refunds) {
        Map<String, KnownRefund> byNumber =
                Arrays.stream(refunds).collect(Collectors.toMap(KnownRefund::refundNo, refund -> refund));
        return new KnownPayment(
                NUMBER,
                "GOODS",
                "O1",
                new UserId("u1"),
                "wechat",
                "main",
                AMOUNT,
                7,
                new Progress(
                        state,
                        AMOUNT,
                        state.wasPaid() ? TRANSACTION : null,
                        state.wasPaid() ? PAID_AT : null,
                        Money.fen(refunded),
                        fulfilment,
                        reason),
                byNumber,
                null);
    }
}
