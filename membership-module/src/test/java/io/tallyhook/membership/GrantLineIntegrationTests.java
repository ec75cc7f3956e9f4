package io.tallyhook.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.RuntimeRole;

/** One line of grants per user, without overlaps: against a model, on many threads, and against whoever writes SQL. */
@MembershipModuleTest
class GrantLineIntegrationTests {

    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    private final Club club;
    private final JdbcClient jdbc;
    private final LockedPurchases purchases;
    private final Lines lines;
    private final TransactionTemplate transaction;

    GrantLineIntegrationTests(
            Club club,
            JdbcClient jdbc,
            LockedPurchases purchases,
            Lines lines,
            PlatformTransactionManager transactions) {
        this.club = club;
        this.jdbc = jdbc;
        this.purchases = purchases;
        this.lines = lines;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Test
    void whateverIsBoughtInWhateverOrderTheLineIsThatOfTheModel() {
        long seed = System.nanoTime();
        System.out.println("seed of the random purchases: " + seed);
        var random = new Random(seed);
        var users = List.of(club.someone(), club.someone(), club.someone());
        var plans = List.of(club.aPlan(1), club.aPlan(30), club.aPlan(365));
        Map<UserId, List<Instant>> model = new HashMap<>();
        var heard = new ArrayList<PaymentsConfirmed>();
        var now = NOON;

        for (int round = 0; round < 40; round++) {
            now = now.plus(Duration.ofHours(random.nextInt(24 * 60)));
            var batch = new ArrayList<Payment>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                var plan = plans.get(random.nextInt(plans.size()));
                var payment = club.paidInSilence(users.get(random.nextInt(users.size())), plan);
                batch.add(payment);
                extend(model.computeIfAbsent(payment.userId(), any -> new ArrayList<>()), now, plan.days());
            }
            heard.add(Club.confirmed(batch));
            club.listenerAt(now).on(heard.getLast());
            club.listenerAt(now).on(heard.get(random.nextInt(heard.size())));
        }

        for (var user : users) {
            assertThat(club.of(user, now).grants().stream()
                            .flatMap(grant -> java.util.stream.Stream.of(grant.startsAt(), grant.expiresAt())))
                    .as("line of %s, seed %d", user, seed)
                    .containsExactlyElementsOf(model.getOrDefault(user, List.of()));
        }
    }

    /** The model: a list of starts and ends, and nothing clever. */
    private static void extend(List<Instant> line, Instant now, int days) {
        var start = line.isEmpty() || line.getLast().isBefore(now) ? now : line.getLast();
        line.add(start);
        line.add(start.plusSeconds(days * 86_400L));
    }

    @Test
    void thirtyTwoListenersAtOnceGrantAPaymentOnce() throws Exception {
        var user = club.someone();
        var event = Club.confirmed(club.paidInSilence(user, club.aPlan(30)));

        together(Collections.nCopies(32, event));

        assertThat(club.of(user, NOON).grants()).hasSize(1);
    }

    @Test
    void batchesOfTheSameUsersOnManyThreadsMakeUnbrokenLines() throws Exception {
        var users = List.of(club.someone(), club.someone(), club.someone());
        var plan = club.aPlan(10);
        // Every batch names all users, in another order each time: locks taken in that order would deadlock.
        var batches = IntStream.range(0, 16)
                .mapToObj(number -> {
                    var order = new ArrayList<>(users);
                    Collections.rotate(order, number);
                    return Club.confirmed(order.stream()
                            .map(user -> club.paidInSilence(user, plan))
                            .toList());
                })
                .toList();

        together(batches);

        for (var user : users) {
            var membership = club.of(user, NOON);
            assertThat(membership.grants()).hasSize(16);
            assertThat(membership.startsAt()).isEqualTo(NOON);
            assertThat(membership.expiresAt()).isEqualTo(NOON.plus(Duration.ofDays(160)));
        }
        assertThat(jdbc.sql(
                                "SELECT count(*) FROM payment.payment WHERE fulfilment = 'FAILED' AND user_id = ANY (:users)")
                        .param("users", users.stream().map(UserId::value).toArray(String[]::new))
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // overlaps the end of the first
                "2, '2026-03-15T12:00:00Z', '2026-03-16T12:00:00Z', '2026-03-20T12:00:00Z', 1",
                // lies about that end, so that it does not seem to overlap
                "2, '2026-03-15T12:00:00Z', '2026-03-16T12:00:00Z', '2026-03-14T12:00:00Z', 1",
                // a second one after the same predecessor, or a gap in the numbers
                "1, '2027-03-15T12:00:00Z', '2027-03-16T12:00:00Z', NULL, 1",
                "3, '2027-03-15T12:00:00Z', '2027-03-16T12:00:00Z', '2026-03-20T12:00:00Z', 1",
                // denies its predecessor
                "2, '2027-03-15T12:00:00Z', '2027-03-16T12:00:00Z', NULL, 1",
                // days that are not of 24 hours
                "2, '2027-03-15T12:00:00Z', '2027-03-16T11:00:00Z', '2026-03-20T12:00:00Z', 1",
            })
    void theDatabaseRefusesAGrantThatBreaksTheLine(String grant) {
        var user = club.someone();
        var plan = club.aPlan(10);
        club.listenerAt(NOON).on(Club.confirmed(club.paidInSilence(user, plan)));
        var next = club.purchase(user, plan);

        assertThatThrownBy(() -> insert(user, next, grant)).isInstanceOf(DataIntegrityViolationException.class);

        insert(user, next, "2, '2027-03-15T12:00:00Z', '2027-03-16T12:00:00Z', '2026-03-20T12:00:00Z', 1");
        assertThat(club.of(user, NOON).grants()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE membership.membership_grant SET ends_at = ends_at + interval '1 day', days = days + 1 WHERE purchase_no = :no",
                "DELETE FROM membership.membership_grant WHERE purchase_no = :no",
                "UPDATE membership.purchase SET state = 'AWAITING_PAYMENT', paid_by = NULL, paid_at = NULL WHERE purchase_no = :no",
                "UPDATE membership.purchase SET state = 'CANCELLED' WHERE purchase_no = :no",
                "UPDATE membership.purchase SET days = 3650 WHERE purchase_no = :no",
                "UPDATE membership.purchase SET paid_by = 'P00000' WHERE purchase_no = :no",
            })
    void theDatabaseRefusesToRewriteWhatWasGranted(String sql) {
        var user = club.someone();
        var payment = club.paidInSilence(user, club.aPlan(10));
        club.listenerAt(NOON).on(Club.confirmed(payment));

        assertThatThrownBy(() -> jdbc.sql(sql).param("no", payment.reference()).update())
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThat(club.of(user, NOON).expiresAt()).isEqualTo(NOON.plus(Duration.ofDays(10)));
    }

    @Test
    void theDatabaseRefusesAPurchaseThatIsGrantedWithoutAGrant() {
        var purchase = club.purchase(club.someone(), club.aPlan(10));

        assertThatThrownBy(
                        () -> jdbc.sql("""
                                UPDATE membership.purchase SET state = 'GRANTED', paid_by = 'P00001', paid_at = now()
                                WHERE purchase_no = :no
                                """).param("no", purchase.purchaseNo()).update())
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining("granted_for_real");
    }

    @Test
    void theRuntimeRoleMayDoWhatTheApplicationDoes() {
        RuntimeRole.of("membership").does(transaction, jdbc, () -> {
            var purchase = club.purchase(club.someone(), club.aPlan(10));
            var locked = Objects.requireNonNull(
                    purchases.lock(List.of(purchase.purchaseNo())).get(purchase.purchaseNo()));
            var user = locked.userId().value();
            var stretch = Objects.requireNonNull(
                            lines.lock(new TreeSet<>(List.of(user))).get(locked.userId()))
                    .extend(NOON, locked.days());
            lines.add(List.of(new Lines.Addition(locked.grant("P-" + user, stretch), stretch)), NOON);
            purchases.markGranted(
                    List.of(new ConfirmedPayment(
                            "P-" + user, purchase.purchaseNo(), user, 2500, "CNY", "bank", "main", "S", NOON)),
                    NOON);
            var refund = Club.refund("P-" + user, purchase, "R1", 0, 2500);
            club.refundsAt(NOON).preview(refund);
            club.refundsAt(NOON).take(refund);
            club.refundsAt(NOON).giveBack(refund, NOON);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM membership.membership_grant",
                "UPDATE membership.membership_grant SET ends_at = starts_at",
                "UPDATE membership.purchase SET days = 1",
                "DELETE FROM membership.refund",
                "UPDATE membership.refund SET days = 0",
                "UPDATE membership.member SET user_id = 'x'",
                "DELETE FROM membership.plan",
            })
    void theRuntimeRoleMayDoNoMore(String sql) {
        assertThatThrownBy(() -> RuntimeRole.of("membership")
                        .does(transaction, jdbc, () -> jdbc.sql(sql).update()))
                .rootCause()
                .hasMessageContaining("permission denied");
    }

    private void insert(UserId user, Purchase purchase, String grant) {
        jdbc.sql("""
                        INSERT INTO membership.membership_grant
                          (member_id, out_trade_no, purchase_no, plan_code, plan_name, granted_at,
                           seq, starts_at, ends_at, previous_ends_at, days)
                        SELECT id, 'X' || :purchaseNo, :purchaseNo, 'p', 'p', now(), %s
                        FROM membership.member WHERE user_id = :userId
                        """.formatted(grant.replace("Z'", "Z'::timestamptz")))
                .param("userId", user.value())
                .param("purchaseNo", purchase.purchaseNo())
                .update();
    }

    private void together(List<PaymentsConfirmed> events) throws Exception {
        var listener = club.listenerAt(NOON);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> tasks = events.stream()
                    .map(event -> (Callable<String>) () -> {
                        listener.on(event);
                        return event.purpose();
                    })
                    .toList();
            for (var done : threads.invokeAll(tasks)) {
                done.get();
            }
        }
    }
}
