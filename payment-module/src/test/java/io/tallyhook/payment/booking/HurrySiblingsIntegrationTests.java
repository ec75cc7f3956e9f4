package io.tallyhook.payment.booking;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.booking.Decision.Change;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Whoever closes siblings is told of them after the commit and only then. */
@PaymentModuleTest
class HurrySiblingsIntegrationTests {

    private final Payments payments;
    private final PaymentsUnderDecision underDecision;
    private final TransactionTemplate transaction;
    private final HurrySiblings hurry;
    private final List<String> told = new ArrayList<>();
    private String paid = "";

    HurrySiblingsIntegrationTests(
            Payments payments,
            PaymentsUnderDecision underDecision,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.payments = payments;
        this.underDecision = underDecision;
        this.transaction = new TransactionTemplate(transactions);
        var closers = new StaticListableBeanFactory();
        closers.addBean("closer", (Hurried) () -> told.add("told"));
        this.hurry = new HurrySiblings(jdbc, closers.getBeanProvider(Hurried.class), Clock.systemUTC());
    }

    @BeforeEach
    void twoAttempts() {
        told.clear();
        var request = Till.atTheBank();
        paid = payments.open(RequestId.fresh(Clock.systemUTC()), request, () -> {})
                .outTradeNo();
        payments.open(RequestId.fresh(Clock.systemUTC()), request, () -> {});
    }

    @Test
    void they_are_told_after_the_commit() {
        transaction.executeWithoutResult(status -> {
            hurried(paid());
            assertThat(told).isEmpty();
        });

        assertThat(told).hasSize(1);
    }

    @Test
    void they_are_not_told_of_what_was_rolled_back() {
        transaction.executeWithoutResult(status -> {
            hurried(paid());
            status.setRollbackOnly();
        });

        assertThat(told).isEmpty();
    }

    @Test
    void where_nothing_else_is_open_nobody_is_told() {
        paid = payments.open(RequestId.fresh(Clock.systemUTC()), Till.atTheBank(), () -> {})
                .outTradeNo();

        transaction.executeWithoutResult(status -> hurried(paid()));

        assertThat(told).isEmpty();
    }

    @Test
    void that_one_was_closed_hurries_nobody() {
        var before = known();

        transaction.executeWithoutResult(status -> hurried(new Change(before, before.closed(), null, null, null)));

        assertThat(told).isEmpty();
    }

    /** The thing is not paid then: the open attempt may be the one that pays it. */
    @Test
    void another_amount_that_goes_back_hurries_nobody_and_one_that_is_kept_does() {
        var before = known();
        var received = Money.fen(1899);

        for (boolean handOut : List.of(false, true)) {
            var after = before.paid("B1", Instant.now(), new Accepted(received, handOut));
            transaction.executeWithoutResult(status -> hurried(new Change(before, after, null, null, null)));
            assertThat(told).hasSize(handOut ? 1 : 0);
        }
    }

    /** As the booking does it. */
    private void hurried(Change change) {
        var locked = underDecision.lockWithSiblings(List.of(change.before().outTradeNo()));
        hurry.of(List.of(change), locked.withOpenSiblings());
    }

    private Change paid() {
        var before = known();
        return new Change(before, before.paid("B1", Instant.now()), null, null, null);
    }

    private KnownPayment known() {
        return underDecision.look(List.of(paid)).values().iterator().next();
    }
}
