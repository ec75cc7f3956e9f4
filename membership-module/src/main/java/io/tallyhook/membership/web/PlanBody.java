package io.tallyhook.membership.web;

import io.tallyhook.membership.Plan;
import io.tallyhook.payment.Money;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code PUT /membership-plans/{planCode}}.
 *
 * @param amount in minor units
 * @param active absent: it can be bought
 */
record PlanBody(
        @NotBlank
        @Pattern(
                regexp = "[^\\p{Cc}\\p{Cs}]{1,127}",
                message = "must be 1 to 127 characters without control characters")
        @Nullable
        String name,

        @NotNull @Min(1) @Max(Money.MAX_MINOR_UNITS) @Nullable
        Long amount,

        @NotNull @Min(1) @Max(Plan.MAX_DAYS) @Nullable Integer days,

        @Nullable Boolean active) {

    Plan plan(String planCode) {
        return new Plan(
                planCode,
                Objects.requireNonNull(name),
                Money.fen(Objects.requireNonNull(amount)),
                Objects.requireNonNull(days),
                active == null || active);
    }
}
