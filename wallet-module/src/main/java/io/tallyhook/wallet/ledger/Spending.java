package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Spends what a wallet holds, and gives it back. Runs in the caller's {@code READ COMMITTED} transaction; should be its last
 * step, because the wallet is locked from then on.
 */
@Component
public class Spending {

    private final WalletOperations operations;
    private final SpendingSettings settings;

    Spending(WalletOperations operations, SpendingSettings settings) {
        this.operations = operations;
        this.settings = settings;
    }

    /**
     * What is to be spent.
     *
     * @param key once for each; the number of the payment
     * @param purpose decides which revenue account earns it
     * @param reference what people know it by, such as the number of the order
     * @param at when the user spent it
     */
    public record Spend(String key, UserId userId, Money amount, String purpose, String reference, Instant at) {}

    /**
     * What is to be given back of something that was spent.
     *
     * @param key once for each; the number of the refund
     * @param spent the key under which it was spent, or the number of the hold that was captured
     * @param actor who gives it back
     */
    public record GiveBack(String key, UserId userId, String spent, Money amount, String actor, String reason) {}

    /** Spends an amount, or declines for {@code INSUFFICIENT_BALANCE}. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Answer spend(Spend spend) {
        return operations.ask(
                "wallet.spend(:shard::smallint, :userId, :key, :sha256, :amount, :purpose, :reference, :policy, :at, :now)",
                spend.key(),
                spend.userId(),
                RequestHash.of(spend.key(), spend.userId().value(), spend.amount(), spend.purpose(), spend.reference()),
                Map.of(
                        "amount", spend.amount().minorUnits(),
                        "purpose", spend.purpose(),
                        "reference", spend.reference(),
                        "policy", settings.drawDown().name(),
                        "at", Timestamp.from(spend.at())));
    }

    /**
     * Gives back to the recharges that it was drawn from, last drawn first, or declines for {@code MORE_THAN_SPENT}. A bonus
     * whose time came meanwhile expires at once.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Answer giveBack(GiveBack wanted) {
        return operations.ask(
                "wallet.refund_spend(:shard::smallint, :userId, :key, :sha256, :spent, :amount, :now, :actor, :reason)",
                wanted.key(),
                wanted.userId(),
                RequestHash.of(wanted.key(), wanted.userId().value(), wanted.spent(), wanted.amount()),
                Map.of(
                        "spent", wanted.spent(),
                        "amount", wanted.amount().minorUnits(),
                        "actor", wanted.actor(),
                        "reason", wanted.reason()));
    }
}
