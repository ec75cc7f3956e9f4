package io.tallyhook.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.Payment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Purchases, refunds and failed refunds of one user, in any order: what must hold after each step. */
@MembershipModuleTest
class RandomRefundsIntegrationTests {

    private final Club club;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    RandomRefundsIntegrationTests(Club club, JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.club = club;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Test
    void whateverIsRefundedTheLineHasNoOverlapTheUsedDaysStayAndEachPurchaseHasWhatItsRefundsLeaveIt() {
        long seed = System.nanoTime();
        System.out.println("seed of the random refunds: " + seed);
        var random = new Random(seed);
        var user = club.someone();
        var plans = List.of(club.aPlan(1), club.aPlan(30), club.aPlan(90));
        var bought = new ArrayList<Payment>();
        Map<Payment, Long> gone = new LinkedHashMap<>();
        var live = new ArrayList<Map.Entry<Payment, TakeBack>>();
        var now = Instant.parse("2026-03-10T12:00:00Z");

        for (int step = 0; step < 60; step++) {
            now = now.plus(Duration.ofHours(random.nextInt(24 * 20)));
            var time = now;
            var usedBefore = used(club.of(user, time).grants(), time);
            int what = random.nextInt(10);
            if (what < 4 || bought.isEmpty()) {
                var payment = club.paidInSilence(user, plans.get(random.nextInt(plans.size())));
                club.listenerAt(time).on(Club.confirmed(payment));
                bought.add(payment);
            } else if (what < 8) {
                var payment = bought.get(random.nextInt(bought.size()));
                long before = gone.getOrDefault(payment, 0L);
                if (before < 2500) {
                    long amount = random.nextBoolean() ? 2500 - before : 1 + random.nextLong(2500 - before);
                    var refund = Club.refund(payment, "R" + step, before, amount);
                    transaction.execute(status -> club.refundsAt(time).take(refund));
                    gone.put(payment, before + amount);
                    live.add(Map.entry(payment, refund));
                }
            } else if (!live.isEmpty()) {
                var failed = live.remove(random.nextInt(live.size()));
                transaction.executeWithoutResult(status -> club.refundsAt(time).giveBack(failed.getValue(), time));
                gone.merge(failed.getKey(), -failed.getValue().amount().minorUnits(), Long::sum);
            }

            var grants = club.of(user, time).grants();
            var as = "step %d, seed %d".formatted(step, seed);
            assertThat(used(grants, time)).as(as).isEqualTo(usedBefore);
            for (int i = 1; i < grants.size(); i++) {
                assertThat(grants.get(i).startsAt())
                        .as(as)
                        .isAfterOrEqualTo(grants.get(i - 1).expiresAt());
            }
            for (var payment : bought) {
                assertThat(standing(grants, payment)).as(as).isEqualTo(leftBy(payment));
            }
            if (!grants.isEmpty() && grants.getLast().expiresAt().isAfter(time)) {
                assertThat(grants.getLast().expiresAt()).as(as).isEqualTo(endOf(user.value()));
            }
        }
    }

    /** How long the user has been a member until now. */
    private static Duration used(List<Grant> grants, Instant now) {
        return grants.stream()
                .filter(grant -> grant.startsAt().isBefore(now))
                .map(grant ->
                        Duration.between(grant.startsAt(), grant.expiresAt().isBefore(now) ? grant.expiresAt() : now))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration standing(List<Grant> grants, Payment payment) {
        return grants.stream()
                .filter(grant -> grant.outTradeNo().equals(payment.outTradeNo()))
                .map(grant -> Duration.between(grant.startsAt(), grant.expiresAt()))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private Duration leftBy(Payment payment) {
        return Duration.ofSeconds(jdbc.sql("""
                        SELECT sum(extract(epoch FROM ends_at) - extract(epoch FROM starts_at))::bigint
                        FROM membership.membership_grant WHERE :outTradeNo IN (out_trade_no, refund_of)
                        """)
                .param("outTradeNo", payment.outTradeNo())
                .query(Long.class)
                .single());
    }

    private Instant endOf(String user) {
        return jdbc.sql("""
                        SELECT g.ends_at FROM membership.membership_grant g JOIN membership.member m ON m.id = g.member_id
                        WHERE m.user_id = :user ORDER BY g.seq DESC LIMIT 1
                        """)
                .param("user", user)
                .query((row, number) -> row.getTimestamp(1).toInstant())
                .single();
    }
}
