package io.tallyhook.payment;

import io.tallyhook.payment.provider.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tallyhook.testing.PlainBank;

/** A bank that answers its next calls as a test wants. */
public class MoodyBank extends PlainBank {

    private final List<String> calls = new ArrayList<>();
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

    public synchronized void calmDown() {
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
}
