package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.ledger.Answer.Declined;
import io.tallyhook.wallet.ledger.Answer.Posted;
import io.tallyhook.wallet.ledger.Answer.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Calls the ledger's functions in the database ({@code V3__operations.sql}): one round trip each. */
@Component
class WalletOperations {

    private static final String KEY_REUSED = "LG004";
    private static final String STOPPED = "LG008";

    /**
     * Whoever asks locks the wallet and then looks whether the key was answered, so a key is never taken by two. Only that of a
     * wallet that does not exist yet can be: there is nothing to lock.
     */
    private static final String KEY_TAKEN = "\"request_pkey\"";

    private static final String UNIQUE = "23505";

    private final JdbcClient jdbc;
    private final Clock clock;

    WalletOperations(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Asks for one operation.
     *
     * @param call the function with its arguments; {@code :shard}, {@code :userId}, {@code :key}, {@code :sha256} and
     *     {@code :now} are given to it
     * @param arguments its further arguments by name
     * @throws RequestConflict if the key was used for something else
     * @throws LedgerStopped if the user's shard takes no postings
     * @throws AskedAtOnce if the same is asked at the same moment, just when the wallet is opened
     */
    Answer ask(
            String call, String key, UserId userId, byte[] sha256, Map<String, ? extends @Nullable Object> arguments) {
        try {
            return jdbc.sql("SELECT * FROM " + call)
                    .param("shard", userId.shard())
                    .param("userId", userId.value())
                    .param("key", key)
                    .param("sha256", sha256)
                    .param("now", Timestamp.from(clock.instant()))
                    .params(arguments)
                    .query(WalletOperations::answer)
                    .single();
        } catch (DataAccessException e) {
            throw translated(e, key);
        }
    }

    /** What the ledger's own error codes mean; any other error stays as it is. */
    static RuntimeException translated(DataAccessException e, String key) {
        if (e.getMostSpecificCause() instanceof SQLException cause && cause.getSQLState() != null) {
            return switch (cause.getSQLState()) {
                case KEY_REUSED -> new RequestConflict(key);
                case STOPPED -> new LedgerStopped(cause.getMessage(), e);
                case UNIQUE -> isOfKeys(cause) ? new AskedAtOnce(key, e) : e;
                default -> e;
            };
        }
        return e;
    }

    private static boolean isOfKeys(SQLException violation) {
        return String.valueOf(violation.getMessage()).contains(KEY_TAKEN);
    }

    private static Answer answer(ResultSet row, int number) throws SQLException {
        var outcome = row.getString("outcome");
        boolean replayed = row.getBoolean("replayed");
        return outcome.equals("POSTED")
                ? new Posted(
                        row.getLong("journal_id"),
                        Money.fen(row.getLong("principal")),
                        Money.fen(row.getLong("bonus")),
                        replayed)
                : new Declined(Reason.valueOf(outcome), replayed);
    }
}
