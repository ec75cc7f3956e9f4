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
 * Takes back from a wallet what its recharge's payer gets back. Always from the lot of that very recharge: the provider
 * refunds that payment and no other. Runs in the caller's {@code READ COMMITTED} transaction.
 */
@Component
public class RechargeRefunds {

    private final WalletOperations operations;

    RechargeRefunds(WalletOperations operations) {
        this.operations = operations;
    }

    /**
     * Takes an amount out of the wallet before it is asked for at the provider, and of the bonus what stands to it as the
     * rest to the rest. Declines for {@code MORE_THAN_LEFT}.
     *
     * @param refundNo once for each
     * @param outTradeNo the payment that was credited
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Answer take(String refundNo, UserId userId, String outTradeNo, Money amount, String actor, String reason) {
        return operations.ask(
                "wallet.refund_recharge(:shard::smallint, :userId, :key, :sha256, :outTradeNo, :amount, :now, :actor, :reason)",
                refundNo,
                userId,
                RequestHash.of(refundNo, userId.value(), outTradeNo, amount),
                Map.of("outTradeNo", outTradeNo, "amount", amount.minorUnits(), "actor", actor, "reason", reason));
    }

    /**
     * Takes what is left for a refund that has been paid out without us: the money has left the clearing account, whatever the
     * wallet has, so what is spent the user owes. Declines for {@code MORE_THAN_LEFT} if the payment has not that much to give.
     *
     * @return as principal what the wallet still had
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Answer takeWhatIsLeft(
            String refundNo, UserId userId, String outTradeNo, Money amount, String actor, String reason) {
        return operations.ask(
                "wallet.charge_back(:shard::smallint, :userId, :key, :sha256, :outTradeNo, :amount, :now, :actor, :reason)",
                refundNo,
                userId,
                RequestHash.of(refundNo, userId.value(), outTradeNo, amount),
                Map.of("outTradeNo", outTradeNo, "amount", amount.minorUnits(), "actor", actor, "reason", reason));
    }

    /** The provider has paid it out: the money leaves the clearing account. Declines if nothing is due or it failed before. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Answer settled(String refundNo, UserId userId, Instant at) {
        return end(refundNo, userId, true, at);
    }

    /** It failed for good: the lot gets back what was taken. Declines if nothing is due or it was settled before. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Answer failed(String refundNo, UserId userId, Instant at) {
        return end(refundNo, userId, false, at);
    }

    private Answer end(String refundNo, UserId userId, boolean paidOut, Instant at) {
        return operations.ask(
                "wallet.end_refund(:shard::smallint, :userId, :key, :sha256, :paidOut, :at, :now)",
                refundNo,
                userId,
                RequestHash.of(refundNo, userId.value(), paidOut),
                Map.of("paidOut", paidOut, "at", Timestamp.from(at)));
    }
}
