package io.tallyhook.payment.asking;

import io.tallyhook.payment.Storable;
import io.tallyhook.payment.asking.Errand.Account;
import io.tallyhook.payment.asking.Question.Why;
import io.tallyhook.payment.booking.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What providers were asked and what they said. */
@Repository
public class Questions {

    private static final int SHOWN = 50;

    private final JdbcClient jdbc;

    Questions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Writes down that a provider is about to be asked. */
    void asked(List<Errand> errands) {
        jdbc.sql("""
                        INSERT INTO payment.question (out_trade_no, asked_at, provider, account, why)
                        SELECT out_trade_no, asked_at, provider, account, why
                        FROM unnest(:numbers::text[], :times::timestamptz[], :providers::text[], :accounts::text[],
                                    :whys::text[])
                             AS q (out_trade_no, asked_at, provider, account, why)
                        ON CONFLICT (out_trade_no, asked_at) DO NOTHING
                        """)
                .param("numbers", errands.stream().map(Errand::outTradeNo).toArray(String[]::new))
                .param(
                        "times",
                        errands.stream()
                                .map(errand -> errand.begun().toString())
                                .toArray(String[]::new))
                .param(
                        "providers",
                        errands.stream()
                                .map(errand -> errand.account().provider())
                                .toArray(String[]::new))
                .param(
                        "accounts",
                        errands.stream().map(errand -> errand.account().name()).toArray(String[]::new))
                .param(
                        "whys",
                        errands.stream().map(errand -> errand.why().name()).toArray(String[]::new))
                .update();
    }

    /** Writes down that a person is about to ask. */
    void askedBySomebody(Account account, String outTradeNo, Instant at) {
        jdbc.sql("""
                        INSERT INTO payment.question (out_trade_no, asked_at, provider, account, why)
                        VALUES (:outTradeNo, :at, :provider, :account, 'PERSON')
                        ON CONFLICT (out_trade_no, asked_at) DO NOTHING
                        """)
                .param("outTradeNo", outTradeNo)
                .param("at", Timestamp.from(at))
                .param("provider", account.provider())
                .param("account", account.name())
                .update();
    }

    void answered(String outTradeNo, Instant askedAt, Answer answer, Instant now) {
        jdbc.sql("""
                        UPDATE payment.question
                        SET answered_at = :now, answer = :answer, outcome = :outcome, detail = :detail
                        WHERE out_trade_no = :outTradeNo AND asked_at = :askedAt
                        """)
                .param("outTradeNo", outTradeNo)
                .param("askedAt", Timestamp.from(askedAt))
                .param("now", Timestamp.from(now))
                .param("answer", answer.says().name())
                .param(
                        "outcome",
                        answer.outcome() == null ? null : answer.outcome().name())
                .param("detail", Storable.text(answer.detail()))
                .update();
    }

    /** The last ones about a payment, newest first. */
    public List<Question> about(String outTradeNo) {
        return jdbc.sql("""
                        SELECT asked_at, why, answer, outcome, detail FROM payment.question
                        WHERE out_trade_no = :outTradeNo ORDER BY asked_at DESC LIMIT :shown
                        """)
                .param("outTradeNo", outTradeNo)
                .param("shown", SHOWN)
                .query(Questions::question)
                .list();
    }

    /** Removes those that changed nothing and are older. */
    int forget(Instant before) {
        return jdbc.sql("""
                        DELETE FROM payment.question
                        WHERE asked_at < :before AND outcome IS DISTINCT FROM 'CONFIRMED'
                          AND outcome IS DISTINCT FROM 'LATE'
                        """).param("before", Timestamp.from(before)).update();
    }

    private static Question question(ResultSet row, int number) throws SQLException {
        var answer = row.getString("answer");
        var outcome = row.getString("outcome");
        return new Question(
                row.getTimestamp("asked_at").toInstant(),
                Why.valueOf(row.getString("why")),
                answer == null ? null : ProviderSays.valueOf(answer),
                outcome == null ? null : Outcome.valueOf(outcome),
                row.getString("detail"));
    }
}
