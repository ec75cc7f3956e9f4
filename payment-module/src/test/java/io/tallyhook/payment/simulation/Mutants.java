package io.tallyhook.payment.simulation;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Comparison;
import io.tallyhook.payment.booking.Decide;
import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Fact;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Errors that somebody might make in the decision or in the store. */
final class Mutants {

    private Mutants() {}

    /** One error each. */
    enum Mutant {
        A_DUPLICATE_IS_HANDED_OUT_AGAIN(deciding(Outcome.DUPLICATE, FulfilmentState.PENDING)),
        LATE_IS_HANDED_OUT(deciding(Outcome.LATE, FulfilmentState.PENDING)),
        WHAT_DOES_NOT_FIT_IS_BOOKED(deciding(Outcome.MISMATCH, FulfilmentState.PENDING)),
        WHAT_DOES_NOT_FIT_IS_ACKNOWLEDGED(answering(Outcome.MISMATCH, Outcome.IGNORED)),
        WHAT_NOBODY_KNOWS_IS_ACKNOWLEDGED(answering(Outcome.UNKNOWN_PAYMENT, Outcome.IGNORED)),
        A_REFUND_IS_FORGOTTEN(answering(Outcome.REFUND_CONFIRMED, Outcome.REFUND_CONFIRMED)),
        CLOSED_IS_FORGOTTEN(answering(Outcome.CLOSED, Outcome.CLOSED)),
        A_CONTRADICTION_PASSES_FOR_A_REPEAT(decidedBy((decision, booking, known) ->
                decision.differences().equals(List.of(new Comparison(Check.STATE, "SUCCEEDED", "FAILED")))
                        ? new Decision(Outcome.DUPLICATE, decision.comparisons(), Optional.empty())
                        : decision)),
        LATE_IS_FORGOTTEN(answering(Outcome.LATE, Outcome.IGNORED)),
        ACKNOWLEDGED_BEFORE_THE_COMMIT(settings -> new MemoryWorld(Decide::decide, settings) {
            @Override
            public Optional<List<Decision>> book(List<Booking> group, boolean killed) {
                var decisions = super.book(group, killed);
                if (!killed) {
                    return decisions;
                }
                return Optional.of(group.stream().map(this::promised).toList());
            }

            private Decision promised(Booking booking) {
                var known =
                        Optional.ofNullable(find(booking.fact().outTradeNo())).map(Row::payment);
                return Decide.decide(booking, known);
            }
        }),
        HANDED_OUT_WITHOUT_A_LOOK(fulfilment((world, settings) -> new MemoryFulfilment(world, settings) {
            @Override
            boolean isDue(Row row) {
                return row.payment().state().wasPaid();
            }
        })),
        REFUNDED_AND_STILL_HANDED_OUT(fulfilment((world, settings) -> new MemoryFulfilment(world, settings) {
            @Override
            boolean isDue(Row row) {
                return row.mayBeHandedOut() || row.payment().state() == PaymentState.PARTIALLY_REFUNDED;
            }
        })),
        THE_SWEEP_FINDS_NOTHING(fulfilment((world, settings) -> new MemoryFulfilment(world, settings) {
            @Override
            void sweep() {}
        })),
        ATTEMPTS_ARE_NOT_COUNTED(fulfilment((world, settings) -> new MemoryFulfilment(world, settings) {
            @Override
            int counted(int attempts) {
                return attempts;
            }
        }));

        private final Function<FulfilmentSettings, World> broken;

        Mutant(Function<FulfilmentSettings, World> broken) {
            this.broken = broken;
        }

        World world() {
            return broken.apply(Play.SETTINGS);
        }
    }

    /** Where it should do something else, it books the payment as paid and due. */
    private static Function<FulfilmentSettings, World> deciding(Outcome where, FulfilmentState due) {
        return decidedBy((decision, booking, known) -> {
            if (decision.outcome() != where || !(booking.fact() instanceof Fact.Paid)) {
                return decision;
            }
            var before = known.orElseThrow();
            var paid = decision.change().map(Decision.Change::after).orElse(before);
            var after = Row.changed(paid, PaymentState.PAID, due, null);
            return new Decision(
                    where, decision.comparisons(), Optional.of(new Decision.Change(before, after, null, null, null)));
        });
    }

    private static Function<FulfilmentSettings, World> answering(Outcome instead, Outcome told) {
        return decidedBy((decision, booking, known) -> decision.outcome() == instead
                ? new Decision(told, decision.comparisons(), Optional.empty())
                : decision);
    }

    private static Function<FulfilmentSettings, World> decidedBy(Twist twist) {
        return settings ->
                new MemoryWorld((booking, known) -> twist.on(Decide.decide(booking, known), booking, known), settings);
    }

    private static Function<FulfilmentSettings, World> fulfilment(Making making) {
        return settings -> new MemoryWorld(Decide::decide, settings) {
            @Override
            MemoryFulfilment fulfilment(FulfilmentSettings used) {
                return making.of(this, used);
            }
        };
    }

    private interface Twist {

        Decision on(Decision decision, Booking booking, Optional<KnownPayment> known);
    }

    private interface Making {

        MemoryFulfilment of(MemoryWorld world, FulfilmentSettings settings);
    }
}
