package io.tallyhook.wallet;

import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import java.util.List;
import org.springframework.stereotype.Component;

/** Opens payments for recharges. A recharge may have several; the first that is paid is credited. */
@Component
class PayRecharge {

    private final Payments payments;
    private final Recharges recharges;

    PayRecharge(Payments payments, Recharges recharges) {
        this.payments = payments;
        this.recharges = recharges;
    }

    Payment pay(RequestId id, Recharge recharge, PaymentRequest.Channel channel) {
        if (channel.provider().equals(BalanceMethod.PROVIDER)) {
            throw Refusal.conflict(
                    "recharge-from-balance", "A recharge cannot be paid from the balance that it is to fill.");
        }
        var request = new PaymentRequest(
                WalletConfiguration.RECHARGE,
                recharge.rechargeNo(),
                recharge.userId(),
                recharge.amount(),
                "Recharge " + recharge.amount(),
                channel);
        return payments.open(id, request, () -> requireAwaitingPayment(recharges.keep(recharge.rechargeNo())));
    }

    List<Payment> attempts(Recharge recharge) {
        return payments.of(WalletConfiguration.RECHARGE, recharge.rechargeNo());
    }

    private static void requireAwaitingPayment(Recharge recharge) {
        if (recharge.state() != RechargeState.AWAITING_PAYMENT) {
            throw Refusal.conflict(
                    "recharge-not-payable",
                    "The recharge %s is %s and cannot be paid.".formatted(recharge.rechargeNo(), recharge.state()));
        }
    }
}
