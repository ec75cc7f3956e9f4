package io.tallyhook.payment.booking;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The first thing of a stop: nothing new is taken, and for a moment everybody who calls hears that (503). The web server would
 * only hang up on those who hold a connection, and they could not tell whether they were heard.
 */
@Component
@EnableConfigurationProperties(LastCallSettings.class)
class LastCall implements SmartLifecycle {

    private final Intake intake;
    private final LastCallSettings settings;
    private volatile boolean running;

    LastCall(Intake intake, LastCallSettings settings) {
        this.intake = intake;
        this.settings = settings;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop(Runnable over) {
        stop();
        if (settings.lasts().isZero()) {
            over.run();
        } else {
            CompletableFuture.delayedExecutor(settings.lasts().toMillis(), TimeUnit.MILLISECONDS)
                    .execute(over);
        }
    }

    @Override
    public void stop() {
        intake.takeNoMore();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** The last to start and the first to stop, before the web server. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
