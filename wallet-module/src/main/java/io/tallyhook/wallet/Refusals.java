package io.tallyhook.wallet;

import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.ledger.Answer;
import io.tallyhook.wallet.ledger.LedgerStopped;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;

/** What the ledger declines, said to a caller who can act on it. Never how much the wallet holds. */
final class Refusals {

    static final String STANDS_STILL =
            "This wallet's ledger stands still until a person has looked at it. Nothing was moved; try again later.";

    private Refusals() {}

    static Refusal of(Answer.Reason reason) {
        return switch (reason) {
            case INSUFFICIENT_BALANCE ->
                Refusal.conflict(
                        "insufficient-balance",
                        "The wallet does not hold that much. Recharge it, or take a smaller amount, and try again with a new Idempotency-Key.");
            case NOTHING_HELD -> Refusal.conflict("nothing-held", "Nothing is left of the hold, or its time is over.");
            case MORE_THAN_HELD -> Refusal.conflict("more-than-held", "Less than that is left of the hold.");
            case MORE_THAN_SPENT -> Refusal.conflict("more-than-spent", "Less than that was spent and not given back.");
            case MORE_THAN_LEFT -> Refusal.conflict("more-than-left", "Less than that is left of the recharge.");
            case NOTHING_DUE -> Refusal.conflict("nothing-due", "Nothing of the kind is due.");
            case RESOLVED_BEFORE -> Refusal.conflict("resolved-before", "It ended before, in the other way.");
        };
    }

    /** @throws Refusal (503) if the ledger takes no postings for this user */
    static <T> T unlessStopped(Supplier<T> posting) {
        try {
            return posting.get();
        } catch (LedgerStopped e) {
            var refusal = Refusal.of(HttpStatus.SERVICE_UNAVAILABLE, "ledger-stopped", STANDS_STILL);
            refusal.initCause(e);
            throw refusal;
        }
    }
}
