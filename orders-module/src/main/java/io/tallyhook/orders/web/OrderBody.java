package io.tallyhook.orders.web;

import io.tallyhook.orders.OrderItem;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /orders}. */
record OrderBody(
        @NotNull
        @Pattern(regexp = UserId.PATTERN, message = "must be 1 to 64 characters of 0-9 A-Z a-z _ . @ : -")
        @Nullable
        String userId,

        @Pattern(regexp = "CNY", message = "must be CNY") @Nullable
        String currency,

        @NotNull @Size(min = 1, max = 100, message = "must be 1 to 100 lines") @Nullable
        List<@NotNull @Valid Line> items) {

    /** Characters of any script; no control characters and no halves of a surrogate pair, which no database keeps. */
    private static final String TEXT = "[^\\p{Cc}\\p{Cs}]";

    /** @param unitAmount in minor units */
    record Line(
            @NotBlank
            @Pattern(regexp = TEXT + "{1,64}", message = "must be 1 to 64 characters without control characters")
            @Nullable
            String sku,

            @NotBlank
            @Pattern(regexp = TEXT + "{1,127}", message = "must be 1 to 127 characters without control characters")
            @Nullable
            String name,

            @NotNull @Min(1) @Max(10_000) @Nullable Integer quantity,

            @NotNull @Min(1) @Max(Money.MAX_MINOR_UNITS) @Nullable
            Long unitAmount) {

        OrderItem item() {
            return new OrderItem(
                    Objects.requireNonNull(sku),
                    Objects.requireNonNull(name),
                    Objects.requireNonNull(quantity),
                    Money.fen(Objects.requireNonNull(unitAmount)));
        }
    }

    UserId user() {
        return new UserId(Objects.requireNonNull(userId));
    }

    List<OrderItem> lines() {
        return Objects.requireNonNull(items).stream().map(Line::item).toList();
    }
}
