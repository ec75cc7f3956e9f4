package io.tallyhook.wallet.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.RechargePackage;
import io.tallyhook.wallet.Wallets;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/recharge-packages")
class RechargePackagesController {

    private final Wallets wallets;

    RechargePackagesController(Wallets wallets) {
        this.wallets = wallets;
    }

    /** The catalog, in the order of its codes. */
    @GetMapping
    Page<PackageView> packages(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return wallets.packages(Paging.of(limit, cursor)).map(PackageView::of);
    }

    /** 201 for a new package, 200 for one that was replaced. */
    @PutMapping("/{packageCode}")
    ResponseEntity<PackageView> put(@PathVariable String packageCode, @Valid @RequestBody Terms terms) {
        if (!packageCode.matches(RechargePackage.CODE_PATTERN)) {
            throw Refusal.badField("packageCode", "must be 1 to 64 characters of 0-9 A-Z a-z _ . -");
        }
        var wanted = terms.as(packageCode);
        boolean created = wallets.put(wanted);
        return ResponseEntity.status(created ? HttpStatus.CREATED : HttpStatus.OK)
                .body(PackageView.of(wanted));
    }

    /**
     * The body of the PUT.
     *
     * @param amount in minor units
     * @param bonus in minor units; 0 for a package without one
     * @param active absent: yes
     */
    record Terms(
            @NotNull @Min(1) @Max(Money.MAX_MINOR_UNITS) @Nullable
            Long amount,

            @NotNull @Min(0) @Max(Money.MAX_MINOR_UNITS) @Nullable
            Long bonus,

            @Min(1) @Max(3650) @Nullable Integer bonusExpiresAfterDays,
            @Nullable Boolean active) {

        RechargePackage as(String packageCode) {
            return new RechargePackage(
                    packageCode,
                    Money.fen(Objects.requireNonNull(amount)),
                    Money.fen(Objects.requireNonNull(bonus)),
                    Optional.ofNullable(bonusExpiresAfterDays),
                    active == null || active);
        }
    }

    /** @param amount in minor units of the currency */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PackageView(
            String packageCode,
            long amount,
            long bonus,
            String currency,
            @Nullable Integer bonusExpiresAfterDays,
            boolean active) {

        static PackageView of(RechargePackage offered) {
            return new PackageView(
                    offered.packageCode(),
                    offered.amount().minorUnits(),
                    offered.bonus().minorUnits(),
                    offered.amount().currency().getCurrencyCode(),
                    offered.bonusExpiresAfterDays().orElse(null),
                    offered.active());
        }
    }
}
