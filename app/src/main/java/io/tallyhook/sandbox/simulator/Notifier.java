package io.tallyhook.sandbox.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Tells the merchant, and tells again on the provider's own schedule until the reply is the one that provider takes for
 * a success. Keeps the newest {@value #MOST} attempts.
 */
final class Notifier {

    /** More than a person can look through. */
    static final int MOST = 1_000;

    /** Enough to see what a callback says; an oversized one is not kept. */
    private static final int MOST_KEPT_CHARACTERS = 8 * 1024;

    private final CallbackClient client;
    private final Executor executor;
    private final Timer timer;
    private final Clock clock;
    private final int timeScale;
    private final Deque<Attempt> attempts = new ArrayDeque<>();

    /** @param timeScale how many times faster than the real provider it repeats */
    Notifier(CallbackClient client, Executor executor, Timer timer, Clock clock, int timeScale) {
        this.client = client;
        this.executor = executor;
        this.timer = timer;
        this.clock = clock;
        this.timeScale = timeScale;
    }

    void send(Notification notification) {
        executor.execute(() -> attempt(notification, 1, notification.repeated()));
    }

    /** Sends in two connections that start together. Only one of the two goes on if it is not heard. */
    void sendTwiceAtOnce(Notification notification) {
        var together = new CyclicBarrier(2);
        for (var repeated : List.of(true, false)) {
            executor.execute(() -> {
                meet(together);
                attempt(notification, 1, repeated);
            });
        }
    }

    synchronized List<Attempt> newestFirst() {
        return List.copyOf(attempts);
    }

    /** A gap of the provider's time, as long as it takes here. */
    Duration scaled(Duration gap) {
        return gap.dividedBy(timeScale);
    }

    private void attempt(Notification notification, int number, boolean repeated) {
        var request = notification.signed().apply(number);
        var sentAt = clock.instant();
        var started = System.nanoTime();
        Integer status = null;
        String reply;
        try {
            var answer = client.post(notification.url(), request);
            status = answer.status();
            reply = answer.body();
        } catch (IOException | IllegalArgumentException e) {
            reply = String.valueOf(e.getMessage());
        }
        var duration = Duration.ofNanos(System.nanoTime() - started);
        var accepted = status != null && notification.provider().accepts(status, reply);
        var gaps = notification.provider().gaps();
        var again = !accepted && repeated && number <= gaps.size() ? scaled(gaps.get(number - 1)) : null;
        keep(attempt(notification, number, request, sentAt, status, reply, duration, accepted, again));
        if (again != null) {
            timer.in(again, () -> executor.execute(() -> attempt(notification, number + 1, true)));
        }
    }

    private Attempt attempt(
            Notification notification,
            int number,
            SignedRequest request,
            Instant sentAt,
            @Nullable Integer status,
            String reply,
            Duration duration,
            boolean accepted,
            @Nullable Duration again) {
        var body = new String(
                request.body(), 0, Math.min(request.body().length, MOST_KEPT_CHARACTERS), StandardCharsets.UTF_8);
        return new Attempt(
                notification.id(),
                notification.provider(),
                notification.outTradeNo(),
                notification.kind(),
                number,
                sentAt,
                notification.url(),
                request.headers(),
                body,
                status,
                reply,
                duration,
                accepted,
                again == null ? null : clock.instant().plus(again));
    }

    private synchronized void keep(Attempt attempt) {
        attempts.addFirst(attempt);
        while (attempts.size() > MOST) {
            attempts.removeLast();
        }
    }

    private static void meet(CyclicBarrier together) {
        try {
            together.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException("The sandbox is stopping", e);
        }
    }
}
