package io.tallyhook.payment.crash;

import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.GoodsTakenBack;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.asking.Asker;
import io.tallyhook.payment.fulfilment.Broom;
import io.tallyhook.payment.policy.PolicyBroom;
import io.tallyhook.payment.refund.RefundBroom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import tallyhook.testing.WeChatNotification;
import tallyhook.testing.WeChatPayServer;

/**
 * Where ways are gone: the application on its mortal connection, the provider by HTTP, and a look at the rows past both.
 *
 * @param direct to the same database, and not mortal
 */
record Ground(
        Payments payments,
        Refunds refunds,
        Till till,
        WeChatPayServer provider,
        GoodsTakenBack goods,
        Broom broom,
        RefundBroom refundSweep,
        PolicyBroom policies,
        Asker asker,
        Post post,
        JdbcClient direct) {

    static final long FEN = 1_999;

    /** Of a payment that needs a second person. */
    static final long MUCH = 4_000;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Brings notices to the application's door. */
    interface Post {

        /** @return whether it was acknowledged */
        boolean brings(WeChatNotification notice);
    }

    static String fresh(String prefix) {
        return "%s-%d-%05d".formatted(prefix, ProcessHandle.current().pid(), NUMBER.incrementAndGet());
    }

    PaymentRequest order(String reference, long fen, Optional<Duration> expiresIn) {
        return new PaymentRequest(
                new Purpose("GOODS"),
                reference,
                new UserId("user"),
                Money.fen(fen),
                "Tea",
                new PaymentRequest.Channel(
                        "wechat", WeChatPayServer.ACCOUNT, "native", expiresIn.orElse(null), Map.of()));
    }

    String opened(long fen) {
        return opened(fresh("O"), fen);
    }

    String opened(String reference, long fen) {
        return payments.open(RequestId.fresh(Clock.systemUTC()), order(reference, fen, Optional.empty()), () -> {})
                .outTradeNo();
    }

    /** A payment that was paid and handed out. */
    String handedOut(long fen) {
        var outTradeNo = opened(fen);
        provider.takesMoneyFor(outTradeNo);
        post.brings(paid(outTradeNo, fen));
        await().atMost(Way.PATIENCE).until(() -> isHandedOutOnce(outTradeNo));
        return outTradeNo;
    }

    WeChatNotification paid(String outTradeNo, long fen) {
        return WeChatNotification.paid(outTradeNo, fen).by(provider.account()).transactionId("42" + outTradeNo);
    }

    WeChatNotification refunded(String outTradeNo, String refundNo) {
        return WeChatNotification.refunded(outTradeNo, refundNo, FEN, FEN)
                .by(provider.account())
                .transactionId("42" + outTradeNo);
    }

    void wantsBack(String outTradeNo, String refundNo, long fen) {
        refunds.request(new RefundRequest(outTradeNo, refundNo, fen, "not wanted", "ann"));
    }

    /** The second person decides; perhaps he has before. */
    void approves(String outTradeNo, String refundNo) {
        try {
            refunds.approve(outTradeNo, refundNo, "bo");
        } catch (Refusal decided) {
            return;
        }
    }

    /** He does not let it go; perhaps he has said so before. */
    void rejects(String outTradeNo, String refundNo) {
        try {
            refunds.reject(outTradeNo, refundNo, "bo", "no");
        } catch (Refusal decided) {
            return;
        }
    }

    /** Past everything that may be dead. */
    boolean isPaid(String outTradeNo) {
        return direct.sql("SELECT state = 'PAID' FROM payment.payment WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> row.getBoolean(1))
                .single();
    }

    /** Leases and gaps end: whatever waits for a time is due. */
    void timePasses() {
        direct.sql("""
                UPDATE payment.payment SET due_at = now() - interval '1 s' WHERE due_at IS NOT NULL;
                UPDATE payment.payment SET undecided_since = '2001-01-01' WHERE undecided_since IS NOT NULL;
                UPDATE payment.asking SET next_ask_at = now() - interval '1 h';
                UPDATE payment.policy_decision SET due_at = now() - interval '1 s' WHERE due_at IS NOT NULL;
                UPDATE payment.refund SET unwind_due_at = now() - interval '1 s' WHERE unwind_due_at IS NOT NULL;
                UPDATE payment.refund SET due_at = now() - interval '1 s', leased_until = NULL
                WHERE due_at < 'infinity';
                """).update();
    }

    void expire(String outTradeNo) {
        direct.sql("UPDATE payment.payment SET expires_at = now() - interval '1 h' WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .update();
    }

    /** All that runs by itself, one after the other. */
    void worksOn() {
        broom.use();
        boolean some = true;
        while (some) {
            some = refundSweep.advanceOne() | refundSweep.unwindOne();
        }
        var _ = asker.asks();
        while (policies.decideOne() | policies.askForOne()) {
            some = true;
        }
        policies.learn();
    }

    Payment payment(String outTradeNo) {
        return payments.get(outTradeNo);
    }

    boolean isHandedOutOnce(String outTradeNo) {
        return payment(outTradeNo).fulfilment().name().equals("SUCCEEDED") && till.handedOut(outTradeNo) == 1;
    }

    Optional<Refund> refund(String outTradeNo, String refundNo) {
        return refunds.of(outTradeNo).stream()
                .filter(refund -> refund.refundNo().equals(refundNo))
                .findFirst();
    }

    /** Whether a refund has ended so, and its module knows. */
    boolean hasEnded(String outTradeNo, String refundNo, String state) {
        return refund(outTradeNo, refundNo)
                .filter(refund -> refund.state().equals(state) && refund.nextUnwindAt() == null)
                .isPresent();
    }

    /** How policies have ended for it, as {@code LATE REOPEN DONE}. */
    String policyOf(String outTradeNo) {
        return direct.sql("""
                        SELECT coalesce(string_agg(reason || ' ' || action || ' ' || result, ', '), '')
                        FROM payment.policy_decision WHERE out_trade_no = :outTradeNo
                        """)
                .param("outTradeNo", outTradeNo)
                .query(String.class)
                .single();
    }

    String policyRefundOf(String outTradeNo) {
        return direct.sql("SELECT refund_no FROM payment.policy_decision WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .query(String.class)
                .optional()
                .orElse("none");
    }

    /** Nothing of it is due, under way or still to be told. */
    boolean nothingIsStuck(String outTradeNo) {
        return direct.sql("""
                        SELECT NOT EXISTS (SELECT FROM payment.payment WHERE out_trade_no = :no AND due_at IS NOT NULL)
                           AND NOT EXISTS (SELECT FROM payment.refund
                                           WHERE out_trade_no = :no AND (due_at IS NOT NULL OR unwind_due_at IS NOT NULL))
                           AND NOT EXISTS (SELECT FROM payment.policy_decision
                                           WHERE out_trade_no = :no AND result IN ('STARTED', 'REFUNDING'))
                        """)
                .param("no", outTradeNo)
                .query((row, number) -> row.getBoolean(1))
                .single();
    }

    /** No listener is at work on it, as far as the registry knows; what a killed one has left there stays for a while. */
    boolean noListenerWorksOn(String outTradeNo) {
        return direct.sql("""
                        SELECT NOT EXISTS (SELECT FROM event_publication WHERE serialized_event LIKE '%' || :no || '%')
                        """)
                .param("no", outTradeNo)
                .query((row, number) -> row.getBoolean(1))
                .single();
    }

    /** What other trips have left to be asked is not ours. */
    void nobodyElseIsAsked() {
        direct.sql("DELETE FROM payment.asking").update();
    }

    /** Paid, and parked by its module for this reason. */
    String parked(String reason) {
        var outTradeNo = opened(FEN);
        provider.takesMoneyFor(outTradeNo);
        direct.sql("""
                        UPDATE payment.payment
                        SET state = 'PAID', provider_transaction_id = '42' || out_trade_no, paid_at = now(), version = version + 1,
                            fulfilment = 'PARKED', fulfilment_reason = :reason
                        WHERE out_trade_no = :outTradeNo
                        """).param("reason", reason).param("outTradeNo", outTradeNo).update();
        timePasses();
        return outTradeNo;
    }

    /** Broken connections may still be in somebody's hands. */
    static boolean well(Runnable what) {
        try {
            what.run();
            return true;
        } catch (DataAccessException | TransactionException e) {
            return false;
        }
    }
}
