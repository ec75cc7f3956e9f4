package io.tallyhook.payment.simulation;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Fulfilment;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a story drives: payments with a store behind them, and the clock that the store reads. */
interface World {

    /** What is opened; the user is the world's own affair. */
    record Terms(String purpose, String provider, long amount) {}

    /** What a module does with confirmed payments. */
    interface Listener extends Function<List<ConfirmedPayment>, List<Fulfilment>> {}

    /** The number of a new payment at the account {@code main}. */
    String open(Terms terms);

    /** Closes it, unless it is paid. */
    void close(String outTradeNo);

    /**
     * Books a group in one transaction.
     *
     * @param killed whether the process is killed before the commit
     * @return nothing if it was killed
     */
    Optional<List<Decision>> book(List<Booking> group, boolean killed);

    /** The events of the transactions that were committed since the last call. */
    List<PaymentsConfirmed> heard();

    /** Hands out once more, in the running transaction of a listener. */
    void handOut(String outTradeNo);

    void listen(PaymentsConfirmed event, Listener listener);

    /** The process is killed before the listener's commit. */
    void dieListening(PaymentsConfirmed event, Listener listener);

    void sweep();

    /** A person hands it to its module again, where that is allowed. */
    void retry(String outTradeNo);

    /** The clock jumps, also backwards. */
    void jump(Duration time);

    List<Row> rows(List<String> outTradeNos);

    default Row row(String outTradeNo) {
        return rows(List.of(outTradeNo)).getFirst();
    }
}
