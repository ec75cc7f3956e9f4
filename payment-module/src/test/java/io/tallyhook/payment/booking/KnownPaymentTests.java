package io.tallyhook.payment.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentState;
import java.util.EnumSet;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KnownPaymentTests {

    /** Each step is tried from each state: it leads where the table of transitions allows, or throws. */
    @ParameterizedTest
    @EnumSource(PaymentState.class)
    void only_the_steps_of_the_table_can_be_taken(PaymentState from) {
        var reachable = EnumSet.noneOf(PaymentState.class);
        var payment = Known.payment(from);

        step(reachable, from, PaymentState.PAID, () -> payment.paid("4200", Known.PAID_AT));
        step(reachable, from, PaymentState.CLOSED, payment::closed);
        var rest = payment.amount().minus(payment.refunded());
        if (rest.isPositive()) {
            step(reachable, from, PaymentState.REFUNDED, () -> payment.refunded(refund(rest)));
            step(reachable, from, PaymentState.PARTIALLY_REFUNDED, () -> payment.refunded(refund(Money.fen(1))));
        }

        for (var to : PaymentState.values()) {
            assertThat(reachable.contains(to))
                    .as("%s to %s", from, to)
                    .isEqualTo(from == to ? reachable.contains(to) : from.mayBecome(to));
        }
    }

    private static void step(
            EnumSet<PaymentState> reachable, PaymentState from, PaymentState to, Supplier<KnownPayment> step) {
        if (from == to || from.mayBecome(to)) {
            assertThat(step.get().state()).isEqualTo(to);
            reachable.add(to);
        } else {
            assertThatThrownBy(step::get)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Payment %s is %s and cannot become %s", Known.NUMBER, from, to);
        }
    }

    private static KnownRefund refund(Money amount) {
        return new KnownRefund("R9", amount, KnownRefund.State.SUCCEEDED);
    }
}
