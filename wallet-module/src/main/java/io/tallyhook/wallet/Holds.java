package io.tallyhook.wallet;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.ledger.Answer;
import io.tallyhook.wallet.ledger.Holding;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sets money of a wallet aside until it is known what becomes of it, such as for a deposit or an order that is weighed when
 * it is packed. Every call is repeatable: the same request id gives the same answer and moves nothing twice.
 */
@Component
public class Holds {

    /** How long money is set aside if nobody says otherwise: providers' authorisations last as long. */
    public static final Duration DEFAULT_EXPIRY = Duration.ofDays(7);

    private final Holding holding;
    private final HoldRows rows;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Holds(Holding holding, HoldRows rows, PlatformTransactionManager transactions, Clock clock) {
        this.transaction = new TransactionTemplate(transactions);
        this.holding = holding;
        this.rows = rows;
        this.clock = clock;
    }

    /**
     * Sets an amount aside.
     *
     * @param actor who asks for it; recorded
     * @throws Refusal 409 {@code insufficient-balance} if the wallet does not hold that much; 503 if the ledger stands still
     */
    public Hold place(RequestId id, UserId userId, Money amount, String reference, Duration expiresIn, String actor) {
        var holdNo = id.number('H');
        book(() ->
                holding.hold(holdNo, userId, amount, reference, clock.instant().plus(expiresIn), actor));
        return get(userId, holdNo);
    }

    /**
     * Spends for good what is set aside, or a part of it. The rest stays set aside.
     *
     * @param amount absent: all that is left
     * @param purpose decides which revenue account earns it, such as {@code GOODS}
     * @throws Refusal 404 if there is no such hold; 409 if less is left of it; 503 if the ledger stands still
     */
    public Hold capture(
            RequestId id, UserId userId, String holdNo, Optional<Money> amount, String purpose, String actor) {
        get(userId, holdNo);
        book(() -> holding.capture(id.number('C'), userId, holdNo, amount, purpose, actor));
        return get(userId, holdNo);
    }

    /**
     * Gives back what is still set aside.
     *
     * @throws Refusal 404 if there is no such hold; 409 if nothing is left of it; 503 if the ledger stands still
     */
    public Hold release(RequestId id, UserId userId, String holdNo, String actor) {
        get(userId, holdNo);
        book(() -> holding.release(id.number('L'), userId, holdNo, actor, "Released"));
        return get(userId, holdNo);
    }

    /**
     * The hold with this number.
     *
     * @throws Refusal (404) if the user has none
     */
    public Hold get(UserId userId, String holdNo) {
        return rows.find(userId, holdNo).orElseThrow(() -> Refusal.notFound("hold", holdNo));
    }

    /** A user's holds, newest first. */
    public Page<Hold> of(UserId userId, Paging paging) {
        return rows.of(userId, paging);
    }

    /** Books in a transaction of its own. A refusal is thrown only after that: the ledger's record of it must be kept. */
    private void book(Supplier<Answer> posting) {
        var answer = Refusals.unlessStopped(() -> transaction.execute(status -> posting.get()));
        if (answer instanceof Answer.Declined declined) {
            throw Refusals.of(declined.reason());
        }
    }
}
