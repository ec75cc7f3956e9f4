package io.tallyhook.payment;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Takes stranded money in: one row per call, in a table without a unique key, so that a second effect would be seen. What it
 * does about a payment can be changed by its number.
 */
public class Savings implements WalletCredit, Entitlement, HandedOut {

    private final JdbcClient jdbc;
    private final Map<String, Refusal> declining = new ConcurrentHashMap<>();
    private final Map<String, Runnable> failing = new ConcurrentHashMap<>();

    Savings(JdbcClient jdbc) {
        this.jdbc = jdbc;
        jdbc.sql("CREATE TABLE saved (out_trade_no text NOT NULL, said text NOT NULL, n serial)")
                .update();
        jdbc.sql("CREATE TABLE saved_call (refund_no text NOT NULL, call text NOT NULL, n serial)")
                .update();
    }

    @Override
    public String purpose() {
        return "SAVINGS";
    }

    @Override
    public Crediting credit(StrandedMoney money) {
        var refusal = declining.get(money.outTradeNo());
        if (refusal != null) {
            return new Crediting.Declined(refusal);
        }
        jdbc.sql("INSERT INTO saved (out_trade_no, said) VALUES (:outTradeNo, :said)")
                .param("outTradeNo", money.outTradeNo())
                .param(
                        "said",
                        "%s of %s for %s %s at %s/%s by %s: %s"
                                .formatted(
                                        money.received(),
                                        money.userId().value(),
                                        money.purpose(),
                                        money.reference(),
                                        money.provider(),
                                        money.account(),
                                        money.actor(),
                                        money.reason()))
                .update();
        var failure = failing.get(money.outTradeNo());
        if (failure != null) {
            failure.run();
        }
        return new Crediting.Credited(reference(money.outTradeNo()));
    }

    /** What a payment becomes here. */
    public static String reference(String outTradeNo) {
        return "S-" + outTradeNo;
    }

    @Override
    public Preview preview(TakeBack refund) {
        return new Preview(true, List.of(Line.of("savings.go-back", refund.reference(), refund.amount())));
    }

    @Override
    public Taking take(TakeBack refund) {
        called(refund, "take");
        return new Taking.Taken();
    }

    @Override
    public void settle(TakeBack refund, Instant at) {
        called(refund, "settle");
    }

    @Override
    public void giveBack(TakeBack refund, Instant at) {
        called(refund, "giveBack");
    }

    @Override
    public Money takeWhatIsLeft(TakeBack refund, Instant at) {
        called(refund, "takeWhatIsLeft");
        return Money.fen(0);
    }

    private void called(TakeBack refund, String call) {
        jdbc.sql("INSERT INTO saved_call (refund_no, call) VALUES (:refundNo, :call)")
                .param("refundNo", refund.refundNo())
                .param("call", "%s %s of %s".formatted(call, refund.amount(), refund.reference()))
                .update();
    }

    @Override
    public List<Grant> after(String outTradeNo, int limit) {
        return jdbc.sql("SELECT out_trade_no FROM saved WHERE out_trade_no > :after ORDER BY out_trade_no LIMIT :limit")
                .param("after", outTradeNo)
                .param("limit", limit)
                .query((row, number) -> grant(row.getString(1)))
                .list();
    }

    @Override
    public List<Grant> of(Collection<String> outTradeNos) {
        return jdbc.sql("SELECT out_trade_no FROM saved WHERE out_trade_no = ANY (:numbers)")
                .param("numbers", outTradeNos.toArray(String[]::new))
                .query((row, number) -> grant(row.getString(1)))
                .list();
    }

    private static Grant grant(String outTradeNo) {
        return new Grant(outTradeNo, reference(outTradeNo), "user", Money.fen(1999), Instant.EPOCH, true);
    }

    /** It does not take this payment's money. */
    public void declines(String outTradeNo, Refusal refusal) {
        declining.put(outTradeNo, refusal);
    }

    /** Does this after its effect, in the same transaction. */
    public void after(String outTradeNo, Runnable something) {
        failing.put(outTradeNo, something);
    }

    public void recover() {
        declining.clear();
        failing.clear();
    }

    /** What of a payment was taken in and committed. */
    public List<String> saved(String outTradeNo) {
        return jdbc.sql("SELECT said FROM saved WHERE out_trade_no = :outTradeNo ORDER BY n")
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> row.getString(1))
                .list();
    }

    /** What was done about this refund and committed, in order. */
    public List<String> done(String refundNo) {
        return jdbc.sql("SELECT call FROM saved_call WHERE refund_no = :refundNo ORDER BY n")
                .param("refundNo", refundNo)
                .query((row, number) -> row.getString(1))
                .list();
    }
}
