package io.tallyhook.payment.policy;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.InstantMethod;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.WalletCredit;
import io.tallyhook.payment.booking.KnownPayment;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which payments may be credited to a wallet, and what is in the way of the others. */
@Component
class Creditable {

    private final JdbcClient jdbc;
    private final ObjectProvider<WalletCredit> wallets;
    private final ObjectProvider<InstantMethod> instants;

    // Looked up when they are needed: a module's implementation may itself need what needs us.
    Creditable(JdbcClient jdbc, ObjectProvider<WalletCredit> wallets, ObjectProvider<InstantMethod> instants) {
        this.jdbc = jdbc;
        this.wallets = wallets;
        this.instants = instants;
    }

    Optional<WalletCredit> wallet() {
        return wallets.stream().findFirst();
    }

    boolean fits(Payment payment) {
        return wallet().isPresent()
                && payment.state() == PaymentState.PAID
                && waitsForDecision(payment.fulfilment(), payment.fulfilmentReason())
                && !isFromBalance(payment.provider());
    }

    /** What is in the way of a payment that is locked. @param waiting whether it waits for what is to be done */
    Optional<Refusal> obstacle(KnownPayment payment, Predicate<KnownPayment> waiting) {
        var outTradeNo = payment.outTradeNo();
        if (isFromBalance(payment.provider())) {
            return conflict(
                    "paid-from-balance",
                    "Payment %s was paid from the balance. A refund puts it back there.".formatted(outTradeNo));
        } else if (!payment.nothingGoesBack() || isGoingBack(outTradeNo)) {
            return conflict(
                    "refund-comes-first",
                    "Of payment %s a part was given back or is about to be, so the rest is not credited. Give that back too."
                            .formatted(outTradeNo));
        } else if (!waiting.test(payment)) {
            return conflict(
                    "nothing-to-credit",
                    "Payment %s is %s and its fulfilment %s: only money that waits for a decision is credited to a wallet."
                            .formatted(outTradeNo, payment.state(), payment.fulfilment()));
        }
        return Optional.empty();
    }

    static boolean waitsForDecision(KnownPayment payment) {
        return waitsForDecision(payment.fulfilment(), payment.reason());
    }

    /** Of another amount, and released in this moment. */
    static boolean isReleased(KnownPayment payment) {
        return payment.fulfilment() == FulfilmentState.PARKED && payment.reason() == ParkingReason.OTHER_AMOUNT;
    }

    private static boolean waitsForDecision(FulfilmentState fulfilment, @Nullable ParkingReason reason) {
        return fulfilment == FulfilmentState.PARKED
                && reason != ParkingReason.OTHER_AMOUNT
                && Optional.ofNullable(reason).flatMap(PolicyCase::of).isPresent();
    }

    private boolean isFromBalance(String provider) {
        return instants.stream().anyMatch(method -> method.provider().equals(provider));
    }

    /** By a refund that has failed and whose module is still to be told, or by one that a policy has decided on. */
    boolean isGoingBack(String outTradeNo) {
        return jdbc.sql("""
                        SELECT held_fulfilment IS NOT NULL
                               OR EXISTS (SELECT FROM payment.policy_decision
                                          WHERE out_trade_no = :outTradeNo AND result = 'STARTED')
                        FROM payment.payment WHERE out_trade_no = :outTradeNo
                        """)
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> row.getBoolean(1))
                .single();
    }

    private static Optional<Refusal> conflict(String type, String sentence) {
        return Optional.of(Refusal.conflict(type, sentence));
    }
}
