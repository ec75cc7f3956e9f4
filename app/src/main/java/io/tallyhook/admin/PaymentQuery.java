package io.tallyhook.admin;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.PaymentFilter;
import io.tallyhook.payment.PaymentState;
import java.time.Clock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The filter form over the list of payments, as it stands in the address.
 *
 * @param number our payment number or the provider's transaction number
 * @param user the shop's own name of the user
 * @param reference the number of the order, recharge or purchase
 * @param time see {@link TimeWindow}
 */
record PaymentQuery(
        @Nullable String number,
        @Nullable String state,
        @Nullable String fulfilment,
        @Nullable String purpose,
        @Nullable String provider,
        @Nullable String user,
        @Nullable String reference,
        @Nullable String time,
        @Nullable String from,
        @Nullable String to) {

    PaymentFilter filter(Clock clock) {
        var window = TimeWindow.of(time, from, to, clock);
        return new PaymentFilter(
                Filled.text(number),
                Filled.constant(PaymentState.class, state).orElse(null),
                Filled.constant(FulfilmentState.class, fulfilment).orElse(null),
                Filled.text(purpose),
                Filled.text(provider),
                Filled.text(user),
                Filled.text(reference),
                window.from(),
                window.to());
    }

    /** Whether it limits anything, so that an empty list means that nothing fits. */
    public boolean limits() {
        return Stream.of(number, state, fulfilment, purpose, provider, user, reference, time)
                .anyMatch(field -> Filled.text(field) != null);
    }

    public boolean custom() {
        return TimeWindow.CUSTOM.equals(time);
    }
}
