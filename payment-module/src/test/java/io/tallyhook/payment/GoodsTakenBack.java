package io.tallyhook.payment;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Takes goods back: one row per call, in a table without a unique key, so that a second effect would be seen. What it does
 * about a refund can be changed by its number.
 */
public class GoodsTakenBack implements Entitlement {

    private final JdbcClient jdbc;
    private final Map<String, Refusal> declining = new ConcurrentHashMap<>();
    private final Map<String, Runnable> failing = new ConcurrentHashMap<>();
    private final Map<String, Money> left = new ConcurrentHashMap<>();
    private final Map<String, TakeBack> heard = new ConcurrentHashMap<>();
    private volatile boolean otherAmounts = true;

    GoodsTakenBack(JdbcClient jdbc) {
        this.jdbc = jdbc;
        jdbc.sql("CREATE TABLE taken_back (refund_no text NOT NULL, call text NOT NULL, n serial)")
                .update();
    }

    @Override
    public String purpose() {
        return "GOODS";
    }

    @Override
    public boolean handsOutForOtherAmount() {
        return otherAmounts;
    }

    /** From now on goods are handed out for other amounts, or not. */
    public void handsOutForOtherAmount(boolean may) {
        otherAmounts = may;
    }

    @Override
    public Preview preview(TakeBack refund) {
        return new Preview(true, List.of(Line.of("goods.go-back", refund.amount(), refund.isLast())));
    }

    @Override
    public Taking take(TakeBack refund) {
        var refusal = declining.get(refund.refundNo());
        called(refund, refusal == null ? "take" : "decline");
        return refusal == null ? new Taking.Taken() : new Taking.Declined(refusal);
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
        return left.getOrDefault(refund.refundNo(), Money.fen(0));
    }

    private void called(TakeBack refund, String call) {
        heard.put(refund.refundNo() + " " + call, refund);
        jdbc.sql("INSERT INTO taken_back (refund_no, call) VALUES (:refundNo, :call)")
                .param("refundNo", refund.refundNo())
                .param("call", call)
                .update();
        var failure = failing.get(refund.refundNo() + " " + call);
        if (failure != null) {
            failure.run();
        }
    }

    /** The goods of this refund are used up. */
    public void declines(String refundNo, Refusal refusal) {
        declining.put(refundNo, refusal);
    }

    /** Does this after its effect, in the same transaction. */
    public void after(String call, String refundNo, Runnable something) {
        failing.put(refundNo + " " + call, something);
    }

    /** This much could not be taken back. */
    public void isShortOf(String refundNo, Money amount) {
        left.put(refundNo, amount);
    }

    public void recover() {
        declining.clear();
        failing.clear();
        left.clear();
    }

    /** What was done about this refund and committed, in order. */
    public List<String> done(String refundNo) {
        return jdbc.sql("SELECT call FROM taken_back WHERE refund_no = :refundNo ORDER BY n")
                .param("refundNo", refundNo)
                .query((row, number) -> row.getString(1))
                .list();
    }

    /** What was said of this refund in this call. */
    public TakeBack said(String refundNo, String call) {
        var said = heard.get(refundNo + " " + call);
        if (said == null) {
            throw new IllegalStateException("%s was never called for refund %s".formatted(call, refundNo));
        }
        return said;
    }
}
