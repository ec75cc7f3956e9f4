package io.tallyhook.admin;

import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.CallbackFilter;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The filter form over the list of deliveries, as it stands in the address.
 *
 * @param number our payment number, the provider's transaction number or its notification id
 * @param outcome names of outcomes; any of them
 * @param time see {@link TimeWindow}
 */
record CallbackQuery(
        @Nullable String number,
        @Nullable List<String> outcome,
        @Nullable String provider,
        @Nullable String time,
        @Nullable String from,
        @Nullable String to) {

    CallbackFilter filter(Clock clock) {
        var window = TimeWindow.of(time, from, to, clock);
        return new CallbackFilter(
                Filled.text(number), null, outcomes(), Filled.text(provider), window.from(), window.to());
    }

    /** The chosen outcomes; names that do not exist are left out. */
    Set<Outcome> outcomes() {
        var chosen = EnumSet.noneOf(Outcome.class);
        if (outcome != null) {
            outcome.forEach(name -> Filled.constant(Outcome.class, name).ifPresent(chosen::add));
        }
        return chosen;
    }

    /** Whether it limits anything, so that an empty list means that nothing fits. */
    public boolean limits() {
        return Filled.text(number) != null
                || !outcomes().isEmpty()
                || Filled.text(provider) != null
                || Filled.text(time) != null;
    }

    public boolean has(Outcome wanted) {
        return outcomes().contains(wanted);
    }

    public boolean custom() {
        return TimeWindow.CUSTOM.equals(time);
    }
}
