package io.tallyhook.payment.simulation;

import io.tallyhook.payment.booking.BookingInMemory.Store;
import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.booking.KnownPayment;
import java.util.Map;
import java.util.Optional;

/** Forgets that money of a payment goes back. */
record WithoutRefunds(Store store) implements Store {

    @Override
    public Optional<KnownPayment> find(String outTradeNo) {
        return store.find(outTradeNo).map(payment -> payment.with(Map.of()));
    }

    @Override
    public void write(Decision.Change change) {
        store.write(change);
    }

    @Override
    public void hurrySiblingsOf(String outTradeNo) {
        store.hurrySiblingsOf(outTradeNo);
    }

    @Override
    public void askSoon(String outTradeNo, String refundNo) {
        store.askSoon(outTradeNo, refundNo);
    }
}
