package io.tallyhook.payment.fulfilment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is cheaper together. Whoever comes while another works waits for his turn, and whose turn it is works for all who
 * wait. Who comes alone works at once. Once as many wait as may go together, they do not wait any longer: so several work at
 * the same time when one cannot keep up. Nobody waits long for one who is stuck, and when work that was joined fails, each does
 * his own.
 *
 * @param <T> one caller's share
 */
public final class Joined<T> {

    private static final Logger log = LoggerFactory.getLogger(Joined.class);

    private final int most;
    private final Duration patience;
    private final ReentrantLock turn = new ReentrantLock();
    private final ConcurrentLinkedQueue<Share<T>> waiting = new ConcurrentLinkedQueue<>();

    /**
     * @param most how many shares are joined
     * @param patience how long a caller waits for his turn before he works beside whoever has it
     */
    public Joined(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    /** @param done whether it was done by who took it; not yet complete while nobody did */
    private record Share<T>(CompletableFuture<Boolean> done, T value) {}

    /**
     * Does one caller's share, among others or alone. It is done when this returns.
     *
     * @param work is called with this share and others, and once more with this one alone if that throws; so what it does
     *     must be undone when it throws, as a transaction is. What it throws for this share alone is thrown
     */
    public void run(T value, Consumer<List<T>> work) {
        var mine = new Share<>(new CompletableFuture<Boolean>(), value);
        waiting.add(mine);
        boolean myTurn = waiting.size() < most && myTurn();
        try {
            if (waiting.remove(mine)) {
                workWith(whoWait(), mine, work);
                return;
            }
        } finally {
            if (myTurn) {
                turn.unlock();
            }
        }
        if (!mine.done().join()) {
            work.accept(List.of(value));
        }
    }

    /** How many wait to be taken now. */
    public int waiting() {
        return waiting.size();
    }

    private boolean myTurn() {
        try {
            return turn.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<Share<T>> whoWait() {
        var others = new ArrayList<Share<T>>();
        while (others.size() < most - 1 && waiting.poll() instanceof Share<T> other) {
            others.add(other);
        }
        return others;
    }

    private void workWith(List<Share<T>> others, Share<T> mine, Consumer<List<T>> work) {
        if (others.isEmpty() || !done(others, mine, work)) {
            work.accept(List.of(mine.value()));
        }
    }

    private static <T> boolean done(List<Share<T>> others, Share<T> mine, Consumer<List<T>> work) {
        boolean done = false;
        try {
            var all = new ArrayList<T>();
            all.add(mine.value());
            others.forEach(other -> all.add(other.value()));
            work.accept(all);
            done = true;
        } catch (RuntimeException e) {
            log.warn("The joined work of {} failed; each does his own", others.size() + 1, e);
        } finally {
            for (var other : others) {
                other.done().complete(done);
            }
        }
        return done;
    }
}
