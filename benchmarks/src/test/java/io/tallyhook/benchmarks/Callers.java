package io.tallyhook.benchmarks;

import io.tallyhook.benchmarks.Connection.Reply;
import io.tallyhook.benchmarks.Notice.Kind;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The providers, outside of the application: they send what they have to tell until it is acknowledged, now and then once
 * more, and remember every acknowledgement.
 */
final class Callers implements AutoCloseable {

    private static final int LINES = 8;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

    private final List<Integer> ports;
    private final Clock clock = Clock.systemUTC();
    private final ExecutorService threads = Executors.newFixedThreadPool(LINES);
    private final List<Future<?>> running = new ArrayList<>();
    private final BlockingQueue<Notice> toSend = new LinkedBlockingQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Map<Kind, Set<OpenPayment>> acknowledged = new EnumMap<>(Kind.class);
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private volatile boolean open = true;

    /** @param ports of the instances; a caller who gets no answer tries another */
    Callers(List<Integer> ports) {
        this.ports = ports;
        for (var kind : Kind.values()) {
            acknowledged.put(kind, ConcurrentHashMap.newKeySet());
        }
        for (int line = 0; line < LINES; line++) {
            running.add(threads.submit(this::call));
        }
    }

    void tell(List<Notice> notices) {
        underWay.addAndGet(notices.size());
        toSend.addAll(notices);
    }

    private Void call() throws IOException {
        while (open) {
            int port = ports.get(ThreadLocalRandom.current().nextInt(ports.size()));
            try (var line = new Line(port)) {
                callUntilItBreaks(line);
            } catch (IOException nobodyThere) {
                LockSupport.parkNanos(PAUSE);
            }
        }
        return null;
    }

    private void callUntilItBreaks(Line line) {
        while (open) {
            var notice = next();
            if (notice == null) {
                continue;
            }
            var reply = line.send(notice.request(clock.instant()));
            settle(notice, reply.isPresent() && heard(notice, reply.get()));
            if (reply.isEmpty()) {
                unanswered.incrementAndGet();
                return;
            }
            answers.incrementAndGet();
        }
    }

    private @Nullable Notice next() {
        try {
            return toSend.poll(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether it was acknowledged. */
    private boolean heard(Notice notice, Reply reply) {
        if (reply.acknowledges()) {
            acknowledged.getOrDefault(notice.kind(), Set.of()).add(notice.payment());
            if (!notice.kind().mayBeAcknowledged()) {
                surprises.add("acknowledged: " + notice);
            }
            return true;
        }
        if (notice.kind().mayBeAcknowledged() && reply.status() != 503) {
            surprises.add("refused with %d %s: %s".formatted(reply.status(), reply.body(), notice));
        }
        return false;
    }

    private void settle(Notice notice, boolean told) {
        var next = told ? notice.afterAcknowledgement() : notice.afterTry();
        if (told ? next.repeats() >= 0 : next.tries() > 0) {
            toSend.add(next);
        } else {
            underWay.decrementAndGet();
        }
    }

    boolean done() {
        running.stream().filter(Future::isDone).findAny().ifPresent(Callers::sayWhy);
        return underWay.get() == 0;
    }

    private static void sayWhy(Future<?> ended) {
        try {
            throw new IllegalStateException("A caller has hung up: " + ended.get());
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("A caller failed", e);
        }
    }

    Set<OpenPayment> acknowledged(Kind kind) {
        return Set.copyOf(acknowledged.getOrDefault(kind, Set.of()));
    }

    /** What must not happen: what is wrong was acknowledged, or what is right refused. */
    List<String> surprises() {
        return List.copyOf(surprises);
    }

    long answers() {
        return answers.get();
    }

    long unanswered() {
        return unanswered.get();
    }

    @Override
    public void close() {
        open = false;
        threads.close();
    }
}
