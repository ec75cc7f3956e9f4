package io.tallyhook.payment.booking;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** How full the intake is: what waits longer than a moment tells of a slow database before providers notice. */
@Component
class IntakeMetrics implements MeterBinder {

    private final Intake intake;

    IntakeMetrics(Intake intake) {
        this.intake = intake;
    }

    @Override
    public void bindTo(MeterRegistry metrics) {
        Gauge.builder("tallyhook.intake.waiting", intake, Intake::waiting)
                .description("Deliveries that wait for the writer; when the queue is full, more are told to come again")
                .register(metrics);
    }
}
