package io.tallyhook.payment.policy;

import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.WalletCredit;
import io.tallyhook.payment.WalletCredit.Crediting;
import io.tallyhook.payment.WalletCredit.StrandedMoney;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Turns all the money of a payment that is paid and parked into balance of its payer's wallet. What it was to pay for is left as
 * it is; whoever gives the money back later takes it out of the wallet.
 */
@Component
public class CreditToWallet {

    private final JdbcClient jdbc;
    private final PaymentsUnderDecision payments;
    private final Creditable creditable;

    CreditToWallet(JdbcClient jdbc, PaymentsUnderDecision payments, Creditable creditable) {
        this.jdbc = jdbc;
        this.payments = payments;
        this.creditable = creditable;
    }

    /** What has become of it. */
    public sealed interface Outcome {

        /**
         * It is in the wallet.
         *
         * @param reference what it has become there, in the wallet's own numbering
         * @param before whether it was already, so that this has changed nothing
         */
        record Credited(String reference, boolean before) implements Outcome {}

        /** It is not, and nothing was changed. */
        record Refused(Refusal refusal) implements Outcome {}
    }

    /** Whether there is a wallet at all. */
    public boolean isPossible() {
        return creditable.wallet().isPresent();
    }

    /** Whether it fits this payment as it was read; {@link #credit} looks again. */
    public boolean fits(Payment payment) {
        return creditable.fits(payment);
    }

    /**
     * Credits it in the running {@code READ COMMITTED} transaction, in which the payment is locked first and the wallet's rows
     * after it. A repeat finds it credited. Whoever calls records who has done it.
     *
     * @param actor the policy or the person who decided so
     * @param reason why, for people; 1 to 200 characters
     * @throws Refusal (404) if there is no such payment
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Outcome credit(String outTradeNo, String actor, String reason) {
        return credit(outTradeNo, actor, reason, Creditable::waitsForDecision);
    }

    /**
     * As {@link #credit}, for a payment of another amount, in the transaction in which two people release it for that. Nobody
     * credits on his own word what two have released for something else.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Outcome creditReleased(String outTradeNo, String actor, String reason) {
        return credit(outTradeNo, actor, reason, Creditable::isReleased);
    }

    private Outcome credit(String outTradeNo, String actor, String reason, Predicate<KnownPayment> waiting) {
        var payment = Optional.ofNullable(payments.lock(List.of(outTradeNo)).get(outTradeNo))
                .orElseThrow(() -> Refusal.notFound("payment", outTradeNo));
        if (payment.creditedAs() != null) {
            return new Outcome.Credited(payment.creditedAs(), true);
        }
        var wallet = creditable.wallet();
        if (wallet.isEmpty()) {
            return new Outcome.Refused(Refusal.conflict(
                    "no-wallet", "No module here keeps balances of users, so nothing can be credited."));
        }
        return creditable
                .obstacle(payment, waiting)
                .<Outcome>map(Outcome.Refused::new)
                .orElseGet(() -> credit(wallet.get(), payment, actor, reason));
    }

    private Outcome credit(WalletCredit wallet, KnownPayment payment, String actor, String reason) {
        return switch (wallet.credit(money(payment, actor, reason))) {
            case Crediting.Credited(var reference) -> {
                mark(payment, reference);
                yield new Outcome.Credited(reference, false);
            }
            case Crediting.Declined(var refusal) -> new Outcome.Refused(refusal);
        };
    }

    /** All that has come: nothing of it has gone back or is about to. */
    private static StrandedMoney money(KnownPayment payment, String actor, String reason) {
        return new StrandedMoney(
                payment.outTradeNo(),
                payment.purpose(),
                payment.reference(),
                payment.userId(),
                payment.refundable(),
                payment.provider(),
                payment.account(),
                Objects.requireNonNull(payment.paidAt()),
                actor,
                reason);
    }

    void mark(KnownPayment payment, String reference) {
        int changed = jdbc.sql("""
                        UPDATE payment.payment
                        SET fulfilment = 'SUCCEEDED', fulfilment_reason = NULL, fulfilment_error = NULL, fulfilled_at = now(),
                            credited_as = :reference, undecided_since = NULL, version = version + 1
                        WHERE out_trade_no = :outTradeNo AND state = 'PAID' AND fulfilment = 'PARKED'
                          AND held_fulfilment IS NULL AND credited_as IS NULL
                        """)
                .param("reference", reference)
                .param("outTradeNo", payment.outTradeNo())
                .update();
        if (changed != 1) {
            throw new IllegalStateException(
                    "Payment %s was credited and could not be marked".formatted(payment.outTradeNo()));
        }
    }
}
