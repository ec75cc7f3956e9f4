package io.tallyhook.payment.asking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.provider.CallbackProtocol;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.RuntimeRole;

/** When a payment is asked about first follows from when people pay, within bounds, and nobody waits for the learning. */
@PaymentModuleTest
class LearnPayingTimesIntegrationTests {

    private static final AtomicLong NUMBER = new AtomicLong();

    private final Payments payments;
    private final AskProvider provider;
    private final MoodyBank bank;
    private final JdbcClient jdbc;
    private final PlatformTransactionManager transactions;
    private final TransactionTemplate transaction;
    private final PayingTimes times;
    private final AskingSettings asking = AskingSettingsTests.settings(Map.of());
    private AskingGround ground;
    private String account = "";
    private Instant hour = Instant.EPOCH;

    LearnPayingTimesIntegrationTests(
            Payments payments,
            AskProvider provider,
            MoodyBank bank,
            List<CallbackProtocol> protocols,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.payments = payments;
        this.provider = provider;
        this.bank = bank;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.transaction = new TransactionTemplate(transactions);
        this.times = new PayingTimes(jdbc, protocols);
        this.ground = new AskingGround(payments, provider, jdbc, transactions);
    }

    @BeforeEach
    void nothingIsLearned() {
        bank.calmDown();
        ground = new AskingGround(payments, provider, jdbc, transactions);
        ground.timeStops();
        forget();
        account = "learn-" + NUMBER.incrementAndGet();
        hour = ground.clock().instant().truncatedTo(ChronoUnit.HOURS).minus(3, ChronoUnit.HOURS);
        countedUntil(hour);
    }

    @AfterEach
    void nothingStaysLearned() {
        forget();
    }

    @Test
    void nine_of_ten_payments_are_paid_by_the_first_question() {
        paid("till", 90, 40);
        paid("till", 10, 550);

        learn();

        assertThat(of("till")).satisfies(learned -> {
            assertThat(learned.usual()).isEqualTo(Duration.ofSeconds(40));
            assertThat(learned.firstQuestion()).isEqualTo(Duration.ofSeconds(40));
            assertThat(learned.learnedFrom()).isEqualTo(100);
        });
    }

    @Test
    void each_account_and_method_is_learned_by_itself() {
        paid("till", 60, 20);
        paid("page", 60, 170);
        var here = account;
        account = here + "-other";
        paid("till", 60, 75);

        learn();

        assertThat(of("till").usual()).isEqualTo(Duration.ofSeconds(75));
        account = here;
        assertThat(of("till").usual()).isEqualTo(Duration.ofSeconds(20));
        assertThat(of("page").usual()).isEqualTo(Duration.ofSeconds(170));
    }

    /** A provider's clock may be behind, and a payer may take an hour. */
    @ParameterizedTest
    @CsvSource({"-30, 5, 10", "0, 5, 10", "7, 10, 10", "301, 305, 300", "3500, 600, 300"})
    void what_is_learned_stays_within_its_bounds(long seconds, long usual, long first) {
        paid("till", 60, seconds);

        learn();

        assertThat(of("till").usual()).isEqualTo(Duration.ofSeconds(usual));
        assertThat(of("till").firstQuestion()).isEqualTo(Duration.ofSeconds(first));
    }

    @Test
    void few_payments_unpaid_ones_external_ones_and_instant_ones_teach_nothing() {
        paid("till", 49, 20);
        opened("page", 100, null, "bank");
        opened("external", 100, 20L, "bank");
        opened("balance", 100, 20L, "wallet");

        learn();

        assertThat(mine()).isEmpty();
    }

    @Test
    void an_hour_is_counted_once_and_not_before_it_has_settled() {
        paid("till", 60, 20);
        hour = ground.clock().instant().truncatedTo(ChronoUnit.HOURS);
        paid("till", 60, 500);

        learn();
        countedUntil(hour.minus(3, ChronoUnit.HOURS));
        learn();

        assertThat(of("till").learnedFrom()).isEqualTo(60);
        assertThat(of("till").usual()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void instances_at_once_count_everything_once() {
        paid("till", 60, 20);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                threads.execute(this::learn);
            }
        }
        learn();

        assertThat(of("till").learnedFrom()).isEqualTo(60);
    }

    @Test
    void what_is_old_is_forgotten_and_then_the_setting_holds_again() {
        paid("till", 60, 20);
        learn();
        assertThat(mine()).hasSize(1);

        ground.passes(Duration.ofDays(8));
        learn();

        assertThat(mine()).isEmpty();
        assertThat(jdbc.sql("SELECT count(*) FROM payment.paying_time WHERE account = :account")
                        .param("account", account)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void switched_off_it_drops_what_it_has_learned() {
        paid("till", 60, 20);
        learn();
        ground.passes(Duration.ofSeconds(1));

        learning(Map.of("tallyhook.asking.learning.active", "false")).learn();

        assertThat(mine()).isEmpty();
    }

    @Test
    void a_payment_is_asked_about_when_it_was_learned_and_later_by_gaps_that_rise_from_there() {
        var usual = ground.orderedAtTheBank();
        assertThat(ground.dueIn(usual)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(45));
        learned("till", 200);

        var outTradeNo = ground.orderedAtTheBank();

        assertThat(ground.dueIn(outTradeNo)).isBetween(Duration.ofSeconds(185), Duration.ofSeconds(215));
        ground.passes(Duration.ofSeconds(230));
        ground.instance().asks();
        assertThat(ground.dueIn(outTradeNo)).isBetween(Duration.ofSeconds(530), Duration.ofSeconds(670));
    }

    @Test
    void another_methods_time_does_not_matter() {
        learned("page", 200);

        assertThat(ground.dueIn(ground.orderedAtTheBank())).isLessThan(Duration.ofSeconds(45));
    }

    @Test
    void while_callbacks_do_not_come_it_is_asked_as_soon_as_ever() {
        learned("till", 200);
        jdbc.sql("""
                        INSERT INTO payment.silence (provider, account, began_at, cause, opened, expected, found)
                        VALUES ('bank', 'main', now(), 'FOUND_PAID', 3, 3, 3)
                        """).update();

        assertThat(ground.dueIn(ground.orderedAtTheBank())).isLessThan(Duration.ofSeconds(25));
    }

    @Test
    void counting_an_hour_goes_through_the_index_on_time() {
        var plan = transaction.execute(status -> {
            status.setRollbackOnly();
            manyPayments();
            return jdbc.sql("EXPLAIN " + PayingTimes.COUNT)
                    .param("hour", Timestamp.from(hour))
                    .param("callers", new String[] {"wechat"})
                    .query((row, number) -> row.getString(1))
                    .list();
        });

        assertThat(Objects.requireNonNull(plan))
                .anyMatch(line -> line.contains("payment_by_time"))
                .noneMatch(line -> line.contains("Seq Scan on payment"));
    }

    @Test
    void the_role_of_the_application_may_do_what_this_needs() {
        paid("till", 60, 20);

        RuntimeRole.of("payment").does(transaction, jdbc, () -> {
            assertThat(times.lockCounted()).isPresent();
            times.count(hour);
            times.learn(
                    1,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(100),
                    ground.clock().instant());
            assertThat(mine()).hasSize(1);
            times.forget(ground.clock().instant());
            times.unlearn(ground.clock().instant().plusSeconds(1));
        });
    }

    @Test
    void bounds_that_cannot_be_meant_are_refused_by_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LearningSettings(
                        true,
                        Duration.ofMinutes(10),
                        Duration.ofDays(7),
                        50,
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(1)))
                .withMessageContaining("tallyhook.asking.learning");
    }

    /** A week of them, of which one hour is counted. */
    private void manyPayments() {
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description, amount,
                           currency, created_at, state, provider_transaction_id, paid_at, fulfilment, fulfilled_at)
                        SELECT 'LEARNPLAN' || n, 'GOODS', 'O' || n, 'user-plan', 1, 'wechat', 'main', 'native', 'Tea', 100,
                               'CNY', at, 'PAID', 'TLEARN' || n, at + interval '20 s', 'SUCCEEDED', now()
                        FROM (SELECT n, now() - n * interval '30 s' AS at FROM generate_series(1, 20000) n) AS many
                        """).update();
        jdbc.sql("ANALYZE payment.payment").update();
    }

    private void paid(String method, int n, long seconds) {
        opened(method, n, seconds, "bank");
    }

    /** So many payments of the hour, paid after so many seconds. */
    private void opened(String method, int n, @Nullable Long seconds, String providerName) {
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description, amount,
                           currency, created_at, state, provider_transaction_id, paid_at, fulfilment, fulfilled_at)
                        SELECT 'LEARN' || :from + n, 'GOODS', 'OLEARN', 'user-learn', 1, :provider, :account, :method, 'Tea',
                               100, 'CNY', :at, CASE WHEN :paidAt::timestamptz IS NULL THEN 'CLOSED' ELSE 'PAID' END,
                               CASE WHEN :paidAt::timestamptz IS NOT NULL THEN 'TLEARN' || :from + n END,
                               :paidAt::timestamptz,
                               CASE WHEN :paidAt::timestamptz IS NULL THEN 'NONE' ELSE 'SUCCEEDED' END,
                               CASE WHEN :paidAt::timestamptz IS NOT NULL THEN now() END
                        FROM generate_series(1, :n) n
                        """)
                .param("from", NUMBER.addAndGet(1000))
                .param("provider", providerName)
                .param("account", account)
                .param("method", method)
                .param("at", Timestamp.from(hour.plusSeconds(60)))
                .param("paidAt", seconds == null ? null : Timestamp.from(hour.plusSeconds(60 + seconds)))
                .param("n", n)
                .update();
    }

    private void learned(String method, int seconds) {
        jdbc.sql("INSERT INTO payment.first_question VALUES ('bank', 'main', :method, :gap, :gap, 100, now())")
                .param("method", method)
                .param("gap", seconds)
                .update();
    }

    private void learn() {
        learning(Map.of()).learn();
    }

    private LearnPayingTimes learning(Map<String, String> told) {
        var settings = new Binder(new MapConfigurationPropertySource(told))
                .bindOrCreate("tallyhook.asking.learning", LearningSettings.class);
        return new LearnPayingTimes(times, asking, settings, transactions, ground.clock());
    }

    private List<PayingTime> mine() {
        return times.learned().stream()
                .filter(one -> one.account().equals(account))
                .toList();
    }

    private PayingTime of(String method) {
        return mine().stream()
                .filter(one -> one.method().equals(method))
                .findFirst()
                .orElseThrow();
    }

    private void countedUntil(Instant until) {
        jdbc.sql("UPDATE payment.paying_time_counted SET until = :until")
                .param("until", Timestamp.from(until))
                .update();
    }

    private void forget() {
        jdbc.sql("DELETE FROM payment.paying_time").update();
        jdbc.sql("DELETE FROM payment.first_question").update();
    }
}
