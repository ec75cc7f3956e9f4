package io.tallyhook.membership;

import io.tallyhook.payment.Money;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** A plan of the catalog, to be read only; {@link Catalog} writes it in one statement. */
@Entity
@Immutable
@Table(schema = "membership", name = "plan")
@SuppressWarnings("NullAway.Init")
class PlanRow {

    @Id
    private String planCode;

    private String name;
    private long amount;
    private String currency;
    private int days;
    private boolean active;

    Plan plan() {
        return new Plan(planCode, name, Money.of(amount, currency), days, active);
    }
}
