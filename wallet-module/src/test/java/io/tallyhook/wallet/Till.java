package io.tallyhook.wallet;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.Payer;

/** Sells recharges in tests: makes them, has them paid, and looks at what has become of them. */
@TestComponent
public class Till {

    /** What another module sells: here nobody listens to it. */
    static final Purpose GOODS = new Purpose("GOODS");

    private static final AtomicInteger USERS = new AtomicInteger();

    private final JdbcClient jdbc;
    private final Wallets wallets;
    private final Payments payments;
    private final Clock clock;
    private final CreditRecharges creditRecharges;
    private final TransactionTemplate transaction;

    Till(
            JdbcClient jdbc,
            Wallets wallets,
            Payments payments,
            Clock clock,
            CreditRecharges creditRecharges,
            TransactionTemplate transaction) {
        this.creditRecharges = creditRecharges;
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.wallets = wallets;
        this.payments = payments;
        this.clock = clock;
    }

    @TestConfiguration
    static class Goods {

        @Bean
        Purpose goods() {
            return GOODS;
        }
    }

    /** A user whom nobody has seen. */
    public UserId newUser() {
        return new UserId("user-" + USERS.incrementAndGet());
    }

    public RequestId newRequest() {
        return RequestId.fresh(clock);
    }

    public Recharge recharge(UserId user, long amount) {
        return wallets.recharge(newRequest(), user, Money.fen(amount));
    }

    public Recharge recharge(UserId user, long amount, long bonus) {
        var code = "p-%d-%d".formatted(amount, bonus);
        wallets.put(new RechargePackage(code, Money.fen(amount), Money.fen(bonus), Optional.of(30), true));
        return wallets.recharge(newRequest(), user, code);
    }

    /** Puts money into a user's wallet by a recharge that is paid and credited. */
    public ConfirmedPayment credit(UserId user, long amount, long bonus) {
        var payment = paid(bonus == 0 ? recharge(user, amount) : recharge(user, amount, bonus));
        transaction.executeWithoutResult(status -> creditRecharges.apply(List.of(payment)));
        return payment;
    }

    /** A payment that awaits its callback. */
    public String pending(Recharge recharge) {
        return wallets.pay(newRequest(), recharge.rechargeNo(), Payer.by("external"))
                .outTradeNo();
    }

    /** A payment of an amount that no right way could have given it. */
    public String pending(Recharge recharge, long amount) {
        var outTradeNo = newRequest().number('P');
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description,
                           amount, currency, created_at)
                        VALUES (?, 'RECHARGE', ?, ?, ?, 'bank', 'main', 'external', 'Recharge', ?, 'CNY', now())
                        """)
                .params(
                        outTradeNo,
                        recharge.rechargeNo(),
                        recharge.userId().value(),
                        recharge.userId().shard(),
                        amount)
                .update();
        return outTradeNo;
    }

    /** A payment that is paid and that nobody has been told of; the sweep leaves it alone for an hour. */
    public ConfirmedPayment paid(Recharge recharge) {
        return paid(recharge, pending(recharge));
    }

    public ConfirmedPayment paid(Recharge recharge, String outTradeNo) {
        var paidAt = Instant.now(clock).truncatedTo(ChronoUnit.MICROS);
        jdbc.sql("""
                        UPDATE payment.payment
                        SET state = 'PAID', fulfilment = 'PENDING', due_at = now() + interval '1 hour',
                            provider_transaction_id = 'T' || out_trade_no, paid_at = ?
                        WHERE out_trade_no = ?
                        """).params(java.sql.Timestamp.from(paidAt), outTradeNo).update();
        return new ConfirmedPayment(
                outTradeNo,
                recharge.rechargeNo(),
                recharge.userId().value(),
                recharge.amount().minorUnits(),
                "CNY",
                "bank",
                "main",
                "T" + outTradeNo,
                paidAt);
    }

    /** A payment for goods that was paid too late; no policy decides about it. */
    public Payment stranded(UserId user, long amount) {
        return stranded(user, amount, "LATE");
    }

    /** A payment for goods that was paid and cannot be handed out for this reason; no policy decides about it. */
    public Payment stranded(UserId user, long amount, String reason) {
        var order =
                new PaymentRequest(GOODS, newRequest().number('O'), user, Money.fen(amount), "Tea", Payer.by("till"));
        var outTradeNo = payments.open(newRequest(), order, () -> {}).outTradeNo();
        park(outTradeNo, reason);
        return payments.get(outTradeNo);
    }

    /** Paid, and not handed out for this reason. */
    public void park(String outTradeNo, String reason) {
        jdbc.sql("""
                        UPDATE payment.payment
                        SET state = 'PAID', provider_transaction_id = 'T' || out_trade_no, paid_at = now(),
                            fulfilment = 'PARKED', fulfilment_reason = ?, due_at = NULL
                        WHERE out_trade_no = ?
                        """).params(reason, outTradeNo).update();
        jdbc.sql("UPDATE payment.payment SET undecided_since = NULL WHERE out_trade_no = ?")
                .param(outTradeNo)
                .update();
    }

    public static PaymentsConfirmed confirmed(ConfirmedPayment... payments) {
        return new PaymentsConfirmed("RECHARGE", List.of(payments));
    }

    /** What a payment's row says of its fulfilment, with the reason where it has one. */
    public String fulfilment(ConfirmedPayment payment) {
        return jdbc.sql("""
                        SELECT fulfilment || coalesce(' ' || fulfilment_reason, '') FROM payment.payment
                        WHERE out_trade_no = ?
                        """).param(payment.outTradeNo()).query(String.class).single();
    }

    public String errorOf(ConfirmedPayment payment) {
        return jdbc.sql("SELECT fulfilment_error FROM payment.payment WHERE out_trade_no = ?")
                .param(payment.outTradeNo())
                .query(String.class)
                .single();
    }

    /** Stops the ledger for this user's shard, as a broken invariant does. */
    public void stop(UserId user) {
        jdbc.sql("""
                        INSERT INTO wallet.stop (shard, invariant, subject, fault, stopped_at)
                        VALUES (?, 'I3-balances-equal-postings', 'a test', 'as planned', now())
                        """).param(user.shard()).update();
    }

    public void resume(UserId user) {
        jdbc.sql("""
                        UPDATE wallet.stop SET resumed_at = now(), resumed_by = 'test', note = 'as planned'
                        WHERE shard = ? AND resumed_at IS NULL
                        """).param(user.shard()).update();
    }

    public void cancel(Recharge recharge) {
        jdbc.sql("UPDATE wallet.recharge SET state = 'CANCELLED' WHERE recharge_no = ?")
                .param(recharge.rechargeNo())
                .update();
    }
}
