package io.tallyhook.payment.asking;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.asking.Errand.Account;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A person asks a provider about a payment: at once, whatever is due when, and with their name on it. */
@Component
public class AskNow {

    private final AskProvider provider;
    private final Questions questions;
    private final JdbcClient jdbc;
    private final Clock clock;

    AskNow(AskProvider provider, Questions questions, JdbcClient jdbc, Clock clock) {
        this.provider = provider;
        this.questions = questions;
        this.jdbc = jdbc;
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
        jdbc.sql("""
                        INSERT INTO payment.intervention (at, actor, action, out_trade_no, result)
                        VALUES (now(), :actor, 'ASK_PROVIDER', :outTradeNo, :result)
                        """)
                .param("actor", actor)
                .param("outTradeNo", outTradeNo)
                .param(
                        "result",
                        "answered %s, %s"
                                .formatted(
                                        answer.says(), Objects.requireNonNullElse(answer.outcome(), "nothing booked")))
                .update();
    }
}
