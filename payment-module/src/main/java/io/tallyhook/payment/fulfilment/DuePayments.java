package io.tallyhook.payment.fulfilment;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Fulfilment;
import io.tallyhook.payment.Storable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The payments that are paid and not yet turned into what was bought: the rows of {@code payment.payment} with a due time. */
@Repository
public class DuePayments {

    static final String COLUMNS = """
            out_trade_no, purpose, reference, user_id, amount, currency, provider, account, provider_transaction_id,
            paid_at, attempts, coalesce(received_amount, amount) AS received""";

    private final JdbcClient jdbc;
    private final FulfilmentSettings settings;
    private final RandomGenerator random;

    DuePayments(JdbcClient jdbc, FulfilmentSettings settings, RandomGenerator random) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.random = random;
    }

    /** Locks those of the payments that are still due, in the order of their numbers, and answers them as they stand. */
    public List<ConfirmedPayment> lock(String purpose, List<ConfirmedPayment> payments) {
        return jdbc.sql("""
                        SELECT %s FROM payment.payment
                        WHERE out_trade_no = ANY (:numbers) AND purpose = :purpose
                          AND state = 'PAID' AND fulfilment IN ('PENDING', 'FAILED')
                        ORDER BY out_trade_no
                        FOR NO KEY UPDATE
                        """.formatted(COLUMNS))
                .param(
                        "numbers",
                        payments.stream().map(ConfirmedPayment::outTradeNo).toArray(String[]::new))
                .param("purpose", purpose)
                .query(DuePayments::confirmedPayment)
                .list();
    }

    /**
     * Records the answers of a listener for payments that are locked.
     *
     * @param counted whether the sweep has counted this attempt, so that a payment that waits gets it back
     */
    public void settle(List<Fulfilment> answers, boolean counted) {
        int settled = done(only(Fulfilment.Done.class, answers))
                + parked(only(Fulfilment.Refused.class, answers))
                + waiting(only(Fulfilment.Waiting.class, answers), counted);
        if (settled != answers.size()) {
            throw new IllegalStateException("%d of %d payments could be settled".formatted(settled, answers.size()));
        }
    }

    private static <A extends Fulfilment> List<A> only(Class<A> kind, List<Fulfilment> answers) {
        return answers.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private int done(List<Fulfilment.Done> answers) {
        if (answers.isEmpty()) {
            return 0;
        }
        return jdbc.sql("""
                        UPDATE payment.payment
                        SET fulfilment = 'SUCCEEDED', fulfilled_at = now(), due_at = NULL, fulfilment_error = NULL,
                            version = version + 1
                        WHERE out_trade_no = ANY (:numbers) AND state = 'PAID' AND fulfilment IN ('PENDING', 'FAILED')
                        """)
                .param("numbers", answers.stream().map(Fulfilment::outTradeNo).toArray(String[]::new))
                .update();
    }

    private int parked(List<Fulfilment.Refused> answers) {
        if (answers.isEmpty()) {
            return 0;
        }
        return jdbc.sql("""
                        UPDATE payment.payment p
                        SET fulfilment = 'PARKED', fulfilment_reason = r.reason, due_at = NULL,
                            fulfilment_error = NULL, version = p.version + 1
                        FROM unnest(:numbers::text[], :reasons::text[]) AS r (out_trade_no, reason)
                        WHERE p.out_trade_no = r.out_trade_no AND p.state = 'PAID'
                          AND p.fulfilment IN ('PENDING', 'FAILED')
                        """)
                .param("numbers", answers.stream().map(Fulfilment::outTradeNo).toArray(String[]::new))
                .param(
                        "reasons",
                        answers.stream().map(answer -> answer.reason().name()).toArray(String[]::new))
                .update();
    }

    /** What has failed before stays {@code FAILED}; only the reason and the time are those of the last answer. */
    private int waiting(List<Fulfilment.Waiting> answers, boolean counted) {
        if (answers.isEmpty()) {
            return 0;
        }
        return jdbc.sql("""
                        UPDATE payment.payment p
                        SET attempts = greatest(p.attempts - :counted, 0), fulfilment_error = w.why,
                            due_at = now() + make_interval(secs => :gap), version = p.version + 1
                        FROM unnest(:numbers::text[], :reasons::text[]) AS w (out_trade_no, why)
                        WHERE p.out_trade_no = w.out_trade_no AND p.state = 'PAID'
                          AND p.fulfilment IN ('PENDING', 'FAILED')
                        """)
                .param("counted", counted ? 1 : 0)
                .param("gap", settings.waitingGap().toSeconds())
                .param("numbers", answers.stream().map(Fulfilment::outTradeNo).toArray(String[]::new))
                .param(
                        "reasons",
                        answers.stream()
                                .map(answer -> Storable.text(answer.why()))
                                .toArray(String[]::new))
                .update();
    }

    /** Records that a payment could not be handed out and when it is tried again. */
    public void failed(String outTradeNo, Throwable cause) {
        var attempts = jdbc.sql(
                        "SELECT attempts FROM payment.payment WHERE out_trade_no = :outTradeNo FOR NO KEY UPDATE")
                .param("outTradeNo", outTradeNo)
                .query(Integer.class)
                .single();
        jdbc.sql("""
                        UPDATE payment.payment
                        SET fulfilment = 'FAILED', fulfilment_error = :error,
                            due_at = now() + make_interval(secs => :gap), version = version + 1
                        WHERE out_trade_no = :outTradeNo AND state = 'PAID' AND fulfilment IN ('PENDING', 'FAILED')
                        """)
                .param("outTradeNo", outTradeNo)
                .param("error", Storable.text(cause.getClass().getSimpleName() + ": " + cause.getMessage()))
                .param("gap", settings.spreadGap(attempts + 1, random).toSeconds())
                .update();
    }

    static ConfirmedPayment confirmedPayment(ResultSet row, int number) throws SQLException {
        return new ConfirmedPayment(
                row.getString("out_trade_no"),
                row.getString("reference"),
                row.getString("user_id"),
                row.getLong("amount"),
                row.getString("currency"),
                row.getString("provider"),
                row.getString("account"),
                row.getString("provider_transaction_id"),
                row.getTimestamp("paid_at").toInstant(),
                row.getLong("received"));
    }
}
