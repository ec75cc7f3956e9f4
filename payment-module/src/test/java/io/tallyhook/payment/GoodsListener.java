package io.tallyhook.payment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.transaction.annotation.Propagation;

/**
 * Hands out goods: one row per payment, in a table without a unique key, so that a second effect would be seen. What it
 * does for a payment can be changed by its number.
 */
public class GoodsListener {

    private final JdbcClient jdbc;
    private final Fulfilments fulfilments;
    private final Map<String, Function<ConfirmedPayment, Fulfilment>> special = new ConcurrentHashMap<>();
    private final Map<String, String> waiting = new ConcurrentHashMap<>();
    private final Map<String, Runnable> dropped = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<PaymentsConfirmed> heard = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> threads = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<List<String>> batches = new ConcurrentLinkedQueue<>();
    private volatile UnaryOperator<List<Fulfilment>> answering = UnaryOperator.identity();

    GoodsListener(JdbcClient jdbc, Fulfilments fulfilments) {
        this.jdbc = jdbc;
        this.fulfilments = fulfilments;
        jdbc.sql("CREATE TABLE handed_out (out_trade_no text NOT NULL, amount bigint NOT NULL)")
                .update();
    }

    @ApplicationModuleListener(
            id = "goods.on-payments-confirmed",
            condition = "#event.purpose == 'GOODS'",
            propagation = Propagation.NOT_SUPPORTED)
    void on(PaymentsConfirmed event) {
        heard.add(event);
        threads.add(Thread.currentThread().getName());
        for (var payment : event.payments()) {
            var killed = dropped.get(payment.outTradeNo());
            if (killed != null) {
                killed.run();
                return;
            }
        }
        run(event);
    }

    /** What the listener does, on the caller's own thread. */
    public void run(PaymentsConfirmed event) {
        fulfilments.run(event, this::handOut);
    }

    private List<Fulfilment> handOut(List<ConfirmedPayment> payments) {
        batches.add(payments.stream().map(ConfirmedPayment::outTradeNo).toList());
        var answers = new ArrayList<Fulfilment>();
        for (var payment : payments) {
            var why = waiting.get(payment.outTradeNo());
            if (why != null) {
                answers.add(payment.waits(why));
                continue;
            }
            jdbc.sql("INSERT INTO handed_out VALUES (:outTradeNo, :amount)")
                    .param("outTradeNo", payment.outTradeNo())
                    .param("amount", payment.amount())
                    .update();
            answers.add(special.getOrDefault(payment.outTradeNo(), ConfirmedPayment::fulfilled)
                    .apply(payment));
        }
        return answering.apply(answers);
    }

    /** After the effect of this payment was written, does this instead of answering that it is done. */
    public void instead(String outTradeNo, Function<ConfirmedPayment, Fulfilment> answer) {
        special.put(outTradeNo, answer);
    }

    /** Does nothing for this payment and answers that it must wait. */
    public void standStill(String outTradeNo, String why) {
        waiting.put(outTradeNo, why);
    }

    /** Dies on an event with this payment before it has done anything, as if the process was killed. */
    public void dieOn(String outTradeNo) {
        dropped.put(outTradeNo, () -> {});
    }

    /** Dies on an event with this payment, with this exception. */
    public void dieOn(String outTradeNo, RuntimeException with) {
        dropped.put(outTradeNo, () -> {
            throw with;
        });
    }

    public void answering(UnaryOperator<List<Fulfilment>> change) {
        answering = change;
    }

    public void recover() {
        special.clear();
        waiting.clear();
        dropped.clear();
        answering = UnaryOperator.identity();
    }

    /** How often this payment was in an event. */
    public long heardOf(String outTradeNo) {
        return heard.stream()
                .flatMap(event -> event.payments().stream())
                .filter(payment -> payment.outTradeNo().equals(outTradeNo))
                .count();
    }

    public List<PaymentsConfirmed> heard() {
        return List.copyOf(heard);
    }

    public List<String> threads() {
        return List.copyOf(threads);
    }

    /** The batches with this payment that the effect was called for. */
    public List<List<String>> batchesWith(String outTradeNo) {
        return batches.stream().filter(batch -> batch.contains(outTradeNo)).toList();
    }
}
