package io.tallyhook.membership;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * A purchase, to be read only. Immutable, so that no flush of something read earlier can ever overwrite what a
 * statement has booked since.
 */
@Entity
@Immutable
@Table(schema = "membership", name = "purchase")
@SuppressWarnings("NullAway.Init")
class PurchaseRow {

    @Id
    private String purchaseNo;

    private String userId;
    private String planCode;
    private String planName;
    private int days;

    @Enumerated(EnumType.STRING)
    private PurchaseState state;

    private long amount;
    private String currency;
    private Instant createdAt;
    private Instant changedAt;
    private @Nullable String paidBy;
    private @Nullable Instant paidAt;

    Purchase purchase() {
        return new Purchase(
                purchaseNo,
                new UserId(userId),
                planCode,
                planName,
                days,
                state,
                Money.of(amount, currency),
                createdAt,
                changedAt,
                paidBy,
                paidAt);
    }
}
