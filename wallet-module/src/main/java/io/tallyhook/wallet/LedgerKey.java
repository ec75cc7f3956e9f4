package io.tallyhook.wallet;

import io.tallyhook.payment.Entitlement.TakeBack;

/** Under which key the ledger books what belongs to a refund. */
final class LedgerKey {

    private LedgerKey() {}

    /** A refund's own number may be anybody's choice, unique within its payment only, and look like another of our numbers. */
    static String of(TakeBack refund) {
        return refund.outTradeNo() + "/" + refund.refundNo();
    }
}
