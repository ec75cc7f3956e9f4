package io.tallyhook.payment.simulation;

import io.tallyhook.payment.booking.Booking;

/**
 * What a provider sends until it is answered with success, and now and then once more.
 *
 * @param payment which of the story's payments it is about; {@link #NOBODYS} if there is none
 * @param fits whether it is about us: the right shop, channel, amount and currency
 */
record Notice(int payment, Booking booking, boolean fits) {

    static final int NOBODYS = -1;
}
