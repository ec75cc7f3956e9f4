package io.tallyhook.payment.inspection;

import io.tallyhook.payment.HandedOut;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Inspects all modules every few minutes, one instance at a time: what is recent, and at night everything. */
@Component
@EnableConfigurationProperties(InspectionSettings.class)
class Inspection {

    private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

    private final Inspect inspect;
    private final InspectedPayments payments;
    private final Findings findings;
    private final InspectionSettings settings;
    private final Clock clock;
    private final Map<String, HandedOut> modules;

    Inspection(
            Inspect inspect,
            InspectedPayments payments,
            Findings findings,
            InspectionSettings settings,
            Clock clock,
            ObjectProvider<HandedOut> modules) {
        this.inspect = inspect;
        this.payments = payments;
        this.findings = findings;
        this.settings = settings;
        this.clock = clock;
        this.modules = modules.stream().collect(Collectors.toMap(HandedOut::purpose, Function.identity()));
    }

    @Scheduled(
            fixedDelayString = "${tallyhook.inspection.every:5m}",
            initialDelayString = "${tallyhook.inspection.every:5m}")
    void inspect() {
        findings.claim(settings.lease()).ifPresent(turn -> {
            boolean full = isFull(turn.full(), clock.instant());
            look(full ? "" : payments.lastBefore(clock.instant().minus(settings.recent())));
            findings.done(settings.every(), full);
        });
    }

    /** Whether everything is looked at now. */
    static boolean isFull(Optional<Instant> last, Instant now) {
        var age = last.map(then -> Duration.between(then, now));
        boolean night = now.atZone(BEIJING).getHour() == InspectionSettings.NIGHT;
        return age.isEmpty()
                || age.get().compareTo(InspectionSettings.FULL_AT_LAST) > 0
                || night && age.get().compareTo(InspectionSettings.FULL_AFTER) > 0;
    }

    /** Looks at everything behind this payment number. */
    void look(String from) {
        modules.values().forEach(inspect::again);
        walk(from, after -> inspect.payments(modules, after).orElse(""));
        for (var module : modules.values()) {
            walk(from, after -> inspect.grants(module, after).orElse(""));
        }
    }

    private void walk(String from, UnaryOperator<String> page) {
        var after = from;
        do {
            after = page.apply(after);
            findings.extend(settings.lease());
        } while (!after.isEmpty());
    }
}
