package io.tallyhook.payment;

import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tallyhook.testing.PlainBank;

/** A bank that answers its next calls as a test wants. */
public class MoodyBank extends PlainBank {

    private final List<String> calls = new ArrayList<>();
    private final Map<String, Function<RefundOrder, RefundAnswer>> refunding = new ConcurrentHashMap<>();
    private final Map<String, Function<RefundOrder, Optional<RefundAnswer>>> askedForRefund = new ConcurrentHashMap<>();
    private @Nullable Function<Order, Map<String, String>> preparing;
    private @Nullable Supplier<Closing> closing;
    private @Nullable Supplier<Optional<Fact>> querying;

    /** What it was asked, in order, such as {@code prepare P01…}. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    public synchronized void onPrepare(Function<Order, Map<String, String>> mood) {
        preparing = mood;
    }

    public synchronized void onClose(Supplier<Closing> mood) {
        closing = mood;
    }

    public synchronized void onQuery(@Nullable Supplier<Optional<Fact>> mood) {
        querying = mood;
    }

    /** For the refund with this number. */
    public void onRefund(String refundNo, Function<RefundOrder, RefundAnswer> mood) {
        refunding.put(refundNo, mood);
    }

    /** When it is asked about the refund with this number. */
    public void onQueryRefund(String refundNo, Function<RefundOrder, Optional<RefundAnswer>> mood) {
        askedForRefund.put(refundNo, mood);
    }

    /** What it was asked about the refund with this number, in order: {@code refund} or {@code query}. */
    public synchronized List<String> callsAbout(String refundNo) {
        return calls.stream()
                .filter(call -> call.endsWith("refund " + refundNo))
                .map(call -> call.startsWith("query") ? "query" : "refund")
                .toList();
    }

    public synchronized void calmDown() {
        refunding.clear();
        askedForRefund.clear();
        calls.clear();
        preparing = null;
        closing = null;
        querying = null;
    }

    @Override
    public Map<String, String> prepare(Order order) {
        Function<Order, Map<String, String>> mood;
        synchronized (this) {
            calls.add("prepare " + order.outTradeNo());
            mood = preparing;
        }
        return mood == null ? super.prepare(order) : mood.apply(order);
    }

    @Override
    public Optional<Fact> query(String account, String outTradeNo) {
        Supplier<Optional<Fact>> mood;
        synchronized (this) {
            calls.add("query " + outTradeNo);
            mood = querying;
        }
        return mood == null ? super.query(account, outTradeNo) : mood.get();
    }

    @Override
    public Closing close(String account, String outTradeNo) {
        Supplier<Closing> mood;
        synchronized (this) {
            calls.add("close " + outTradeNo);
            mood = closing;
        }
        return mood == null ? super.close(account, outTradeNo) : mood.get();
    }

    @Override
    public RefundAnswer refund(RefundOrder order) {
        called("refund " + order.refundNo());
        var mood = refunding.get(order.refundNo());
        return mood == null ? super.refund(order) : mood.apply(order);
    }

    @Override
    public Optional<RefundAnswer> queryRefund(RefundOrder order) {
        called("query-refund " + order.refundNo());
        var mood = askedForRefund.get(order.refundNo());
        return mood == null ? super.queryRefund(order) : mood.apply(order);
    }

    /** What a calm bank would have done; for moods that do it and then behave badly. */
    public RefundAnswer really(RefundOrder order) {
        return super.refund(order);
    }

    private synchronized void called(String call) {
        calls.add(call);
    }
}
