package io.tallyhook.wallet;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The catalog. */
@Repository
class RechargePackages {

    private final JdbcClient jdbc;
    private final Clock clock;

    RechargePackages(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    Page<RechargePackage> page(Paging paging) {
        var rows = jdbc.sql("""
                        SELECT * FROM wallet.recharge_package
                        WHERE :cursor::text IS NULL OR package_code COLLATE "C" > :cursor
                        ORDER BY package_code COLLATE "C"
                        LIMIT :limit
                        """)
                .param("cursor", paging.cursor())
                .param("limit", paging.limit() + 1)
                .query(RechargePackages::rechargePackage)
                .list();
        return Page.of(rows, paging.limit(), RechargePackage::packageCode);
    }

    /** @throws Refusal 400 if there is no such package; 409 if it is not active */
    RechargePackage forSale(String packageCode) {
        var found = jdbc.sql("SELECT * FROM wallet.recharge_package WHERE package_code = :packageCode")
                .param("packageCode", packageCode)
                .query(RechargePackages::rechargePackage)
                .optional()
                .orElseThrow(() -> Refusal.badField("packageCode", "names no recharge package"));
        if (!found.active()) {
            throw Refusal.conflict(
                    "package-inactive",
                    "The recharge package %s is not active any more; choose another.".formatted(packageCode));
        }
        return found;
    }

    /** @return whether it is new */
    boolean put(RechargePackage wanted) {
        Map<String, Object> values = Map.of(
                "packageCode", wanted.packageCode(),
                "amount", wanted.amount().minorUnits(),
                "bonus", wanted.bonus().minorUnits(),
                "active", wanted.active(),
                "now", Timestamp.from(clock.instant()));
        int created = jdbc.sql("""
                        INSERT INTO wallet.recharge_package
                          (package_code, amount, bonus, bonus_expires_after_days, active, updated_at)
                        VALUES (:packageCode, :amount, :bonus, :bonusExpiresAfterDays, :active, :now)
                        ON CONFLICT (package_code) DO NOTHING
                        """)
                .params(values)
                .param("bonusExpiresAfterDays", wanted.bonusExpiresAfterDays().orElse(null))
                .update();
        if (created == 0) {
            jdbc.sql("""
                            UPDATE wallet.recharge_package
                            SET amount = :amount, bonus = :bonus, bonus_expires_after_days = :bonusExpiresAfterDays,
                                active = :active, updated_at = :now
                            WHERE package_code = :packageCode
                            """)
                    .params(values)
                    .param(
                            "bonusExpiresAfterDays",
                            wanted.bonusExpiresAfterDays().orElse(null))
                    .update();
        }
        return created == 1;
    }

    private static RechargePackage rechargePackage(ResultSet row, int number) throws SQLException {
        return new RechargePackage(
                row.getString("package_code"),
                Money.fen(row.getLong("amount")),
                Money.fen(row.getLong("bonus")),
                Optional.ofNullable(row.getObject("bonus_expires_after_days", Integer.class)),
                row.getBoolean("active"));
    }
}
