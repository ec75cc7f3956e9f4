package io.tallyhook.payment.refund;

import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.refund.BookIntent.Intent;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Asks for a refund: books the intent, and tries at once to send it. */
@Component
public class RequestRefund {

    private final BookIntent intents;
    private final DueRefunds due;
    private final AdvanceRefund advance;

    RequestRefund(BookIntent intents, DueRefunds due, AdvanceRefund advance) {
        this.intents = intents;
        this.due = due;
        this.advance = advance;
    }

    /**
     * @throws Refusal 404, 409, or what the module declined with
     * @throws IllegalStateException in a transaction, since it calls the provider
     */
    public void request(RefundRequest asked) {
        requireNoTransaction();
        switch (intents.book(asked)) {
            case Intent.ToBeSent toBeSent ->
                due.justWritten(asked.outTradeNo(), asked.refundNo()).ifPresent(advance::advance);
            case Intent.NothingToSend nothing -> {}
            case Intent.Declined declined -> throw declined.refusal();
        }
    }

    /** Asks and, where it is not known or stuck, sends this refund again now. @return whether it was under way and free */
    public boolean tryAgain(String outTradeNo, String refundNo) {
        requireNoTransaction();
        var claimed = due.claim(outTradeNo, refundNo);
        claimed.ifPresent(refund -> advance.advance(refund, true));
        return claimed.isPresent();
    }

    private static void requireNoTransaction() {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("A refund must not be sent in a transaction: it calls the provider");
        }
    }
}
