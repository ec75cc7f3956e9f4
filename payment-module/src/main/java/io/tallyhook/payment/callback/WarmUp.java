package io.tallyhook.payment.callback;

import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Rehearsal;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Goes the way of a callback many times before the application says that it is ready, so that the first real ones after a
 * start are not the slow ones: verification with the accounts' own keys, and the statements of a group in transactions that
 * are rolled back. It leaves nothing behind, takes a bounded time, and never fails a start.
 */
@Component
class WarmUp implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

    /** Verifications cost microseconds and groups milliseconds; so both get about the same share of the time. */
    private static final int VERIFICATIONS_PER_GROUP = 50;

    private final List<CallbackProtocol> protocols;
    private final RehearseBooking booking;
    private final CallbackSettings settings;
    private final Clock clock;

    WarmUp(List<CallbackProtocol> protocols, RehearseBooking booking, CallbackSettings settings, Clock clock) {
        this.protocols = protocols;
        this.booking = booking;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        long started = System.nanoTime();
        long end = started + settings.warmUp().toNanos();
        int groups = 0;
        try {
            while (System.nanoTime() < end && rehearse(end)) {
                groups++;
            }
            log.debug("Rehearsed {} groups in {}", groups, Duration.ofNanos(System.nanoTime() - started));
        } catch (RuntimeException e) {
            log.warn("The warm-up was given up; the first callbacks will be slower", e);
        }
    }

    /** @return whether there was anything to rehearse */
    private boolean rehearse(long end) {
        boolean any = false;
        for (var protocol : protocols) {
            var rehearsals = verified(protocol, end);
            if (!rehearsals.isEmpty()) {
                booking.rehearse(protocol, rehearsals);
                any = true;
            }
        }
        return any;
    }

    private List<Rehearsal> verified(CallbackProtocol protocol, long end) {
        var rehearsals = new ArrayList<Rehearsal>();
        for (var account : protocol.accounts()) {
            for (int i = 0; i < VERIFICATIONS_PER_GROUP && System.nanoTime() < end; i++) {
                var id = RequestId.fresh(clock);
                protocol.rehearse(
                                id.value(),
                                account,
                                id.number('P'),
                                clock.instant().truncatedTo(ChronoUnit.MICROS))
                        .ifPresent(rehearsals::add);
            }
        }
        return rehearsals;
    }
}
