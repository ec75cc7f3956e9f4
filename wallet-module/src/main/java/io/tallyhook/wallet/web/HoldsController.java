package io.tallyhook.wallet.web;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.Hold;
import io.tallyhook.wallet.Holds;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/wallets/{userId}/holds")
class HoldsController {

    private final Holds holds;

    HoldsController(Holds holds) {
        this.holds = holds;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    HoldView place(
            @RequestAttribute(RequestId.ATTRIBUTE) RequestId requestId,
            @PathVariable String userId,
            @Valid @RequestBody NewHold wanted,
            HttpServletRequest request) {
        return HoldView.of(holds.place(
                requestId,
                new UserId(userId),
                Money.fen(Objects.requireNonNull(wanted.amount())),
                Objects.requireNonNull(wanted.reference()),
                wanted.expiresInSeconds() == null
                        ? Holds.DEFAULT_EXPIRY
                        : Duration.ofSeconds(wanted.expiresInSeconds()),
                caller(request)));
    }

    @GetMapping
    Page<HoldView> holds(
            @PathVariable String userId,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return holds.of(new UserId(userId), Paging.of(limit, cursor)).map(HoldView::of);
    }

    @GetMapping("/{holdNo}")
    HoldView hold(@PathVariable String userId, @PathVariable String holdNo) {
        return HoldView.of(holds.get(new UserId(userId), holdNo));
    }

    @PostMapping("/{holdNo}/capture")
    HoldView capture(
            @RequestAttribute(RequestId.ATTRIBUTE) RequestId requestId,
            @PathVariable String userId,
            @PathVariable String holdNo,
            @Valid @RequestBody Capture wanted,
            HttpServletRequest request) {
        return HoldView.of(holds.capture(
                requestId,
                new UserId(userId),
                holdNo,
                Optional.ofNullable(wanted.amount()).map(Money::fen),
                wanted.purpose() == null ? "GOODS" : wanted.purpose(),
                caller(request)));
    }

    @PostMapping("/{holdNo}/release")
    HoldView release(
            @RequestAttribute(RequestId.ATTRIBUTE) RequestId requestId,
            @PathVariable String userId,
            @PathVariable String holdNo,
            HttpServletRequest request) {
        return HoldView.of(holds.release(requestId, new UserId(userId), holdNo, caller(request)));
    }

    private static String caller(HttpServletRequest request) {
        var principal = request.getUserPrincipal();
        return principal == null ? "unknown" : "api:" + principal.getName();
    }

    /**
     * The body of {@code POST /wallets/{userId}/holds}.
     *
     * @param amount in minor units
     * @param reference what it is for, in the shop's own words
     * @param expiresInSeconds 60 to 2,592,000 (30 days); absent: 7 days
     */
    record NewHold(
            @NotNull @Min(1) @Max(Money.MAX_MINOR_UNITS) @Nullable
            Long amount,

            @NotBlank @Size(max = 64) @Nullable String reference,
            @Min(60) @Max(2_592_000) @Nullable Long expiresInSeconds,

            @Pattern(regexp = "CNY", message = "must be CNY") @Nullable
            String currency) {}

    /**
     * The body of {@code POST …/capture}.
     *
     * @param amount in minor units; absent: all that is left
     * @param purpose whose revenue it is; absent: {@code GOODS}
     */
    record Capture(
            @Min(1) @Max(Money.MAX_MINOR_UNITS) @Nullable Long amount,

            @Pattern(regexp = "[A-Z0-9_]{2,32}") @Nullable String purpose) {}

    /** All amounts in minor units of the currency; {@code amount} = {@code captured} + {@code released} + {@code left}. */
    record HoldView(
            String holdNo,
            String userId,
            Hold.State state,
            long amount,
            long principal,
            long bonus,
            long captured,
            long released,
            long left,
            String currency,
            String reference,
            Instant createdAt,
            Instant expiresAt) {

        static HoldView of(Hold hold) {
            return new HoldView(
                    hold.holdNo(),
                    hold.userId().value(),
                    hold.state(),
                    hold.amount().minorUnits(),
                    hold.principal().minorUnits(),
                    hold.bonus().minorUnits(),
                    hold.captured().minorUnits(),
                    hold.released().minorUnits(),
                    hold.left().minorUnits(),
                    hold.amount().currency().getCurrencyCode(),
                    hold.reference(),
                    hold.createdAt(),
                    hold.expiresAt());
        }
    }
}
