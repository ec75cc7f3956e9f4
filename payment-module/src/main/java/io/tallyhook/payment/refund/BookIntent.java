package io.tallyhook.payment.refund;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.Entitlement.Taking;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Books that money shall be given back, in one transaction: what was handed out is taken back, what was not handed out yet is
 * kept from it, and the refund is written down. Only then may anybody be asked for the money.
 */
@Component
class BookIntent {

    private final TransactionTemplate transaction;
    private final PaymentsUnderDecision payments;
    private final RefundIntents intents;
    private final RefundParties parties;
    private final RefundAtOnce atOnce;
    private final RefundSettings settings;

    BookIntent(
            PlatformTransactionManager transactions,
            PaymentsUnderDecision payments,
            RefundIntents intents,
            RefundParties parties,
            RefundAtOnce atOnce,
            RefundSettings settings) {
        this.transaction = new TransactionTemplate(transactions);
        this.payments = payments;
        this.intents = intents;
        this.parties = parties;
        this.atOnce = atOnce;
        this.settings = settings;
    }

    /** What has become of a request. */
    sealed interface Intent {

        /** It is written down, and is to be sent by whoever wrote it: he holds its lease. */
        record ToBeSent() implements Intent {}

        /** It is known, or done, or waits for a second person: there is nothing to send. */
        record NothingToSend() implements Intent {}

        /** The module has not given up what it handed out; there is no refund. */
        record Declined(Refusal refusal) implements Intent {}
    }

    Intent book(RefundRequest asked) {
        return transaction.execute(status -> {
            var intent = locked(asked);
            if (intent.isEmpty()) {
                status.setRollbackOnly();
                throw numberUsed(asked);
            }
            return intent.get();
        });
    }

    private Optional<Intent> locked(RefundRequest asked) {
        var payment = Optional.ofNullable(
                        payments.lock(List.of(asked.outTradeNo())).get(asked.outTradeNo()))
                .orElseThrow(() -> Refusal.notFound("payment", asked.outTradeNo()));
        var known = intents.withNumberOf(asked);
        if (known.isPresent()) {
            return known.get().isFor(asked) ? Optional.of(new Intent.NothingToSend()) : Optional.empty();
        }
        requireRefundable(payment, asked.amount());
        var refund = takeBack(payment, asked);
        if (parties.instant(payment.provider()).isEmpty()) {
            parties.gateway(payment.provider()).checkRefunds(payment.account());
        }
        boolean handedOut = payment.fulfilment() == FulfilmentState.SUCCEEDED;
        if (handedOut && parties.entitlement(payment).take(refund) instanceof Taking.Declined(var refusal)) {
            return Optional.of(new Intent.Declined(refusal));
        }
        if (!handedOut) {
            intents.keepFromBeingHandedOut(payment);
        }
        boolean waits = settings.needSecondPerson(refund.goneBefore().minorUnits(), asked.amount());
        if (!intents.insert(refund, handedOut, waits)) {
            return Optional.empty();
        }
        return Optional.of(waits ? new Intent.NothingToSend() : letGo(payment, refund));
    }

    /** The money may go: what lies with us is given back in the running transaction, the rest is to be sent. */
    Intent letGo(KnownPayment payment, TakeBack refund) {
        var instant = parties.instant(payment.provider());
        if (instant.isEmpty()) {
            return new Intent.ToBeSent();
        }
        atOnce.giveBack(instant.get(), payment, refund);
        return new Intent.NothingToSend();
    }

    private static TakeBack takeBack(KnownPayment payment, RefundRequest asked) {
        return AskedBack.of(
                payment,
                asked.refundNo(),
                AskedBack.goneBefore(payment),
                asked.amount(),
                asked.actor(),
                asked.reason());
    }

    static void requireRefundable(KnownPayment payment, long amount) {
        if (!payment.state().wasPaid()) {
            throw Refusal.conflict(
                    "payment-not-paid",
                    "Payment %s is %s: nothing was paid that could be given back."
                            .formatted(payment.outTradeNo(), payment.state()));
        }
        // Less than nothing, where the provider's console gave back what one of ours is still to.
        var left = new Money(
                Math.max(0, payment.refundable().minorUnits()), payment.amount().currency());
        if (amount > left.minorUnits()) {
            throw Refusal.conflict(
                            "refund-exceeds-payment",
                            "Of payment %s no more than %s can be given back: %s was paid, the rest is given back or about to be."
                                    .formatted(payment.outTradeNo(), left, payment.received()))
                    .with("refundable", left.minorUnits());
        }
    }

    private static Refusal numberUsed(RefundRequest asked) {
        return Refusal.conflict(
                        "refund-number-used",
                        "The refund number %s was used before, for another payment or amount. Choose another."
                                .formatted(asked.refundNo()))
                .with("refundNo", asked.refundNo());
    }
}
