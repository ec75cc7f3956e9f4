package io.tallyhook.admin;

import io.tallyhook.payment.Payment;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Where people see what a payment pays for. */
@Component("paidFor")
class PaidFor {

    /** The address of the page; nothing for the purpose of a module that has no page here. */
    public @Nullable String path(Payment payment) {
        return switch (payment.purpose()) {
            case "GOODS" -> "/admin/orders/" + payment.reference();
            case "RECHARGE" -> "/admin/wallets/%s#%s".formatted(payment.userId(), payment.reference());
            case "VIP" -> "/admin/memberships/" + payment.userId();
            default -> null;
        };
    }
}
