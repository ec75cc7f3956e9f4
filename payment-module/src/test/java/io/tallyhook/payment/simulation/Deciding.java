package io.tallyhook.payment.simulation;

import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.booking.KnownPayment;
import java.util.Optional;

/** The decision table, or a broken one that must be caught. */
@FunctionalInterface
interface Deciding {

    Decision decide(Booking booking, Optional<KnownPayment> known);
}
