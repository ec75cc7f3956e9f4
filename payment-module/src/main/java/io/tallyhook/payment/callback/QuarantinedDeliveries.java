package io.tallyhook.payment.callback;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Verdict;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Deliveries that were genuine and did not fit, for who wants to book one all the same. */
@Component
public class QuarantinedDeliveries {

    private final CallbackRows rows;
    private final Protocols protocols;

    QuarantinedDeliveries(CallbackRows rows, Protocols protocols) {
        this.rows = rows;
        this.protocols = protocols;
    }

    /** One of them. */
    public record Quarantined(UUID callbackId, Booking booking) {}

    /**
     * Verifies a stored delivery again, as of its arrival.
     *
     * @throws Refusal 404 if there is none; 409 if it is not in quarantine, cannot be verified any more, or is not genuine
     */
    public Quarantined verify(String callbackId) {
        var stored = rows.get(callbackId);
        if (stored.line().outcome() != Outcome.MISMATCH) {
            throw Refusal.conflict(
                    "delivery-not-quarantined",
                    "Delivery %s is %s: only one that was genuine and did not fit its payment can be released."
                            .formatted(callbackId, stored.line().outcome()));
        }
        var delivery = stored.delivery();
        var protocol = protocols.require(delivery.provider(), delivery.account());
        return switch (protocol.verify(delivery)) {
            case Verdict.Rejected rejected ->
                throw Refusal.conflict(
                        "delivery-not-genuine",
                        "Delivery %s does not pass its verification now (%s), so nothing of it is booked."
                                .formatted(callbackId, rejected.reason()));
            case Verdict.Genuine genuine ->
                new Quarantined(
                        stored.line().callbackId(),
                        new Booking(
                                delivery.provider(),
                                delivery.account(),
                                protocol.identity(delivery.account()),
                                genuine.fact()));
        };
    }
}
