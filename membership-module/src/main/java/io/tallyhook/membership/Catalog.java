package io.tallyhook.membership;

import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The plans that can be bought. */
@Component
class Catalog {

    private static final Pattern CODE = Pattern.compile(Plan.CODE);

    private final PlanRows rows;
    private final JdbcClient jdbc;
    private final Clock clock;

    Catalog(PlanRows rows, JdbcClient jdbc, Clock clock) {
        this.rows = rows;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @return whether the plan is new */
    boolean put(Plan plan) {
        requireCode("planCode", plan.planCode());
        return jdbc.sql("""
                        INSERT INTO membership.plan (plan_code, name, amount, currency, days, active, changed_at)
                        VALUES (:planCode, :name, :amount, :currency, :days, :active, :now)
                        ON CONFLICT (plan_code) DO UPDATE
                        SET name = excluded.name, amount = excluded.amount, currency = excluded.currency,
                            days = excluded.days, active = excluded.active, changed_at = excluded.changed_at
                        RETURNING xmax = 0
                        """)
                .param("planCode", plan.planCode())
                .param("name", plan.name())
                .param("amount", plan.amount().minorUnits())
                .param("currency", plan.amount().currency().getCurrencyCode())
                .param("days", plan.days())
                .param("active", plan.active())
                .param("now", Timestamp.from(clock.instant().truncatedTo(ChronoUnit.MICROS)))
                .query(Boolean.class)
                .single();
    }

    Optional<Plan> find(String planCode) {
        return CODE.matcher(planCode).matches() ? rows.findByPlanCode(planCode).map(PlanRow::plan) : Optional.empty();
    }

    /** By code; the cursor is the last plan's code. */
    Page<Plan> plans(Paging paging) {
        if (paging.cursor() != null) {
            requireCode("cursor", paging.cursor());
        }
        var after = paging.cursor() == null ? "" : paging.cursor();
        var found = rows.findByPlanCodeGreaterThanOrderByPlanCode(after, Limit.of(paging.limit() + 1));
        return Page.of(found.stream().map(PlanRow::plan).toList(), paging.limit(), Plan::planCode);
    }

    private static void requireCode(String field, String code) {
        if (!CODE.matcher(code).matches()) {
            throw Refusal.badField(
                    field, "must be 1 to 64 characters of 0-9 A-Z a-z _ . - and begin with a letter or digit");
        }
    }
}
