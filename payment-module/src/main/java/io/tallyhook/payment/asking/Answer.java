package io.tallyhook.payment.asking;

import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Fact;
import org.jspecify.annotations.Nullable;

/**
 * What a provider answered, and what became of it here.
 *
 * @param outcome what the intake made of the fact; absent where there was none, or where it could not be booked now
 * @param detail the provider's own word for the state, or what went wrong; for people
 */
public record Answer(ProviderSays says, @Nullable Outcome outcome, String detail) {

    static Answer of(ProviderSays says) {
        return new Answer(says, null, "");
    }

    static Answer unclear(@Nullable String why) {
        return new Answer(ProviderSays.UNCLEAR, null, why == null ? "" : why);
    }

    static Answer booked(Fact fact, Outcome outcome) {
        return new Answer(says(fact), outcome, word(fact));
    }

    static Answer notBooked(Fact fact, String why) {
        return new Answer(says(fact), null, why);
    }

    /** Whether it must be asked again soon: nothing is known, or what is known is not booked. */
    boolean unsettled() {
        return switch (says) {
            case UNCLEAR -> true;
            case PAID, REFUNDED -> outcome == null;
            case CLOSED, OPEN, UNKNOWN -> false;
        };
    }

    /** Whether it booked money that no callback had told of. */
    boolean foundMoney() {
        return outcome == Outcome.CONFIRMED || outcome == Outcome.LATE;
    }

    private static ProviderSays says(Fact fact) {
        return switch (fact) {
            case Fact.Paid paid -> ProviderSays.PAID;
            case Fact.Refunded refunded -> ProviderSays.REFUNDED;
            case Fact.Closed closed -> ProviderSays.CLOSED;
            case Fact.Unchanged unchanged -> ProviderSays.OPEN;
        };
    }

    private static String word(Fact fact) {
        return switch (fact) {
            case Fact.Paid paid -> paid.providerTransactionId();
            case Fact.Unchanged unchanged -> unchanged.state();
            case Fact.Refunded refunded -> refunded.result().name();
            case Fact.Closed closed -> "";
        };
    }
}
