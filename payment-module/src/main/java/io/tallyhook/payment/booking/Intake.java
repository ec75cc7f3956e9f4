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
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The way in for genuine facts. Whoever has one hands it over and waits; one writer takes all that is waiting, up to a
 * bound, and books it in one transaction, so that many callbacks share one commit. At low load a group has one member.
 *
 * <p>A fact that the database refuses is found by splitting the group and harms nobody else. Any other trouble is told
 * to all of the group: nothing is promised, and the providers come again.
 */
@Component
public class Intake implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final ConfirmPayments confirmPayments;
    private final TransactionTemplate transaction;
    private final IntakeSettings settings;
    private final List<CallbackProtocol> protocols;
    private final BlockingQueue<Waiting> queue;
    private volatile boolean open;
    private @Nullable Thread writer;

    Intake(
            ConfirmPayments confirmPayments,
            PlatformTransactionManager transactions,
            IntakeSettings settings,
            List<CallbackProtocol> protocols) {
        this.confirmPayments = confirmPayments;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
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

    private record Waiting(
            Booking booking, Object attachment, Alongside alongside, CompletableFuture<Decision> answer) {}

    /**
     * Books a fact that a provider answered to a question of ours.
     *
     * @throws IntakeUnavailable if it could not be booked in time
     */
    public Decision bookAnswer(String provider, String account, Fact fact) {
        var identity = protocols.stream()
                .filter(protocol -> protocol.provider().equals(provider))
                .findFirst()
                .orElseThrow()
                .identity(account);
        return book(new Booking(provider, account, identity, fact), fact, Alongside.NOTHING);
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
        if (!open) {
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

    private void write() {
        var group = new ArrayList<Waiting>(settings.group());
        while (open || !queue.isEmpty()) {
            try {
                var first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                group.add(first);
                queue.drainTo(group, settings.group() - 1);
                group.removeIf(waiting -> waiting.answer().isDone());
                answer(List.copyOf(group));
            } catch (InterruptedException e) {
                log.warn("The intake's writer was interrupted and goes on");
            } finally {
                group.clear();
            }
        }
    }

    /** Books a group and answers everybody in it, whatever happens. */
    private void answer(List<Waiting> group) {
        if (group.isEmpty()) {
            return;
        }
        try {
            var decisions = book(group);
            for (int i = 0; i < group.size(); i++) {
                group.get(i).answer().complete(decisions.get(i));
            }
        } catch (DataIntegrityViolationException e) {
            if (group.size() == 1) {
                log.error(
                        "The database refuses to book payment {}",
                        group.getFirst().booking().fact().outTradeNo(),
                        e);
                group.getFirst().answer().completeExceptionally(e);
                return;
            }
            log.warn("The database refuses a group of {}; it is split to find the poisoned one", group.size(), e);
            answer(group.subList(0, group.size() / 2));
            answer(group.subList(group.size() / 2, group.size()));
        } catch (RuntimeException | Error e) {
            log.error("A group of {} could not be booked; the providers are told to come again", group.size(), e);
            group.forEach(waiting -> waiting.answer().completeExceptionally(e));
        }
    }

    private List<Decision> book(List<Waiting> group) {
        return transaction.execute(status -> confirmPayments.book(
                group.stream().map(Waiting::booking).toList(), decisions -> writeAlongside(group, decisions)));
    }

    private static void writeAlongside(List<Waiting> group, List<Decision> decisions) {
        var byWriter = new java.util.LinkedHashMap<Alongside, List<Decided>>();
        for (int i = 0; i < group.size(); i++) {
            byWriter.computeIfAbsent(group.get(i).alongside(), any -> new ArrayList<>())
                    .add(new Decided(group.get(i).attachment(), decisions.get(i)));
        }
        byWriter.forEach(Alongside::write);
    }

    @Override
    public void start() {
        open = true;
        writer = Thread.ofPlatform().name("intake").start(this::write);
    }

    /** Finishes what was handed over; nothing new is taken. */
    @Override
    public void stop() {
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
