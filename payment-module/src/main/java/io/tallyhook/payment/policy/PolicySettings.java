package io.tallyhook.payment.policy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The policies as configured, already checked.
 *
 * @param after how long a payment stays parked before its policy acts: a person can be faster, and it is on the board meanwhile
 * @param refundAtMost in minor units; above it a person is asked, since money that leaves does not come back
 * @param creditAtMost in minor units; above it a person is asked before it becomes balance of a wallet
 * @param lines by the code of the purpose
 * @param usual for a purpose without a line
 */
record PolicySettings(
        Duration after,
        long refundAtMost,
        long creditAtMost,
        Map<String, Map<PolicyCase, Action>> lines,
        Map<PolicyCase, Action> usual) {

    /** How long who has decided has to ask for the refund before somebody else does, under the same number. */
    static final Duration LEASE = Duration.ofMinutes(2);

    /** After how many attempts at a refund that cannot be asked for just now a person is asked. */
    static final int ATTEMPTS = 10;

    /** How many payments one sweep decides at most; the next one goes on. */
    static final int PER_SWEEP = 100;

    /** The purposes for which this is what is done. */
    Set<String> purposesWith(PolicyCase of, Action action) {
        return lines.keySet().stream()
                .filter(purpose -> action(purpose, of) == action)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a policy may do this with so much money, in minor units. */
    boolean mayWithoutAPerson(Action action, long amount) {
        return switch (action) {
            case REFUND -> amount <= refundAtMost;
            case CREDIT_TO_WALLET -> amount <= creditAtMost;
            case REOPEN, ASK -> true;
        };
    }

    Action action(String purpose, PolicyCase of) {
        return lines.getOrDefault(purpose, usual).getOrDefault(of, Action.ASK);
    }
}
