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
    private final CreditToWallet credit;
    private final Sweep sweep;
    private final TransactionTemplate transaction;

    DecideParked(
            Decisions decisions,
            PolicySettings settings,
            Reopen reopen,
            CreditToWallet credit,
            Sweep sweep,
            PlatformTransactionManager transactions) {
        this.decisions = decisions;
        this.settings = settings;
        this.reopen = reopen;
        this.credit = credit;
        this.sweep = sweep;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** One that was decided. @param refund what is still to be asked for */
    record Decided(String outTradeNo, Action action, Optional<StartedRefund> refund) {}

    /** The wallet threw, so that nothing of the transaction stands. */
    private static final class NotCredited extends RuntimeException {

        private final transient ParkedPayment payment;

        NotCredited(ParkedPayment payment, RuntimeException cause) {
            super(String.valueOf(cause.getMessage()), cause);
            this.payment = payment;
        }
    }

    /** @return nothing if nothing waits */
    Optional<Decided> decideOne() {
        try {
            var decided = transaction.execute(status -> decisions.claim().map(this::decide));
            decided.filter(one -> one.action() == Action.REOPEN).ifPresent(one -> sweep.handOut(one.outTradeNo()));
            return decided;
        } catch (NotCredited e) {
            return Optional.of(asksSomebody(e));
        }
    }

    private Decided decide(ParkedPayment payment) {
        var verdict = Verdict.of(payment, settings);
        log.info(
                "Payment {} is parked, {}: {} ({})",
                payment.outTradeNo(),
                payment.reason(),
                verdict.action(),
                verdict.why());
        var number =
                verdict.action() == Action.REFUND ? StartedRefund.number(payment.outTradeNo(), payment.reason()) : null;
        if (verdict.action() == Action.CREDIT_TO_WALLET) {
            credit(payment, verdict);
        } else {
            decisions.write(payment, verdict, number);
        }
        if (verdict.action() == Action.REOPEN && !reopen.reopen(payment.outTradeNo())) {
            throw new IllegalStateException("Payment %s could not be reopened".formatted(payment.outTradeNo()));
        }
        return new Decided(
                payment.outTradeNo(),
                verdict.action(),
                Optional.ofNullable(number).map(no -> started(payment, no)));
    }

    private void credit(ParkedPayment payment, Verdict verdict) {
        switch (credited(payment)) {
            case CreditToWallet.Outcome.Credited credited -> decisions.write(payment, verdict, null);
            case CreditToWallet.Outcome.Refused(var refusal) -> {
                log.warn("Payment {} was not credited by its policy: {}", payment.outTradeNo(), refusal.detail());
                decisions.writeInVain(payment, verdict, refusal.detail());
            }
        }
    }

    private CreditToWallet.Outcome credited(ParkedPayment payment) {
        try {
            return credit.credit(
                    payment.outTradeNo(), payment.decidedBy(), StartedRefund.forThePayer(payment.reason()));
        } catch (RuntimeException e) {
            throw new NotCredited(payment, e);
        }
    }

    /** Tried once, like everything that a policy does: what cannot be credited must not keep the others waiting either. */
    private Decided asksSomebody(NotCredited failure) {
        var payment = failure.payment;
        log.error("Payment {} could not be credited by its policy", payment.outTradeNo(), failure.getCause());
        transaction.executeWithoutResult(status -> {
            if (decisions.claim(payment)) {
                decisions.writeInVain(payment, Verdict.of(payment, settings), String.valueOf(failure.getMessage()));
            }
        });
        return new Decided(payment.outTradeNo(), Action.ASK, Optional.empty());
    }

    private static StartedRefund started(ParkedPayment payment, String number) {
        var actor = "policy:" + payment.purpose();
        return new StartedRefund(payment.outTradeNo(), number, payment.reason(), payment.amount(), actor, 1);
    }
}
