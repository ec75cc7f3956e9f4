package io.tallyhook.payment.simulation;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.booking.Outcome;
import java.util.EnumSet;
import java.util.Set;

/** What came about in stories: one in which nothing special happens proves nothing. */
record Sights(
        Set<Outcome> outcomes, Set<PaymentState> states, Set<FulfilmentState> fulfilments, Set<ParkingReason> reasons) {

    Sights() {
        this(
                EnumSet.noneOf(Outcome.class),
                EnumSet.noneOf(PaymentState.class),
                EnumSet.noneOf(FulfilmentState.class),
                EnumSet.noneOf(ParkingReason.class));
    }

    void see(Row row) {
        states.add(row.payment().state());
        fulfilments.add(row.payment().fulfilment());
        if (row.payment().reason() != null) {
            reasons.add(row.payment().reason());
        }
    }
}
