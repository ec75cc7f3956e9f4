package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Sets money of a wallet aside, and captures or releases it. Runs in the caller's {@code READ COMMITTED} transaction. */
@Component
public class Holding {

    private final WalletOperations operations;
    private final SpendingSettings settings;

    Holding(WalletOperations operations, SpendingSettings settings) {
        this.operations = operations;
        this.settings = settings;
    }

    /** Sets an amount aside, or declines for {@code INSUFFICIENT_BALANCE}. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Answer hold(String holdNo, UserId userId, Money amount, String reference, Instant expiresAt, String actor) {
        return operations.ask(
                "wallet.hold(:shard::smallint, :userId, :key, :sha256, :amount, :reference, :policy, :expiresAt, :now, :actor)",
                holdNo,
                userId,
                RequestHash.of(holdNo, userId.value(), amount, reference),
                Map.of(
                        "amount", amount.minorUnits(),
                        "reference", reference,
                        "policy", settings.drawDown().name(),
                        "expiresAt", Timestamp.from(expiresAt),
                        "actor", actor));
    }

    /**
     * Spends for good what was set aside, or a part of it; the rest stays set aside. Declines for {@code NOTHING_HELD} or
     * {@code MORE_THAN_HELD}.
     *
     * @param amount absent: all that is left
     * @param purpose decides which revenue account earns it
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Answer capture(
            String key, UserId userId, String holdNo, Optional<Money> amount, String purpose, String actor) {
        var arguments = new HashMap<String, @Nullable Object>();
        arguments.put("holdNo", holdNo);
        arguments.put("amount", amount.map(Money::minorUnits).orElse(null));
        arguments.put("purpose", purpose);
        arguments.put("actor", actor);
        return operations.ask(
                "wallet.capture(:shard::smallint, :userId, :key, :sha256, :holdNo, :amount::bigint, :purpose, :now, :actor)",
                key,
                userId,
                RequestHash.of(
                        key, userId.value(), holdNo, amount.map(Money::toString).orElse("all"), purpose),
                arguments);
    }

    /** Gives back what is still set aside, or declines for {@code NOTHING_HELD}. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Answer release(String key, UserId userId, String holdNo, String actor, String why) {
        return operations.ask(
                "wallet.release(:shard::smallint, :userId, :key, :sha256, :holdNo, :now, :actor, :why)",
                key,
                userId,
                RequestHash.of(key, userId.value(), holdNo),
                Map.of("holdNo", holdNo, "actor", actor, "why", why));
    }
}
