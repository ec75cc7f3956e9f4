package io.tallyhook.payment.booking;

import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The way in for genuine facts. Whoever has one hands it over and waits; one writer takes all that is waiting, up to a
 * bound, and books it in one transaction, so that many callbacks share one commit. At low load a group has one member.
 */
@Component
public class Intake implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final BookGroup group;
    private final IntakeSettings settings;
    private final List<CallbackProtocol> protocols;
    private final BlockingQueue<Waiting> queue;
    private volatile boolean open;
    private volatile boolean taking;
    private @Nullable Thread writer;

    Intake(
            ConfirmPayments confirmPayments,
            PlatformTransactionManager transactions,
            IntakeSettings settings,
            List<CallbackProtocol> protocols) {
        this.group = new BookGroup(confirmPayments, transactions);
        this.settings = settings;
        this.protocols = protocols;
        this.queue = new ArrayBlockingQueue<>(settings.queue());
    }

    /** Writes what belongs to one decision, in the transaction that books it. */
    @FunctionalInterface
    public interface Alongside {

        /** Nothing to write. */
        Alongside NOTHING = new Alongside() {
            @Override
            public void write(List<Decided> group) {}
        };

        /** @param group the members of the group that were handed over with this writer, with their decisions */
        void write(List<Decided> group);
    }

    /**
     * A booking and its decision.
     *
     * @param attachment what the caller handed over for its own writer
     */
    public record Decided(Object attachment, Decision decision) {}

    /**
     * Books a fact that a provider answered to a question of ours. No callback tells of it, so what does not fit is told
     * in the log.
     *
     * @throws IntakeUnavailable if it could not be booked in time
     */
    public Decision bookAnswer(String provider, String account, Fact fact) {
        var identity = protocols.stream()
                .filter(protocol -> protocol.provider().equals(provider))
                .findFirst()
                .orElseThrow()
                .identity(account);
        var decision = book(new Booking(provider, account, identity, fact), fact, Alongside.NOTHING);
        if (decision.outcome() == Outcome.MISMATCH) {
            log.warn(
                    "The answer of {}/{} does not fit payment {}: {}",
                    provider,
                    account,
                    fact.outTradeNo(),
                    decision.differences());
        }
        return decision;
    }

    /**
     * Books a fact and waits for the commit.
     *
     * @param attachment is handed to {@code alongside} with the decision
     * @return the decision, committed
     * @throws IntakeUnavailable if it could not be booked in time: the queue is full, we are stopping, or the database
     *     is in trouble. It may still be booked later
     */
    public Decision book(Booking booking, Object attachment, Alongside alongside) {
        var waiting = new Waiting(booking, attachment, alongside, new CompletableFuture<>());
        if (!taking) {
            throw new IntakeUnavailable("we are stopping", null);
        }
        if (!queue.offer(waiting)) {
            throw new IntakeUnavailable("the queue is full", null);
        }
        try {
            return waiting.answer().get(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Not taken yet: then it need not be booked for nobody. The provider's repeat brings it again.
            waiting.answer().cancel(false);
            throw new IntakeUnavailable("it was not booked within " + settings.patience(), e);
        } catch (ExecutionException e) {
            throw new IntakeUnavailable("it could not be booked", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IntakeUnavailable("we were interrupted", e);
        }
    }

    /** Nothing new is taken from now on; what was handed over is still booked. */
    void takeNoMore() {
        taking = false;
    }

    /** How many deliveries wait to be taken now. */
    int waiting() {
        return queue.size();
    }

    private void write() {
        var taken = new ArrayList<Waiting>(settings.group());
        while (open || !queue.isEmpty()) {
            try {
                var first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                taken.add(first);
                queue.drainTo(taken, settings.group() - 1);
                taken.removeIf(waiting -> waiting.answer().isDone());
                group.book(List.copyOf(taken));
            } catch (InterruptedException e) {
                log.warn("The intake's writer was interrupted and goes on");
            } finally {
                taken.clear();
            }
        }
    }

    @Override
    public void start() {
        open = true;
        taking = true;
        writer = Thread.ofPlatform().name("intake").start(this::write);
    }

    /** Finishes what was handed over; nothing new is taken. */
    @Override
    public void stop() {
        takeNoMore();
        open = false;
        if (writer != null) {
            try {
                writer.join(settings.patience().plusSeconds(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Before the web server starts taking requests, and until it has answered its last one. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public boolean isRunning() {
        return open;
    }
}
