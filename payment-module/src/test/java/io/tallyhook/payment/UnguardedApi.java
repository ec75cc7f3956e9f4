package io.tallyhook.payment;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Calls with bodies like those of the modules that sell, to see how their callers' mistakes are answered. */
@RestController
@TestComponent
@RequestMapping("/api/v1/test-sales")
class UnguardedApi {

    private final Payments payments;

    UnguardedApi(Payments payments) {
        this.payments = payments;
    }

    record Sale(
            @NotNull @Nullable String userId,
            @Min(1) @Max(Money.MAX_MINOR_UNITS) long amount,
            @NotEmpty List<@Valid Item> items) {}

    record Item(@NotNull @Nullable String sku, @Min(1) int quantity) {}

    @PostMapping
    Sale sell(@Valid @RequestBody Sale sale) {
        new UserId(String.valueOf(sale.userId()));
        return sale;
    }

    @PostMapping("/{reference}/payments")
    PaymentView pay(@PathVariable String reference, @Valid @RequestBody PayWith how) {
        var request = new PaymentRequest(
                new Purpose("GOODS"), reference, new UserId("user-api"), Money.fen(1999), "goods", how.channel());
        return PaymentView.of(payments.open(RequestId.fresh(Clock.systemUTC()), request, () -> {}));
    }

    @PostMapping("/breaking")
    void breakDown() {
        throw new IllegalStateException("a secret of the inside");
    }
}
