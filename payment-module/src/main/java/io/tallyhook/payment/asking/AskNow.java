package io.tallyhook.payment.asking;

import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.Interventions;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.asking.Errand.Account;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Component;

/** A person asks a provider about a payment: at once, whatever is due when, and with their name on it. */
@Component
public class AskNow {

    private final AskProvider provider;
    private final Questions questions;
    private final Interventions interventions;
    private final Clock clock;

    AskNow(AskProvider provider, Questions questions, Interventions interventions, Clock clock) {
        this.provider = provider;
        this.questions = questions;
        this.interventions = interventions;
        this.clock = clock;
    }

    /**
     * Asks and books the answer. Must not be called in a transaction.
     *
     * @param providerName whom to ask
     * @param actor who wants to know; recorded
     * @throws Refusal (409, {@code account-cannot-order}) if the account has no keys to ask with
     */
    public Answer ask(String providerName, String account, String outTradeNo, String actor) {
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        questions.askedBySomebody(new Account(providerName, account), outTradeNo, at);
        try {
            var answer = provider.query(providerName, account, outTradeNo);
            record(outTradeNo, at, answer, actor);
            return answer;
        } catch (Refusal refusal) {
            record(outTradeNo, at, Answer.unclear(refusal.getMessage()), actor);
            throw refusal;
        }
    }

    private void record(String outTradeNo, Instant at, Answer answer, String actor) {
        questions.answered(outTradeNo, at, answer, clock.instant());
        var outcome = answer.outcome();
        interventions.record(
                actor,
                "ASK_PROVIDER",
                outTradeNo,
                outcome == null
                        ? InterventionResult.of(Code.ANSWERED_IN_VAIN, answer.says())
                        : InterventionResult.of(Code.ANSWERED, answer.says(), outcome));
    }
}
