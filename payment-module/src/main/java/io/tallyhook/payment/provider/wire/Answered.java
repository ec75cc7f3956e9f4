package io.tallyhook.payment.provider.wire;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import java.util.function.Supplier;

/** What a provider answers to a question of ours, which is believed no more than a callback. */
public final class Answered {

    private Answered() {}

    /**
     * The fact of an answer about this payment.
     *
     * @throws ProviderUnclear if it cannot be read or is about another one: what is true stays open then
     */
    public static Fact about(String outTradeNo, Supplier<? extends Fact> reading) {
        try {
            var fact = reading.get();
            if (!fact.outTradeNo().equals(outTradeNo)) {
                throw new ProviderUnclear("the answer is about another payment", null);
            }
            return fact;
        } catch (NotBelieved because) {
            throw new ProviderUnclear(
                    "the answer is not readable: " + because.verdict().reason(), because);
        }
    }

    /** There is no such account to ask with, or not any more. */
    public static Refusal nobodyToAsk(String provider, String account) {
        return Refusal.conflict(
                "account-not-configured",
                "The account %s/%s is not configured any more, so nobody can ask it for refunds."
                        .formatted(provider, account));
    }
}
