package io.tallyhook.payment.refund;

import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.InstantMethod;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.WalletCredit;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.provider.PaymentGateway;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Who takes part in a refund: who gives the money back, and whose module takes back what was handed out. */
@Component
class RefundParties {

    private final ObjectProvider<PaymentGateway> gateways;
    private final ObjectProvider<InstantMethod> instants;
    private final ObjectProvider<Entitlement> entitlements;
    private final ObjectProvider<WalletCredit> wallets;

    // Looked up when they are needed: a module's implementation may itself need what needs us.
    RefundParties(
            ObjectProvider<PaymentGateway> gateways,
            ObjectProvider<InstantMethod> instants,
            ObjectProvider<Entitlement> entitlements,
            ObjectProvider<WalletCredit> wallets) {
        this.gateways = gateways;
        this.instants = instants;
        this.entitlements = entitlements;
        this.wallets = wallets;
    }

    /** The method that gives back at once, if that is what this name of a provider stands for. */
    Optional<InstantMethod> instant(String provider) {
        return instants.stream()
                .filter(method -> method.provider().equals(provider))
                .findFirst();
    }

    /** @throws Refusal (409) if nobody here can call this provider */
    PaymentGateway gateway(String provider) {
        return gateways.stream()
                .filter(gateway -> gateway.provider().equals(provider))
                .findFirst()
                .orElseThrow(() -> Refusal.conflict(
                        "provider-cannot-refund", "Nobody here can ask %s for refunds.".formatted(provider)));
    }

    /**
     * Of the module that has handed out for the payment: its purpose's, or the wallet if it was credited there.
     *
     * @throws Refusal (409) if no module declares one
     */
    Entitlement entitlement(KnownPayment payment) {
        var purposes = payment.creditedAs() == null
                ? Stream.of(payment.purpose())
                : wallets.stream().map(WalletCredit::purpose);
        return purposes.flatMap(this::of)
                .findFirst()
                .orElseThrow(() -> Refusal.conflict(
                        "purpose-cannot-refund",
                        "What payments for %s have handed out cannot be taken back: its module does not say how."
                                .formatted(payment.purpose())));
    }

    private Stream<Entitlement> of(String purpose) {
        return entitlements.stream().filter(entitlement -> entitlement.purpose().equals(purpose));
    }
}
