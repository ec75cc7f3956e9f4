package io.tallyhook.wallet;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.ledger.ProofOfLedger;
import io.tallyhook.wallet.ledger.Statements;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The way into this module: recharges, what users have, and the proof of it.
 *
 * <p>Only a confirmed payment fills a wallet; nobody can do that from here.
 */
@Component
public class Wallets {

    private final Recharges recharges;
    private final MakeRecharge make;
    private final RechargePackages packages;
    private final PayRecharge pay;
    private final Statements statements;
    private final ProofOfLedger proof;

    Wallets(
            Recharges recharges,
            MakeRecharge make,
            RechargePackages packages,
            PayRecharge pay,
            Statements statements,
            ProofOfLedger proof) {
        this.recharges = recharges;
        this.make = make;
        this.packages = packages;
        this.pay = pay;
        this.statements = statements;
        this.proof = proof;
    }

    /** What a user has: nothing, if he was never seen. */
    public Wallet balance(UserId userId) {
        return statements.balance(userId);
    }

    /** A user's statement over both parts, newest first. */
    public Page<WalletEntry> entries(UserId userId, Paging paging) {
        return statements.entries(userId, paging);
    }

    /** Makes a recharge of an amount of the user's choice, without a bonus. A repeat with the same id makes no second. */
    public Recharge recharge(RequestId id, UserId userId, Money amount) {
        return make.of(id, userId, amount);
    }

    /**
     * Makes a recharge on the terms of a package as they are now. A repeat with the same id makes no second.
     *
     * @throws Refusal 400 if there is no such package; 409 if it is not active
     */
    public Recharge recharge(RequestId id, UserId userId, String packageCode) {
        return make.fromPackage(id, userId, packageCode, () -> packages.forSale(packageCode));
    }

    /**
     * Opens a payment for a recharge. Must not be called in a transaction.
     *
     * @throws Refusal 404 if there is no such recharge; 409 if it does not await payment; and what {@link
     *     io.tallyhook.payment.Payments#open} throws
     */
    public Payment pay(RequestId id, String rechargeNo, PaymentRequest.Channel channel) {
        return pay.pay(id, get(rechargeNo), channel);
    }

    /** All attempts to pay a recharge, oldest first. */
    public List<Payment> payments(Recharge recharge) {
        return pay.attempts(recharge);
    }

    /** The recharge with this number. */
    public Optional<Recharge> find(String rechargeNo) {
        return recharges.find(rechargeNo);
    }

    /**
     * The recharge with this number.
     *
     * @throws Refusal (404) if there is none
     */
    public Recharge get(String rechargeNo) {
        return find(rechargeNo).orElseThrow(() -> Refusal.notFound("recharge", rechargeNo));
    }

    /** A user's recharges, newest first. */
    public Page<Recharge> recharges(UserId userId, Paging paging) {
        return recharges.of(userId, paging);
    }

    /** The packages, in the order of their codes. */
    public Page<RechargePackage> packages(Paging paging) {
        return packages.page(paging);
    }

    /**
     * Creates or replaces a package. Recharges that were made from it keep their terms.
     *
     * @return whether it is new
     */
    public boolean put(RechargePackage rechargePackage) {
        return packages.put(rechargePackage);
    }

    /** Checks the whole ledger. */
    public Proof proof() {
        return proof.check();
    }
}
