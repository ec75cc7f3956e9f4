package io.tallyhook.membership;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Purchases on their way from awaiting a payment to granted, and to refunded and back. */
@Repository
class LockedPurchases {

    private final JdbcClient jdbc;

    LockedPurchases(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A purchase that nobody else changes until the transaction ends. */
    record Locked(
            String purchaseNo,
            UserId userId,
            String planCode,
            String planName,
            int days,
            PurchaseState state,
            Money amount,
            @Nullable String paidBy) {

        Grant grant(String outTradeNo, Line.Stretch stretch) {
            return new Grant(purchaseNo, outTradeNo, planCode, planName, days, stretch.startsAt(), stretch.endsAt());
        }
    }

    Map<String, Locked> lock(Collection<String> purchaseNos) {
        return jdbc
                .sql("""
                        SELECT purchase_no, user_id, plan_code, plan_name, days, state, amount, currency, paid_by
                        FROM membership.purchase
                        WHERE purchase_no = ANY (:purchaseNos)
                        ORDER BY purchase_no
                        FOR NO KEY UPDATE
                        """)
                .param("purchaseNos", purchaseNos.toArray(String[]::new))
                .query((row, number) -> new Locked(
                        row.getString("purchase_no"),
                        new UserId(row.getString("user_id")),
                        row.getString("plan_code"),
                        row.getString("plan_name"),
                        row.getInt("days"),
                        PurchaseState.valueOf(row.getString("state")),
                        Money.of(row.getLong("amount"), row.getString("currency")),
                        row.getString("paid_by")))
                .list()
                .stream()
                .collect(Collectors.toMap(Locked::purchaseNo, Function.identity()));
    }

    void markGranted(List<ConfirmedPayment> payments, Instant now) {
        int granted = jdbc.sql("""
                        UPDATE membership.purchase p
                        SET state = 'GRANTED', paid_by = g.paid_by, paid_at = g.paid_at::timestamptz,
                            changed_at = :now, version = version + 1
                        FROM unnest(:purchaseNos::text[], :paidBy::text[], :paidAt::text[])
                          AS g (purchase_no, paid_by, paid_at)
                        WHERE p.purchase_no = g.purchase_no AND p.state = 'AWAITING_PAYMENT'
                        """)
                .param("now", Timestamp.from(now))
                .param(
                        "purchaseNos",
                        payments.stream().map(ConfirmedPayment::reference).toArray(String[]::new))
                .param(
                        "paidBy",
                        payments.stream().map(ConfirmedPayment::outTradeNo).toArray(String[]::new))
                .param(
                        "paidAt",
                        payments.stream()
                                .map(payment -> payment.paidAt().toString())
                                .toArray(String[]::new))
                .update();
        if (granted != payments.size()) {
            throw new IllegalStateException(
                    "%d of %d purchases could be marked granted".formatted(granted, payments.size()));
        }
    }

    /** All of its money is gone or going; what is paid for is granted, or refunded already. */
    void markRefunded(String purchaseNo, Instant now) {
        move(purchaseNo, PurchaseState.GRANTED, PurchaseState.REFUNDED, now);
    }

    /** If it was refunded, it is not any more. */
    void markGrantedAgain(String purchaseNo, Instant now) {
        move(purchaseNo, PurchaseState.REFUNDED, PurchaseState.GRANTED, now);
    }

    private int move(String purchaseNo, PurchaseState from, PurchaseState to, Instant now) {
        return jdbc.sql("""
                        UPDATE membership.purchase SET state = :to, changed_at = :now, version = version + 1
                        WHERE purchase_no = :purchaseNo AND state = :from
                        """)
                .param("to", to.name())
                .param("now", Timestamp.from(now))
                .param("purchaseNo", purchaseNo)
                .param("from", from.name())
                .update();
    }
}
