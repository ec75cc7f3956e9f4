package io.tallyhook.payment;

import static io.tallyhook.payment.InterventionResult.Value.AMOUNT;
import static io.tallyhook.payment.InterventionResult.Value.FULFILMENT;
import static io.tallyhook.payment.InterventionResult.Value.GIVEN_UP_AS;
import static io.tallyhook.payment.InterventionResult.Value.NUMBER;
import static io.tallyhook.payment.InterventionResult.Value.OUTCOME;
import static io.tallyhook.payment.InterventionResult.Value.PARKING;
import static io.tallyhook.payment.InterventionResult.Value.REFUND;
import static io.tallyhook.payment.InterventionResult.Value.REJECTION;
import static io.tallyhook.payment.InterventionResult.Value.RELEASE;
import static io.tallyhook.payment.InterventionResult.Value.SAYS;
import static io.tallyhook.payment.InterventionResult.Value.WORDS;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came of what a person did: a code, which is stored and never changes its meaning, with its values. The English sentence
 * is stored beside it and is what the API tells; pages say it in the reader's language.
 *
 * @param values as many as the code has, in its order, each as it is in the database
 */
public record InterventionResult(Code code, List<String> values) {

    /** What can come of it. */
    public enum Code {
        /** A payment was handed to its module again. */
        RETRIED("was %s", FULFILMENT),
        /** The same, together with others. */
        RETRIED_WITH_OTHERS("was %s, with retry %s", FULFILMENT, NUMBER),
        REPLAYED("%s", OUTCOME),
        REPLAY_REJECTED("REJECTED %s", REJECTION),
        UNMASKED("seen in clear text"),
        ANSWERED("answered %s, %s", SAYS, OUTCOME),
        ANSWERED_IN_VAIN("answered %s, nothing booked", SAYS),
        REFUND_RETRIED("%s: was %s, is %s", NUMBER, REFUND, REFUND),
        REFUND_TOLD_AGAIN("%s: its module is told again", NUMBER),
        REFUND_APPROVED("%s", NUMBER),
        REFUND_REJECTED("%s: %s", NUMBER, WORDS),
        GIVING_UP("%s as %s: %s", NUMBER, GIVEN_UP_AS, WORDS),
        RELEASE_PROPOSED("%s of %s: %s", RELEASE, AMOUNT, WORDS),
        RELEASE_CONFIRMED("%s of %s", RELEASE, AMOUNT),
        RELEASE_REJECTED("%s", WORDS),
        REOPENED("was %s", PARKING),
        CREDITED("%s: %s", NUMBER, WORDS),
        SETTLED("%s", WORDS);

        private final String english;
        private final List<Value> kinds;

        Code(String english, Value... kinds) {
            this.english = english;
            this.kinds = List.of(kinds);
        }

        /** The sentence with {@code %s} for each value. */
        public String english() {
            return english;
        }

        /** What its values are. */
        public List<Value> kinds() {
            return kinds;
        }
    }

    /** What a value is, which is how it is said. */
    public enum Value {
        /** Of a refund, recharge or retry. */
        NUMBER,
        /** What a person wrote. */
        WORDS,
        /** Like {@code 19.99 CNY}. */
        AMOUNT,
        FULFILMENT,
        PARKING,
        REFUND,
        OUTCOME,
        REJECTION,
        SAYS,
        RELEASE,
        /** {@code FAILED} if nothing has gone, {@code SUCCEEDED} if it was paid out in another way. */
        GIVEN_UP_AS
    }

    public InterventionResult {
        values = List.copyOf(values);
        if (values.size() != code.kinds().size()) {
            throw new IllegalArgumentException(
                    "%s has %d values, not %s".formatted(code, code.kinds().size(), values));
        }
    }

    public static InterventionResult of(Code code, Object... values) {
        return new InterventionResult(
                code, Stream.of(values).map(String::valueOf).toList());
    }

    /**
     * As it was stored.
     *
     * @return nothing for one that a later version has written
     */
    public static Optional<InterventionResult> read(String code, String... values) {
        return Stream.of(Code.values())
                .filter(known -> known.name().equals(code) && known.kinds().size() == values.length)
                .map(known -> new InterventionResult(known, List.of(values)))
                .findFirst();
    }

    /** The sentence that is stored. */
    public String english() {
        return code.english().formatted(values.toArray());
    }
}
