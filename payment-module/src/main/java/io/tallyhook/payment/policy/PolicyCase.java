package io.tallyhook.payment.policy;

import io.tallyhook.payment.ParkingReason;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The cases that have a policy, what may be done in each, and what is done unless the configuration says otherwise. */
enum PolicyCase {
    /** Usually the thing can still be sold: the module sees. */
    LATE(Action.REOPEN, Set.of(Action.REOPEN, Action.REFUND, Action.CREDIT_TO_WALLET, Action.ASK), ""),
    SURPLUS(
            Action.REFUND,
            Set.of(Action.REFUND, Action.CREDIT_TO_WALLET, Action.ASK),
            "what it pays for is paid already, so that its module would say the same again"),
    CANCELLED(
            Action.REFUND,
            Set.of(Action.REFUND, Action.CREDIT_TO_WALLET, Action.ASK),
            "what it pays for is cancelled, so that its module would say the same again"),
    /** Money may go back to where it came from without a person; to hand out for another amount takes two. */
    AMOUNT(
            Action.ASK,
            Set.of(Action.REFUND, Action.ASK),
            "what was ordered is handed out for another amount only by two people, who can say it for each payment");

    private final Action usual;
    private final Set<Action> possible;
    private final String whyNot;

    PolicyCase(Action usual, Set<Action> possible, String whyNot) {
        this.usual = usual;
        this.possible = possible;
        this.whyNot = whyNot;
    }

    static Optional<PolicyCase> of(ParkingReason reason) {
        return switch (reason) {
            case LATE -> Optional.of(LATE);
            case SURPLUS -> Optional.of(SURPLUS);
            case CANCELLED_BEFORE -> Optional.of(CANCELLED);
            case OTHER_AMOUNT -> Optional.of(AMOUNT);
            case RETRIES_EXHAUSTED, NO_LISTENER -> Optional.empty();
        };
    }

    Action usual() {
        return usual;
    }

    Set<Action> possible() {
        return possible;
    }

    /** Why the others are not; for who has configured one of them. */
    String whyNot() {
        return whyNot;
    }

    /** As it stands in the configuration. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
