package io.tallyhook.payment.refund;

import io.tallyhook.payment.booking.RefundsMoved;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Brings refunds to their end: every few seconds it takes those that are due, sends them or asks for them, and tells the
 * modules of those that have ended. The only retry there is; any number of instances may run it.
 */
@Component
class RefundSweep implements RefundsMoved, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(RefundSweep.class);

    private final DueRefunds due;
    private final AdvanceRefund advance;
    private final RefundsToUnwind ended;
    private final UnwindRefund unwind;
    private final TransactionTemplate transaction;
    private final Rounds providers;
    private final Rounds modules;

    RefundSweep(
            DueRefunds due,
            AdvanceRefund advance,
            RefundsToUnwind ended,
            UnwindRefund unwind,
            PlatformTransactionManager transactions,
            RefundSettings settings) {
        this.due = due;
        this.advance = advance;
        this.ended = ended;
        this.unwind = unwind;
        this.transaction = new TransactionTemplate(transactions);
        this.providers = new Rounds(
                "scheduling-refunds",
                settings.threads(),
                Math.ceilDiv(settings.perSweep(), settings.threads()),
                this::advanceOne);
        this.modules = new Rounds("scheduling-unwinding", 1, Integer.MAX_VALUE, this::unwindOne);
    }

    @Scheduled(
            fixedDelayString = "${tallyhook.refunds.sweep-every:5s}",
            initialDelayString = "${tallyhook.refunds.sweep-every:5s}")
    void sweep() {
        providers.begin();
        modules.begin();
    }

    /** Refunds have ended just now, or their provider has something to tell. */
    @Override
    public void hint() {
        sweep();
    }

    /** Takes the refund that has been due longest one step further. @return whether there was one */
    boolean advanceOne() {
        var claimed = due.claim();
        claimed.ifPresent(advance::advance);
        return claimed.isPresent();
    }

    /** Tells the module of the refund that ended first. @return whether there was one */
    boolean unwindOne() {
        var claimed = ended.claim();
        claimed.ifPresent(refund -> {
            try {
                transaction.executeWithoutResult(status -> unwind.unwind(refund.outTradeNo(), refund.refundNo()));
            } catch (RuntimeException | Error e) {
                log.error(
                        "Refund {} of payment {} has ended, but its module could not be told",
                        refund.refundNo(),
                        refund.outTradeNo(),
                        e);
                ended.failed(refund, e);
            }
        });
        return claimed.isPresent();
    }

    @Override
    public void destroy() {
        providers.close();
        modules.close();
    }
}
