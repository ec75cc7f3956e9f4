package io.tallyhook.payment.policy;

import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Asks for a refund that was decided on, always under the same number, and writes down whether it is under way. */
@Component
class AskForRefund {

    private static final Logger log = LoggerFactory.getLogger(AskForRefund.class);

    private final Refunds refunds;
    private final StartedRefunds started;

    AskForRefund(Refunds refunds, StartedRefunds started) {
        this.refunds = refunds;
        this.started = started;
    }

    /** What cannot be done just now keeps its lease, and is asked for again when that ends. */
    void ask(StartedRefund refund) {
        try {
            refunds.request(refund.request());
            started.refunding(refund);
        } catch (Refusal refusal) {
            if (!refusal.status().is5xxServerError() || refund.attempts() >= PolicySettings.ATTEMPTS) {
                asksSomebody(refund, refusal);
            }
        } catch (RuntimeException e) {
            if (refund.attempts() >= PolicySettings.ATTEMPTS) {
                asksSomebody(refund, e);
            } else {
                log.error("The refund of payment {} by its policy could not be asked for", refund.outTradeNo(), e);
            }
        }
    }

    private void asksSomebody(StartedRefund refund, RuntimeException why) {
        log.warn("The refund of payment {} by its policy was refused: {}", refund.outTradeNo(), why.getMessage());
        started.asks(refund, String.valueOf(why.getMessage()));
    }
}
