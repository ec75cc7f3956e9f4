package io.tallyhook.payment.fulfilment;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Fulfilment;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The payments that are paid and not yet turned into what was bought: the rows of {@code payment.payment} with a due time. */
@Repository
public class DuePayments {

    static final String COLUMNS = """
            out_trade_no, purpose, reference, user_id, amount, currency, provider, account, provider_transaction_id,
            paid_at, attempts""";

    private static final int ERROR_LENGTH = 500;

    private final JdbcClient jdbc;
    private final FulfilmentSettings settings;

    DuePayments(JdbcClient jdbc, FulfilmentSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
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

    /** Records the answers of a listener for payments that are locked. */
    public void settle(List<Fulfilment> answers) {
        Map<Boolean, List<Fulfilment>> byKind =
                answers.stream().collect(Collectors.partitioningBy(Fulfilment.Done.class::isInstance));
        int settled = done(byKind.getOrDefault(true, List.of())) + parked(byKind.getOrDefault(false, List.of()));
        if (settled != answers.size()) {
            throw new IllegalStateException("%d of %d payments could be settled".formatted(settled, answers.size()));
        }
    }

    private int done(List<Fulfilment> answers) {
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

    private int parked(List<Fulfilment> answers) {
        int parked = 0;
        for (var answer : answers) {
            if (answer instanceof Fulfilment.Refused(var outTradeNo, var reason)) {
                parked += jdbc.sql("""
                                UPDATE payment.payment
                                SET fulfilment = 'PARKED', fulfilment_reason = :reason, due_at = NULL,
                                    fulfilment_error = NULL, version = version + 1
                                WHERE out_trade_no = :outTradeNo AND state = 'PAID'
                                  AND fulfilment IN ('PENDING', 'FAILED')
                                """)
                        .param("outTradeNo", outTradeNo)
                        .param("reason", reason.name())
                        .update();
            }
        }
        return parked;
    }

    /** Records that a payment could not be handed out and when it is tried again. */
    public void failed(String outTradeNo, Throwable cause) {
        // PostgreSQL takes no NUL character in a text; a failure must be recorded whatever it says.
        var message = (cause.getClass().getSimpleName() + ": " + cause.getMessage()).replace("\0", "\uFFFD");
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
                .param("error", message.substring(0, Math.min(message.length(), ERROR_LENGTH)))
                .param("gap", settings.gap(attempts + 1).toSeconds())
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
                row.getTimestamp("paid_at").toInstant());
    }
}
