package io.tallyhook.payment.inspection;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payment as the inspection sees it.
 *
 * @param purpose whose module has handed out for it: the wallet's, where it was credited there
 * @param reference in that module's own numbering
 * @param unwinding whether its module is still to be told of a refund, or could not take back all: that is known already
 */
record Standing(
        String outTradeNo,
        String purpose,
        String reference,
        String userId,
        Money amount,
        PaymentState state,
        FulfilmentState fulfilment,
        @Nullable Instant paidAt,
        boolean unwinding) {}
