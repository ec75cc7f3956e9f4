package io.tallyhook.payment.inspection;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What was found, and whose turn it is to look. */
@Repository
class Findings {

    /** More than this are not looked at again in one go; nobody reads so many either. */
    private static final int MOST = 1_000;

    private final JdbcClient jdbc;

    Findings(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void write(Collection<Finding> findings) {
        for (var finding : findings) {
            jdbc.sql("""
                            INSERT INTO payment.finding AS f
                              (out_trade_no, cause, purpose, reference, user_id, amount, currency, since, found_at)
                            VALUES (:no, :cause, :purpose, :reference, :userId, :amount, :currency, :since, now())
                            ON CONFLICT (out_trade_no) DO UPDATE SET cause = excluded.cause WHERE f.cause <> excluded.cause
                            """)
                    .param("no", finding.outTradeNo())
                    .param("cause", finding.cause().name())
                    .param("purpose", finding.purpose())
                    .param("reference", finding.reference())
                    .param("userId", finding.userId())
                    .param("amount", finding.amount().minorUnits())
                    .param("currency", finding.amount().currency().getCurrencyCode())
                    .param("since", Timestamp.from(finding.since()))
                    .update();
        }
    }

    List<String> known(String purpose) {
        return jdbc.sql(
                        "SELECT out_trade_no FROM payment.finding WHERE purpose = :purpose ORDER BY found_at LIMIT :most")
                .param("purpose", purpose)
                .param("most", MOST)
                .query((row, number) -> row.getString(1))
                .list();
    }

    void gone(Collection<String> outTradeNos) {
        jdbc.sql("DELETE FROM payment.finding WHERE out_trade_no = ANY (:numbers)")
                .param("numbers", outTradeNos.toArray(String[]::new))
                .update();
    }

    /** A turn. @param full when all of it was inspected last */
    record Turn(Optional<Instant> full) {}

    /** Takes the turn, if it is due and nobody has it. */
    Optional<Turn> claim(Duration lease) {
        return jdbc.sql("""
                        UPDATE payment.inspection SET lease_until = now() + make_interval(secs => :lease)
                        WHERE next_at <= now() AND (lease_until IS NULL OR lease_until < now())
                        RETURNING full_at
                        """)
                .param("lease", lease.toSeconds())
                .query((row, number) -> new Turn(
                        Optional.ofNullable(row.getTimestamp("full_at")).map(Timestamp::toInstant)))
                .optional();
    }

    /** It goes on; who dies keeps the others away no longer than this. */
    void extend(Duration lease) {
        jdbc.sql("UPDATE payment.inspection SET lease_until = now() + make_interval(secs => :lease)")
                .param("lease", lease.toSeconds())
                .update();
    }

    void done(Duration every, boolean full) {
        jdbc.sql("""
                        UPDATE payment.inspection
                        SET lease_until = NULL, next_at = now() + make_interval(secs => :every),
                            full_at = CASE WHEN :full THEN now() ELSE full_at END
                        """).param("every", every.toSeconds()).param("full", full).update();
    }
}
