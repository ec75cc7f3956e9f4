package io.tallyhook.wallet.audit;

import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** Closes the months that people have begun to close, as soon as nothing can enter them any more. */
@Component
class FinishClosing implements Job {

    private final Closing closing;
    private final AuditSettings settings;

    FinishClosing(Closing closing, AuditSettings settings) {
        this.closing = closing;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "closing";
    }

    @Override
    public Instant dueAfter(Instant now) {
        return now.plus(settings.closeEvery());
    }

    @Override
    public Duration lease() {
        return Duration.ofMinutes(30);
    }

    @Override
    public String run() {
        var states = closing.begun().stream()
                .map(month -> "%s: %s".formatted(month, closing.finish(month)))
                .toList();
        return states.isEmpty() ? "nothing to close" : String.join("; ", states);
    }
}
