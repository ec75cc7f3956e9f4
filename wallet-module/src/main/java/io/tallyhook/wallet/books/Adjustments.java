package io.tallyhook.wallet.books;

import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Adjustments of wallets: one person proposes, a second one approves, and only then it is booked, in the transaction that
 * records the approval. Each is decided once: of two people who decide at the same moment one wins, and the other is told.
 *
 * <p>Must not be called in a transaction.
 */
@Component
public class Adjustments {

    /** A note of the second person has no more characters. */
    public static final int LONGEST_NOTE = 500;

    private static final String STOPPED = "LG008";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final Pattern NUMBER = Pattern.compile("A[0-9A-Z]{26}");

    /** More than these at once is a queue that nobody works on; the oldest are shown. */
    private static final int MOST_OPEN = 200;

    private final AdjustmentRows rows;
    private final Preview preview;
    private final TransactionOperations transaction;
    private final Clock clock;

    Adjustments(AdjustmentRows rows, Preview preview, TransactionOperations transaction, Clock clock) {
        this.rows = rows;
        this.preview = preview;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** A number for a proposal that is not made yet, so that sending a form twice makes one. */
    public String newNumber() {
        return RequestId.fresh(clock).number('A');
    }

    /**
     * Makes a proposal. The same number again with the same proposal by the same person is the same one.
     *
     * @param number from {@link #newNumber()}
     * @throws Refusal 400 if a bonus would expire at once; 409 if the number stands for another proposal
     */
    public Adjustment propose(String number, Proposal proposal, String by) {
        if (!NUMBER.matcher(number).matches()) {
            throw Refusal.badField("number", "must be A and 26 characters of 0-9 A-Z");
        }
        var now = now();
        requireFuture(proposal, now);
        boolean made = rows.insert(number, proposal, by, now);
        var standing = get(number);
        if (!made && !(standing.proposal().equals(proposal) && standing.proposedBy(by))) {
            throw Refusal.conflict("number-taken", "The number %s stands for another proposal.".formatted(number));
        }
        return standing;
    }

    /**
     * What a proposal would do if it were approved now; nothing of it stays.
     *
     * @throws Refusal as {@link #propose} and {@link #approve} do
     */
    public Effect preview(Proposal proposal) {
        requireFuture(proposal, now());
        return booking(() -> preview.of(newNumber(), proposal, now()));
    }

    /**
     * Books a proposal that somebody else has made, or records that the ledger refuses to.
     *
     * @param note may be empty
     * @throws Refusal 404 if there is no such proposal; 409 if it is one's own or decided already; 503 if the
     *     ledger has stopped for this user
     */
    public Adjustment approve(String number, String by, String note) {
        return decide(number, note, proposal -> {
            requireSecondPerson(proposal, by);
            return rows.approve(proposal, by, filled(note), now());
        });
    }

    /**
     * Says no to a proposal that somebody else has made.
     *
     * @throws Refusal 404 if there is no such proposal; 409 if it is one's own or decided already
     */
    public Adjustment reject(String number, String by, String note) {
        return decide(number, note, proposal -> {
            requireSecondPerson(proposal, by);
            rows.end(number, AdjustmentState.REJECTED, by, filled(note), now());
            return get(number);
        });
    }

    /**
     * Takes a proposal of one's own back.
     *
     * @throws Refusal 404 if there is no such proposal; 409 if it is not one's own or decided already
     */
    public Adjustment withdraw(String number, String by) {
        return decide(number, "", proposal -> {
            if (!proposal.proposedBy(by)) {
                throw Refusal.conflict(
                        "not-your-proposal", "Only %s can withdraw this proposal.".formatted(proposal.proposedBy()));
            }
            rows.end(number, AdjustmentState.WITHDRAWN, by, null, now());
            return get(number);
        });
    }

    public Optional<Adjustment> find(String number) {
        return rows.find(number);
    }

    /** @throws Refusal (404) if there is none with this number */
    public Adjustment get(String number) {
        return find(number).orElseThrow(() -> Refusal.notFound("adjustment", number));
    }

    /** Those that wait for a second person, the oldest first. */
    public List<Adjustment> open() {
        return rows.open(MOST_OPEN);
    }

    /** Those that are decided, the newest first. */
    public Page<Adjustment> decided(Paging paging) {
        return rows.decided(paging);
    }

    private Adjustment decide(String number, String note, Function<Adjustment, Adjustment> decision) {
        if (note.codePointCount(0, note.length()) > LONGEST_NOTE || note.indexOf('\0') >= 0) {
            throw Refusal.badField("note", "must have at most %d characters".formatted(LONGEST_NOTE));
        }
        return booking(() -> transaction.execute(status -> {
            var standing = rows.lock(number).orElseThrow(() -> Refusal.notFound("adjustment", number));
            if (!standing.open()) {
                throw Refusal.conflict(
                        "decided-before",
                        "%s was %s by %s before."
                                .formatted(
                                        number,
                                        standing.state(),
                                        standing.decidedBy().orElse("nobody")));
            }
            return decision.apply(standing);
        }));
    }

    /** A shard that is stopped books nothing, adjustments neither; nor does a wallet that others keep busy. */
    private static <T> T booking(Supplier<T> work) {
        try {
            return work.get();
        } catch (DataAccessException e) {
            throw NestedExceptionUtils.getMostSpecificCause(e) instanceof SQLException cause ? said(cause, e) : e;
        }
    }

    private static RuntimeException said(SQLException cause, DataAccessException otherwise) {
        return switch (String.valueOf(cause.getSQLState())) {
            case STOPPED ->
                Refusal.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "ledger-stopped",
                        "The ledger has stopped for this user, because a check found a fault. Look at the proof first.");
            case LOCK_NOT_AVAILABLE ->
                Refusal.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "wallet-busy",
                        "The wallet is being moved by others. Nothing was done; try again in a moment.");
            default -> otherwise;
        };
    }

    private static void requireSecondPerson(Adjustment proposal, String by) {
        if (proposal.proposedBy(by)) {
            throw Refusal.conflict("own-proposal", "A second person must decide on what you have proposed yourself.");
        }
    }

    private static void requireFuture(Proposal proposal, Instant now) {
        if (proposal.bonusExpiresAt().filter(end -> !end.isAfter(now)).isPresent()) {
            throw Refusal.badField("bonusExpiresAt", "must lie in the future");
        }
    }

    private static @Nullable String filled(String note) {
        return note.isBlank() ? null : note.strip();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
