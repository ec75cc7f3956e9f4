package io.tallyhook.payment.web;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.RefundRequest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /payments/{outTradeNo}/refunds}.
 *
 * @param amount in minor units of the payment's currency
 */
record RefundBody(
        @NotNull
        @Pattern(regexp = "[0-9A-Za-z_-]{6,32}", message = "must be 6 to 32 characters of 0-9 A-Z a-z _ -")
        @Nullable
        String refundNo,

        @NotNull @Min(1) @Max(Money.MAX_MINOR_UNITS) @Nullable
        Long amount,

        @NotNull @Nullable String reason) {

    /** What cannot be said of one field alone is refused here. */
    RefundRequest request(String outTradeNo, String actor) {
        return new RefundRequest(
                outTradeNo,
                Objects.requireNonNull(refundNo),
                Objects.requireNonNull(amount),
                Objects.requireNonNull(reason),
                actor);
    }
}
