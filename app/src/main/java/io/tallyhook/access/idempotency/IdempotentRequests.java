package io.tallyhook.access.idempotency;

import io.tallyhook.payment.RequestId;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;

/** The Idempotency-Keys in {@code access.idempotent_request}. */
@Repository
public class IdempotentRequests {

    /** After this long an attempt that has not ended is taken for dead, and another may take its place. */
    static final Duration LEASE = Duration.ofSeconds(60);
    /** How long an answer is kept. */
    static final Duration KEEP = Duration.ofDays(30);
    /** One cleaning takes no more rows at once than this, so that it never holds anybody up. */
    private static final int CLEANING_BATCH = 5_000;

    /**
     * New, or open again, or left behind by a dead attempt. The request id of the first attempt stays. A request that was
     * refused as wrong (4xx) left nothing behind, so its key may come again with the mistake corrected.
     */
    private static final String CLAIM = """
            INSERT INTO access.idempotent_request AS known
                        (api_key_id, key, fingerprint, request_id, state, attempt, lease_until, created_at)
            VALUES (:apiKey, :key, :fingerprint, :requestId, 'RUNNING', :attempt, :lease, :now)
            ON CONFLICT (api_key_id, key) DO UPDATE
               SET state       = 'RUNNING',
                   fingerprint = excluded.fingerprint,
                   attempt     = excluded.attempt,
                   lease_until = excluded.lease_until,
                   rebindable  = false
             WHERE (known.fingerprint = excluded.fingerprint OR (known.state = 'OPEN' AND known.rebindable))
               AND (known.state = 'OPEN' OR (known.state = 'RUNNING' AND known.lease_until <= :now))
            RETURNING request_id""";

    private static final String FINISH = """
            UPDATE access.idempotent_request
               SET state = 'DONE', status = :status, content_type = :contentType, location = :location, body = :body
             WHERE api_key_id = :apiKey AND key = :key AND attempt = :attempt AND state = 'RUNNING'""";

    private static final String REOPEN = """
            UPDATE access.idempotent_request SET state = 'OPEN', rebindable = :rebindable
             WHERE api_key_id = :apiKey AND key = :key AND attempt = :attempt AND state = 'RUNNING'""";

    private static final String CLEAN = """
            DELETE FROM access.idempotent_request
             WHERE (api_key_id, key) IN (SELECT api_key_id, key FROM access.idempotent_request
                                          WHERE created_at < :before AND (state <> 'RUNNING' OR lease_until < :now)
                                          LIMIT :batch)""";

    private final JdbcClient jdbc;
    private final Clock clock;

    IdempotentRequests(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    Claim claim(long apiKey, String key, byte[] fingerprint) {
        var attempt = UUID.randomUUID();
        var now = clock.instant();
        var won = jdbc.sql(CLAIM)
                .param("apiKey", apiKey)
                .param("key", key)
                .param("fingerprint", fingerprint)
                .param("requestId", RequestId.fresh(clock).value())
                .param("attempt", attempt)
                .param("lease", Timestamp.from(now.plus(LEASE)))
                .param("now", Timestamp.from(now))
                .query(UUID.class)
                .optional();
        return won.<Claim>map(id -> new Claim.Won(new RequestId(id), attempt))
                .or(() -> taken(apiKey, key, fingerprint))
                // Cleaned away between the two statements: as good as running, the caller asks again.
                .orElseGet(Claim.Running::new);
    }

    /** Keeps the answer, or opens the key for another try; nothing happens if the attempt has been replaced. */
    void finish(long apiKey, String key, UUID attempt, Answer answer) {
        if (!answer.isKept()) {
            reopen(apiKey, key, attempt, answer.isCallersFault());
            return;
        }
        jdbc.sql(FINISH)
                .param("status", answer.status())
                .param("contentType", answer.contentType())
                .param("location", answer.location())
                .param("body", answer.body())
                .param("apiKey", apiKey)
                .param("key", key)
                .param("attempt", attempt)
                .update();
    }

    /** The attempt has failed without an answer. */
    void reopen(long apiKey, String key, UUID attempt, boolean rebindable) {
        jdbc.sql(REOPEN)
                .param("rebindable", rebindable)
                .param("apiKey", apiKey)
                .param("key", key)
                .param("attempt", attempt)
                .update();
    }

    @Scheduled(initialDelayString = "PT5M", fixedDelayString = "PT10M")
    void forgetOld() {
        var now = clock.instant();
        int cleaned;
        do {
            cleaned = jdbc.sql(CLEAN)
                    .param("before", Timestamp.from(now.minus(KEEP)))
                    .param("now", Timestamp.from(now))
                    .param("batch", CLEANING_BATCH)
                    .update();
        } while (cleaned == CLEANING_BATCH);
    }

    private Optional<Claim> taken(long apiKey, String key, byte[] fingerprint) {
        return jdbc.sql("""
                        SELECT fingerprint, state, status, content_type, location, body
                          FROM access.idempotent_request WHERE api_key_id = :apiKey AND key = :key""")
                .param("apiKey", apiKey)
                .param("key", key)
                .query((row, number) -> taken(row, fingerprint))
                .optional();
    }

    private static Claim taken(ResultSet row, byte[] fingerprint) throws SQLException {
        if (!MessageDigest.isEqual(row.getBytes("fingerprint"), fingerprint)) {
            return new Claim.Different();
        }
        return row.getString("state").equals("DONE")
                ? new Claim.Kept(new Answer(
                        row.getInt("status"),
                        row.getString("content_type"),
                        row.getString("location"),
                        row.getBytes("body")))
                : new Claim.Running();
    }
}
