package io.tallyhook.payment.policy;

import io.tallyhook.payment.fulfilment.Sweep;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Decides about one parked payment: the decision is written, and what it changes here, in one transaction. */
@Component
class DecideParked {

    private static final Logger log = LoggerFactory.getLogger(DecideParked.class);

    private final Decisions decisions;
    private final PolicySettings settings;
    private final Reopen reopen;
    private final Sweep sweep;
    private final TransactionTemplate transaction;

    DecideParked(
            Decisions decisions,
            PolicySettings settings,
            Reopen reopen,
            Sweep sweep,
            PlatformTransactionManager transactions) {
        this.decisions = decisions;
        this.settings = settings;
        this.reopen = reopen;
        this.sweep = sweep;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** One that was decided. @param refund what is still to be asked for */
    record Decided(String outTradeNo, Action action, Optional<StartedRefund> refund) {}

    /** @return nothing if nothing waits */
    Optional<Decided> decideOne() {
        var decided = transaction.execute(status -> decisions.claim().map(this::decide));
        decided.filter(one -> one.action() == Action.REOPEN).ifPresent(one -> sweep.handOut(one.outTradeNo()));
        return decided;
    }

    private Decided decide(ParkedPayment payment) {
        var verdict = Verdict.of(payment, settings);
        var number =
                verdict.action() == Action.REFUND ? StartedRefund.number(payment.outTradeNo(), payment.reason()) : null;
        decisions.write(payment, verdict, number);
        if (verdict.action() == Action.REOPEN && !reopen.reopen(payment.outTradeNo())) {
            throw new IllegalStateException("Payment %s could not be reopened".formatted(payment.outTradeNo()));
        }
        log.info(
                "Payment {} is parked, {}: {} ({})",
                payment.outTradeNo(),
                payment.reason(),
                verdict.action(),
                verdict.why());
        return new Decided(
                payment.outTradeNo(),
                verdict.action(),
                Optional.ofNullable(number).map(no -> started(payment, no)));
    }

    private static StartedRefund started(ParkedPayment payment, String number) {
        var actor = "policy:" + payment.purpose();
        return new StartedRefund(payment.outTradeNo(), number, payment.reason(), payment.amount(), actor, 1);
    }
}
