package io.tallyhook.payment.callback;

import io.micrometer.core.instrument.MeterRegistry;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.booking.IntakeUnavailable;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Reply;
import io.tallyhook.payment.provider.Verdict;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The use case of a delivery: verify, book, answer. A success is answered only after the commit that books the fact;
 * whatever goes wrong on our side makes the provider send it again.
 */
@Component
class ReceiveCallback {

    private static final Logger log = LoggerFactory.getLogger(ReceiveCallback.class);

    private final Intake intake;
    private final CallbackLog callbackLog;
    private final RejectedDeliveries rejected;
    private final MeterRegistry metrics;

    ReceiveCallback(Intake intake, CallbackLog callbackLog, RejectedDeliveries rejected, MeterRegistry metrics) {
        this.intake = intake;
        this.callbackLog = callbackLog;
        this.rejected = rejected;
        this.metrics = metrics;
    }

    Reply receive(CallbackProtocol protocol, Delivery delivery) {
        long started = System.nanoTime();
        var reply = switch (protocol.verify(delivery)) {
            case Verdict.Genuine genuine -> book(protocol, new Genuine(delivery, genuine, protocol, started));
            case Verdict.Rejected rejection -> reject(protocol, delivery, rejection, started);
        };
        metrics.timer("tallyhook.callback.duration", "provider", delivery.provider())
                .record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
        return reply;
    }

    private Reply book(CallbackProtocol protocol, Genuine genuine) {
        var delivery = genuine.delivery();
        var fact = genuine.verdict().fact();
        try {
            var booking =
                    new Booking(delivery.provider(), delivery.account(), protocol.identity(delivery.account()), fact);
            var decision = intake.book(booking, genuine, callbackLog);
            count(delivery, decision.outcome().name());
            if (decision.outcome() == Outcome.MISMATCH) {
                log.warn(
                        "Callback {} of {}/{} is genuine but does not fit payment {}: {}",
                        delivery.id(),
                        delivery.provider(),
                        delivery.account(),
                        fact.outTradeNo(),
                        decision.differences());
            }
            return protocol.reply(decision.outcome().answer());
        } catch (IntakeUnavailable e) {
            log.error("Callback {} for payment {} could not be booked", delivery.id(), fact.outTradeNo(), e);
            count(delivery, "UNAVAILABLE");
            return protocol.reply(Answer.OUR_FAULT);
        }
    }

    private Reply reject(CallbackProtocol protocol, Delivery delivery, Verdict.Rejected rejection, long started) {
        var reply = protocol.reply(rejection.reason().answer());
        count(delivery, rejection.reason().name());
        rejected.keep(
                new RejectedDeliveries.Refused(delivery, rejection, reply.status(), CallbackLog.microsSince(started)));
        return reply;
    }

    private void count(Delivery delivery, String outcome) {
        metrics.counter(
                        "tallyhook.callbacks",
                        "provider",
                        delivery.provider(),
                        "account",
                        delivery.account(),
                        "outcome",
                        outcome)
                .increment();
    }

    /** A verified delivery on its way through the intake. */
    record Genuine(Delivery delivery, Verdict.Genuine verdict, CallbackProtocol protocol, long startedNanos) {}
}
