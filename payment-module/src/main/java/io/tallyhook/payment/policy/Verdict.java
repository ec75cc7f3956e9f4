package io.tallyhook.payment.policy;

/**
 * What a policy says about one payment.
 *
 * @param why in one word; see {@link PolicyDecision}
 */
record Verdict(Action action, Why why) {

    enum Why {
        SETTING,
        TOO_MUCH,
        PARKED_AGAIN,
        /** Two people have released it so. */
        RELEASED
    }

    /** Pure: the same payment under the same settings always gets the same answer. */
    static Verdict of(ParkedPayment payment, PolicySettings settings) {
        var action = PolicyCase.of(payment.reason())
                .map(of -> settings.action(payment.purpose(), of))
                .orElse(Action.ASK);
        if (action == Action.ASK) {
            return new Verdict(Action.ASK, Why.SETTING);
        } else if (payment.again()) {
            return new Verdict(Action.ASK, Why.PARKED_AGAIN);
        } else if (!settings.mayWithoutAPerson(action, payment.amount())) {
            return new Verdict(Action.ASK, Why.TOO_MUCH);
        }
        return new Verdict(action, Why.SETTING);
    }
}
