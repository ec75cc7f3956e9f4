package io.tallyhook.payment.release;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Quarantined deliveries of another amount that neither a person nor a policy has begun with. */
@Repository
class Untouched {

    /** What is older was there before its policy, or before somebody looked: it is for people. */
    private static final Duration RECENT = Duration.ofDays(1);

    private static final String NOBODY_HAS_BEGUN = """
            NOT EXISTS (SELECT FROM payment.release r WHERE r.out_trade_no = p.out_trade_no)
            AND NOT EXISTS (SELECT FROM payment.policy_decision d
                            WHERE d.out_trade_no = p.out_trade_no AND d.reason = 'OTHER_AMOUNT')
            AND NOT EXISTS (SELECT FROM payment.callback seen JOIN payment.dealt_with d ON d.line = 'callback/' || seen.id
                            WHERE seen.out_trade_no = p.out_trade_no AND seen.outcome = 'MISMATCH')""";

    private final JdbcClient jdbc;

    Untouched(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One of them. */
    record Delivered(UUID callbackId, String outTradeNo, String purpose) {}

    /** @param after how long it must have been there */
    Optional<Delivered> oldest(Collection<String> purposes, Duration after) {
        return jdbc.sql("""
                        SELECT c.id, p.out_trade_no, p.purpose
                        FROM payment.callback c JOIN payment.payment p USING (out_trade_no)
                        WHERE c.outcome = 'MISMATCH'
                          AND c.received_at > now() - make_interval(secs => :recent)
                          AND c.received_at <= now() - make_interval(secs => :after)
                          AND jsonb_array_length(c.differences) = 1 AND c.differences -> 0 ->> 'check' = 'AMOUNT'
                          AND p.state IN ('PENDING', 'CLOSED') AND p.purpose = ANY (:purposes)
                          AND %s
                        ORDER BY c.received_at
                        LIMIT 1
                        """.formatted(NOBODY_HAS_BEGUN))
                .param("recent", RECENT.toSeconds())
                .param("after", after.toSeconds())
                .param("purposes", purposes.toArray(String[]::new))
                .query((row, number) -> new Delivered(
                        row.getObject("id", UUID.class), row.getString("out_trade_no"), row.getString("purpose")))
                .optional();
    }

    /** Whether it is still so, once its payment is locked. */
    boolean isStill(String outTradeNo) {
        return jdbc.sql("SELECT %s FROM payment.payment p WHERE p.out_trade_no = :outTradeNo"
                        .formatted(NOBODY_HAS_BEGUN))
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> row.getBoolean(1))
                .optional()
                .orElse(false);
    }
}
