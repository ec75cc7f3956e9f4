package io.tallyhook.payment.refund;

import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.Till;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.Payer;

/** Where tests ask for money back, of payments of 19.99 CNY. */
@TestComponent
public class RefundDesk {

    static final long PAID = 1999;

    private static final AtomicLong NUMBER = new AtomicLong();

    private final Payments payments;
    private final Refunds refunds;
    private final Payer payer;
    private final Till till;
    private final RefundSweep sweep;
    private final JdbcClient jdbc;

    RefundDesk(Payments payments, Refunds refunds, Payer payer, Till till, RefundSweep sweep, JdbcClient jdbc) {
        this.payments = payments;
        this.refunds = refunds;
        this.payer = payer;
        this.till = till;
        this.sweep = sweep;
        this.jdbc = jdbc;
    }

    /** A new number of a refund. */
    static String number() {
        return "R%d-%05d".formatted(ProcessHandle.current().pid(), NUMBER.incrementAndGet());
    }

    /** The number of a payment at the bank that was paid and handed out. */
    String handedOut() {
        var payment = payments.open(RequestId.fresh(Clock.systemUTC()), Till.atTheBank(), () -> {});
        payer.pays(payment);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> payment(payment.outTradeNo()).fulfilment() == FulfilmentState.SUCCEEDED);
        return payment.outTradeNo();
    }

    /** The number of a payment at the bank that was paid, and nobody was told. */
    String notHandedOut() {
        var outTradeNo = payments.open(RequestId.fresh(Clock.systemUTC()), Till.atTheBank(), () -> {})
                .outTradeNo();
        till.paidInSilence(outTradeNo);
        return outTradeNo;
    }

    static RefundRequest request(String outTradeNo, String refundNo, long fen) {
        return new RefundRequest(outTradeNo, refundNo, fen, "不想要了", "api:shop");
    }

    Refund ask(String outTradeNo, String refundNo, long fen) {
        return refunds.request(request(outTradeNo, refundNo, fen));
    }

    Refund refund(String outTradeNo, String refundNo) {
        return refunds.get(outTradeNo, refundNo);
    }

    Payment payment(String outTradeNo) {
        return payments.get(outTradeNo);
    }

    /** Its turn has come: its lease or its gap has ended. */
    void isDue(String refundNo) {
        jdbc.sql("""
                        UPDATE payment.refund
                        SET due_at = CASE WHEN due_at IS NOT NULL THEN now() - interval '1 d' END,
                            unwind_due_at = CASE WHEN unwind_due_at IS NOT NULL THEN now() - interval '1 d' END
                        WHERE refund_no = :refundNo
                        """).param("refundNo", refundNo).update();
    }

    /** Its turn has come, and it is taken. The sweep takes the one first that has been due longest. */
    void sweep(String refundNo) {
        isDue(refundNo);
        sweep.advanceOne();
    }

    /** As many instances as this sweep at the same moment. */
    void sweepsAtOnce(int instances) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < instances; i++) {
                threads.execute(sweep::advanceOne);
            }
        }
    }

    /** Its module is about to be told once, and what comes of it is written. */
    void triesToUnwind(String refundNo) {
        int before = unwindAttempts(refundNo);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            isDue(refundNo);
            sweep.unwindOne();
            return unwindAttempts(refundNo) > before + 1;
        });
    }

    private int unwindAttempts(String refundNo) {
        return jdbc.sql("SELECT unwind_attempts FROM payment.refund WHERE refund_no = :refundNo")
                .param("refundNo", refundNo)
                .query((row, number) -> row.getInt(1))
                .single();
    }

    /** Its module knows how it ended. */
    Refund unwound(String outTradeNo, String refundNo) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            sweep.unwindOne();
            return !refund(outTradeNo, refundNo).isUnderWay()
                    && refund(outTradeNo, refundNo).nextUnwindAt() == null;
        });
        return refund(outTradeNo, refundNo);
    }

    static Money fen(long fen) {
        return Money.fen(fen);
    }
}
