package io.tallyhook.payment.asking;

import io.tallyhook.payment.asking.Errand.Account;
import io.tallyhook.payment.booking.Hurried;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Every second, on any instance: what is due is claimed and done, each on a thread of its own. Every account has its own
 * bound of questions under way, so that a provider that does not answer holds up nobody else.
 */
@Component
class AskDue implements SmartLifecycle, Hurried {

    private static final Logger log = LoggerFactory.getLogger(AskDue.class);
    private static final int PATIENCE_SECONDS = 5;

    private final ClaimErrands claims;
    private final RunErrand errands;
    private final AskingSettings settings;
    private final Map<Account, Semaphore> free = new ConcurrentHashMap<>();
    private final AtomicBoolean soon = new AtomicBoolean();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("asking-", 0).factory());
    private volatile boolean running;
    private boolean reachable = true;

    AskDue(ClaimErrands claims, RunErrand errands, AskingSettings settings) {
        this.claims = claims;
        this.errands = errands;
        this.settings = settings;
    }

    @Scheduled(fixedDelayString = "${tallyhook.asking.every:1s}")
    void tick() {
        if (!running || !settings.active()) {
            return;
        }
        try {
            begin();
            reachable = true;
        } catch (DataAccessException | TransactionException e) {
            if (reachable) {
                log.warn("Nobody is asked until the database answers again", e);
            }
            reachable = false;
        }
    }

    /** Looks now and not only in a second. Many calls at a time make one look. */
    @Override
    public void soon() {
        if (running && settings.active() && soon.compareAndSet(false, true)) {
            threads.execute(() -> {
                soon.set(false);
                tick();
            });
        }
    }

    /** Begins all that is due, as far as it may be asked now. @return how much was begun */
    int begin() {
        int begun = 0;
        for (var account : claims.accounts()) {
            begun += begin(account);
        }
        return begun;
    }

    private int begin(Account account) {
        var slots = free.computeIfAbsent(account, any -> new Semaphore(settings.parallel()));
        int most = slots.drainPermits();
        int taken = 0;
        try {
            for (var errand : claims.claim(account, most)) {
                taken++;
                threads.execute(() -> run(errand, slots));
            }
        } finally {
            slots.release(most - taken);
        }
        return taken;
    }

    private void run(Errand errand, Semaphore slots) {
        try {
            errands.run(errand);
        } catch (RuntimeException e) {
            log.warn("Payment {} is asked about again when its lease ends", errand.outTradeNo(), e);
        } finally {
            slots.release();
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** What is under way may end, as long as somebody can book it; the rest is due again when its lease ends. */
    @Override
    public void stop() {
        running = false;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                log.info("Some questions are left without an answer; they are asked again");
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** After the intake has begun to book, and until it is told to end. */
    @Override
    public int getPhase() {
        return 1;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
