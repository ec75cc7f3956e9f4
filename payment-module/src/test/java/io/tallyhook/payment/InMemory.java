package io.tallyhook.payment;

import io.tallyhook.payment.refund.DecideRefund;
import io.tallyhook.payment.refund.PreviewRefund;
import io.tallyhook.payment.refund.RefundsInMemory;
import io.tallyhook.payment.refund.RequestRefund;
import java.time.Instant;
import tallyhook.testing.Nowhere;
import tools.jackson.databind.json.JsonMapper;

/** What simulations need of this package without a database. */
public final class InMemory {

    private InMemory() {}

    /** Nobody reads what people did. */
    public static Interventions interventions() {
        return new Interventions(Nowhere.jdbc()) {
            @Override
            public void record(String actor, String action, String outTradeNo, InterventionResult result) {}
        };
    }

    /** The entry, for who asks for a refund and does not look at the answer. */
    public static Refunds refunds(RequestRefund requests, PreviewRefund previews, DecideRefund decisions) {
        var payments = new PaymentRows(Nowhere.jdbc(), JsonMapper.shared());
        return new Refunds(
                payments,
                new RefundRows(Nowhere.jdbc(), RefundsInMemory.settings(Long.MAX_VALUE)),
                requests,
                previews,
                decisions,
                interventions()) {
            @Override
            public Refund request(RefundRequest asked) {
                requests.request(asked);
                return new Refund(
                        asked.refundNo(),
                        asked.outTradeNo(),
                        "REQUESTED",
                        Money.fen(asked.amount()),
                        asked.reason(),
                        asked.actor(),
                        null,
                        0,
                        null,
                        null,
                        null,
                        Instant.EPOCH,
                        null,
                        null,
                        false,
                        null,
                        false,
                        null,
                        null);
            }
        };
    }
}
