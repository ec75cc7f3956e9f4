package io.tallyhook.membership;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes down a purchase with the plan's terms of this moment; later changes of the plan do not touch it. */
@Component
class BuyMembership {

    private final JdbcClient jdbc;
    private final Catalog catalog;
    private final PurchaseRows rows;
    private final Clock clock;

    BuyMembership(JdbcClient jdbc, Catalog catalog, PurchaseRows rows, Clock clock) {
        this.jdbc = jdbc;
        this.catalog = catalog;
        this.rows = rows;
        this.clock = clock;
    }

    Purchase buy(RequestId id, UserId userId, String planCode) {
        var purchaseNo = id.number('M');
        var earlier = rows.find(purchaseNo);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        var plan = catalog.find(planCode).orElseThrow(() -> Refusal.badField("planCode", "names no membership plan"));
        jdbc.sql("""
                        INSERT INTO membership.purchase
                          (purchase_no, user_id, shard, plan_code, plan_name, days, amount, currency, created_at, changed_at)
                        SELECT :purchaseNo, :userId, :shard, plan_code, name, days, amount, currency, :now, :now
                        FROM membership.plan WHERE plan_code = :planCode AND active
                        ON CONFLICT (purchase_no) DO NOTHING
                        """)
                .param("purchaseNo", purchaseNo)
                .param("userId", userId.value())
                .param("shard", userId.shard())
                .param("planCode", plan.planCode())
                .param("now", Timestamp.from(clock.instant().truncatedTo(ChronoUnit.MICROS)))
                .update();
        return rows.find(purchaseNo)
                .orElseThrow(() -> Refusal.conflict(
                        "plan-inactive",
                        "The membership plan %s is not active any more; choose another.".formatted(planCode)));
    }
}
