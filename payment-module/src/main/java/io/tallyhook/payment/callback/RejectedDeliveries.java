package io.tallyhook.payment.callback;

import io.tallyhook.payment.booking.Comparison;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Verdict;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Keeps refused deliveries for people, off the way of the answer. Anybody can send us refusable requests, so what is
 * stored is bounded per minute and account; the rest is only counted.
 */
@Component
class RejectedDeliveries implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RejectedDeliveries.class);
    private static final int GROUP = 50;

    private final CallbackLog callbackLog;
    private final CallbackCounts counts;
    private final RejectedBudget budget;
    private final BlockingQueue<Refused> queue;
    private volatile boolean open;
    private @Nullable Thread writer;

    RejectedDeliveries(CallbackLog callbackLog, CallbackCounts counts, CallbackSettings settings, Clock clock) {
        this.callbackLog = callbackLog;
        this.counts = counts;
        this.budget = new RejectedBudget(settings, clock);
        this.queue = new ArrayBlockingQueue<>(settings.rejectedQueue());
    }

    /** A delivery that was not believed, and how it was answered. */
    record Refused(Delivery delivery, Verdict.Rejected rejection, int replyStatus, int durationMicros) {}

    void keep(Refused refused) {
        if (!budget.affords(refused.delivery()) || !queue.offer(refused)) {
            count(refused);
        }
    }

    private void count(Refused refused) {
        var delivery = refused.delivery();
        counts.count(
                delivery.provider(),
                delivery.account(),
                refused.rejection().reason().name());
    }

    private void write() {
        var group = new ArrayList<Refused>(GROUP);
        while (open || !queue.isEmpty()) {
            try {
                var first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    group.add(first);
                    queue.drainTo(group, GROUP - 1);
                    callbackLog.append(
                            group.stream().map(RejectedDeliveries::line).toList());
                }
            } catch (InterruptedException e) {
                log.warn("The writer of rejected callbacks was interrupted and goes on");
            } catch (RuntimeException e) {
                log.warn("{} rejected callbacks could not be stored and are only counted", group.size(), e);
                group.forEach(this::count);
            } finally {
                group.clear();
            }
        }
    }

    private static CallbackLog.Line line(Refused refused) {
        var rejection = refused.rejection();
        var differences = rejection.expected() == null && rejection.actual() == null
                ? List.<Comparison>of()
                : List.of(new Comparison(
                        rejection.reason().check(),
                        Objects.requireNonNullElse(rejection.expected(), Comparison.ABSENT),
                        Objects.requireNonNullElse(rejection.actual(), Comparison.ABSENT)));
        return new CallbackLog.Line(
                refused.delivery(),
                Outcome.REJECTED,
                rejection.reason().name(),
                null,
                null,
                null,
                differences,
                refused.replyStatus(),
                refused.durationMicros());
    }

    @Override
    public void start() {
        open = true;
        writer = Thread.ofPlatform().name("rejected-callbacks").start(this::write);
    }

    @Override
    public void stop() {
        open = false;
        if (writer != null) {
            try {
                writer.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return open;
    }

    @Override
    public int getPhase() {
        return 0;
    }
}
