package io.tallyhook.payment.simulation;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Fulfilment;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import io.tallyhook.payment.simulation.World.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** From paid to handed out, on the store in memory: leases, attempts, gaps and parking. */
class MemoryFulfilment {

    private final MemoryWorld world;
    private final FulfilmentSettings settings;

    MemoryFulfilment(MemoryWorld world, FulfilmentSettings settings) {
        this.world = world;
        this.settings = settings;
    }

    void tell(List<KnownPayment> payments, boolean again) {
        world.publish(payments, again);
    }

    void listen(PaymentsConfirmed event, Listener listener) {
        try {
            attempt(event, listener, false);
        } catch (IllegalStateException all) {
            if (event.payments().size() == 1) {
                failed(event.payments().getFirst().outTradeNo());
                return;
            }
            for (var payment : event.payments()) {
                try {
                    attempt(new PaymentsConfirmed(event.purpose(), List.of(payment), event.again()), listener, false);
                } catch (IllegalStateException alone) {
                    failed(payment.outTradeNo());
                }
            }
        }
    }

    void dieListening(PaymentsConfirmed event, Listener listener) {
        try {
            attempt(event, listener, true);
        } catch (IllegalStateException thrownAndKilled) {
            // Who is dead records nothing.
            return;
        }
    }

    private void attempt(PaymentsConfirmed event, Listener listener, boolean killed) {
        var _ = world.transaction(killed, () -> {
            var due = event.payments().stream()
                    .map(ConfirmedPayment::outTradeNo)
                    .distinct()
                    .map(world::row)
                    .filter(this::isDue)
                    .map(row -> MemoryWorld.confirmed(row.payment()))
                    .toList();
            if (!due.isEmpty()) {
                listener.apply(due).forEach(answer -> settle(answer, event.again()));
            }
            return due;
        });
    }

    /** Whether a listener may have it. */
    boolean isDue(Row row) {
        return row.mayBeHandedOut();
    }

    private void settle(Fulfilment answer, boolean counted) {
        var row = world.row(answer.outTradeNo());
        world.put(
                switch (answer) {
                    case Fulfilment.Done done -> row.now(FulfilmentState.SUCCEEDED, null, row.attempts(), null);
                    case Fulfilment.Refused refused ->
                        row.now(FulfilmentState.PARKED, refused.reason(), row.attempts(), null);
                    case Fulfilment.Waiting waiting ->
                        row.now(
                                row.payment().fulfilment(),
                                null,
                                Math.max(row.attempts() - (counted ? 1 : 0), 0),
                                world.now().plus(settings.waitingGap()));
                });
    }

    private void failed(String outTradeNo) {
        var row = world.row(outTradeNo);
        if (row.mayBeHandedOut()) {
            world.put(row.now(
                    FulfilmentState.FAILED, null, row.attempts(), world.now().plus(settings.gap(row.attempts() + 1))));
        }
    }

    void sweep() {
        claim(world.all().stream()
                .filter(row -> row.dueAt() != null && !row.dueAt().isAfter(world.now()))
                .toList());
    }

    void claim(List<Row> due) {
        var again = new ArrayList<KnownPayment>();
        for (var row : due) {
            int attempts = counted(row.attempts());
            if (attempts > settings.maxAttempts()) {
                boolean everFailed = row.payment().fulfilment() == FulfilmentState.FAILED;
                world.put(row.now(
                        FulfilmentState.PARKED,
                        everFailed ? ParkingReason.RETRIES_EXHAUSTED : ParkingReason.NO_LISTENER,
                        attempts,
                        null));
            } else {
                var gap = settings.gap(attempts);
                var lease = gap.compareTo(settings.lease()) > 0 ? gap : settings.lease();
                world.put(row.with(row.payment(), attempts, world.now().plus(lease)));
                again.add(row.payment());
            }
        }
        tellAgain(again);
    }

    /** Who never answers is told of with fewer and fewer others. */
    private void tellAgain(List<KnownPayment> again) {
        var parts = new TreeMap<Integer, List<KnownPayment>>();
        for (var payment : again) {
            int attempts = world.row(payment.outTradeNo()).attempts();
            parts.computeIfAbsent(attempts <= 2 ? 1_000 : attempts <= 4 ? 10 : 1, any -> new ArrayList<>())
                    .add(payment);
        }
        parts.forEach((together, payments) -> {
            for (int from = 0; from < payments.size(); from += together) {
                tell(payments.subList(from, Math.min(from + together, payments.size())), true);
            }
        });
    }

    int counted(int attempts) {
        return attempts + 1;
    }

    void retry(String outTradeNo) {
        var row = world.row(outTradeNo);
        var reason = row.payment().reason();
        boolean parkedForLack = reason == ParkingReason.RETRIES_EXHAUSTED || reason == ParkingReason.NO_LISTENER;
        if (row.payment().state() == PaymentState.PAID && (row.waits() || parkedForLack)) {
            var fresh = row.now(FulfilmentState.PENDING, null, 0, world.now());
            world.put(fresh);
            claim(List.of(fresh));
        }
    }
}
