package io.tallyhook.wallet.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * What alarms look at. Every instance reads it from the database, so that all say the same, whoever made the check; a value
 * that could not be read stays as it was, and the health of the database is told elsewhere.
 */
@Component
class AuditMetrics {

    private static final Logger log = LoggerFactory.getLogger(AuditMetrics.class);
    private static final Health UNKNOWN = new Health(0, true, Duration.ZERO, Duration.ZERO, Optional.empty(), true);

    private final ReadHealth read;
    private final ProofRuns runs;
    private final MultiGauge violations;
    private final Clock clock;
    private volatile Health health = UNKNOWN;

    AuditMetrics(ReadHealth read, ProofRuns runs, MeterRegistry metrics, Clock clock) {
        this.read = read;
        this.runs = runs;
        this.clock = clock;
        this.violations = MultiGauge.builder("tallyhook.ledger.violations")
                .description("Violations of each invariant in the last check; anything but zero is an alarm")
                .register(metrics);
        gauge(
                metrics,
                "stopped.shards",
                "Shards that take no postings until a person has looked",
                Health::stoppedShards);
        gauge(
                metrics,
                "seal.lag",
                "How long the oldest booking waits to be sealed",
                h -> h.sealLag().toSeconds());
        gauge(
                metrics,
                "rollup.lag",
                "How long the oldest posting waits for the totals",
                h -> h.rollUpLag().toSeconds());
        gauge(metrics, "full.proof.age", "How long ago everything was checked; -1: never", this::age);
        gauge(
                metrics,
                "next.month.ready",
                "1 if the partitions of the next month exist",
                h -> h.nextMonthReady() ? 1 : 0);
    }

    private void gauge(MeterRegistry metrics, String name, String description, ToLongFunction<Health> value) {
        Gauge.builder("tallyhook.ledger." + name, this, metric -> value.applyAsLong(metric.health))
                .baseUnit(name.endsWith("lag") || name.endsWith("age") ? "seconds" : null)
                .description(description)
                .register(metrics);
    }

    private long age(Health health) {
        return health.lastFullAt()
                .map(at -> Duration.between(at, clock.instant()).toSeconds())
                .orElse(-1L);
    }

    @Scheduled(fixedDelayString = "PT10S")
    void refresh() {
        try {
            health = read.now();
            runs.last(1).forEach(this::count);
            if (!health.nextMonthReady()) {
                log.error("The next month has no partitions yet; postings will be refused when it begins");
            }
        } catch (DataAccessException e) {
            log.debug("The ledger's metrics could not be read", e);
        }
    }

    private void count(ProofRun run) {
        List<Row<?>> rows = run.invariants().stream()
                .<Row<?>>map(invariant -> Row.of(Tags.of("invariant", invariant.name()), invariant.violations()))
                .toList();
        violations.register(rows, true);
    }
}
