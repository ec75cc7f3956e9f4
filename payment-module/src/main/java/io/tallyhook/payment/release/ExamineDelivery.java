package io.tallyhook.payment.release;

import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.Accepted;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Decide;
import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.policy.CreditToWallet;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.release.Release.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Whether a delivery can be released by how things stand now: it pays an open payment, and nothing but the amount differs. */
@Component
class ExamineDelivery {

    private final ObjectProvider<Entitlement> entitlements;
    private final CreditToWallet wallet;

    // Looked up when they are needed: a module's implementation may itself need what needs us.
    ExamineDelivery(ObjectProvider<Entitlement> entitlements, CreditToWallet wallet) {
        this.entitlements = entitlements;
        this.wallet = wallet;
    }

    /** @throws Refusal (409) that says why not */
    Releasable examine(Booking booking, @Nullable KnownPayment known) {
        if (!(booking.fact() instanceof Fact.Paid paid)) {
            throw refused(booking, "does not say that it was paid");
        }
        var decision = Decide.decide(booking, Optional.ofNullable(known));
        if (known == null || known.state().wasPaid()) {
            throw refused(booking, known == null ? "does not exist" : "is %s meanwhile".formatted(known.state()));
        }
        var different = decision.differences().stream()
                .map(difference -> difference.check())
                .toList();
        if (!different.equals(List.of(Check.AMOUNT))) {
            throw refused(booking, "differs from it in more than the amount, or in nothing: " + words(decision));
        }
        boolean late = known.state() == PaymentState.CLOSED;
        return new Releasable(known.outTradeNo(), known.amount(), paid.amount(), late, actions(known.purpose()));
    }

    /**
     * The fact, to be booked as accepted.
     *
     * @throws Refusal (409) if this action is not possible, or another amount is to be released
     */
    Booking accept(Booking booking, @Nullable KnownPayment known, Action action, Money received) {
        var possible = examine(booking, known);
        requirePossible(possible, action);
        if (!possible.received().equals(received)) {
            throw refused(booking, "is now said to be paid with %s, not %s".formatted(possible.received(), received));
        }
        return booking.accepting(new Accepted(received, action == Action.REOPEN));
    }

    static void requirePossible(Releasable delivery, Action action) {
        if (!delivery.actions().contains(action)) {
            throw Refusal.conflict(
                    "release-not-sound",
                    "%s is not possible for payment %s. Where money itself is handed out, that cannot be done for another amount: it would hand out what was not received, or keep some that was. Possible is %s."
                            .formatted(action, delivery.outTradeNo(), delivery.actions()));
        }
    }

    private List<Action> actions(String purpose) {
        var actions = new ArrayList<>(List.of(Action.REFUND));
        if (entitlements.stream()
                .anyMatch(module -> module.purpose().equals(purpose) && module.handsOutForOtherAmount())) {
            actions.add(Action.REOPEN);
        }
        if (wallet.isPossible()) {
            actions.add(Action.CREDIT_TO_WALLET);
        }
        return List.copyOf(actions);
    }

    private static String words(Decision decision) {
        return decision.differences().stream()
                .map(difference ->
                        "%s %s, not %s".formatted(difference.check(), difference.actual(), difference.expected()))
                .collect(Collectors.joining("; "));
    }

    private static Refusal refused(Booking booking, String why) {
        return Refusal.conflict(
                        "nothing-to-release",
                        "Nothing can be released for payment %s: it %s. Nothing was booked."
                                .formatted(booking.fact().outTradeNo(), why))
                .with("outTradeNo", booking.fact().outTradeNo());
    }
}
