package io.tallyhook.wallet.web;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.PayWith;
import io.tallyhook.payment.PaymentView;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.Recharge;
import io.tallyhook.wallet.Wallets;
import jakarta.validation.Valid;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/recharges")
class RechargesController {

    private final Wallets wallets;

    RechargesController(Wallets wallets) {
        this.wallets = wallets;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    RechargeView create(
            @RequestAttribute(RequestId.ATTRIBUTE) RequestId requestId, @Valid @RequestBody NewRecharge wanted) {
        wanted.requireOneOfTwo();
        var userId = new UserId(Objects.requireNonNull(wanted.userId()));
        return view(
                wanted.packageCode() == null
                        ? wallets.recharge(requestId, userId, Money.fen(Objects.requireNonNull(wanted.amount())))
                        : wallets.recharge(requestId, userId, wanted.packageCode()));
    }

    @GetMapping("/{rechargeNo}")
    RechargeView recharge(@PathVariable String rechargeNo) {
        return view(wallets.get(rechargeNo));
    }

    @PostMapping("/{rechargeNo}/payments")
    @ResponseStatus(HttpStatus.CREATED)
    PaymentView pay(
            @RequestAttribute(RequestId.ATTRIBUTE) RequestId requestId,
            @PathVariable String rechargeNo,
            @Valid @RequestBody PayWith payWith) {
        return PaymentView.of(wallets.pay(requestId, rechargeNo, payWith.channel()));
    }

    private RechargeView view(Recharge recharge) {
        return RechargeView.of(recharge, wallets.payments(recharge));
    }
}
