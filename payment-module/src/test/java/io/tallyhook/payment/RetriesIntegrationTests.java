package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.RetryJob.State;
import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import io.tallyhook.payment.fulfilment.HandOutAgain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.RuntimeRole;

/** Many payments handed out again by one press: counted first, bounded, cancellable, and nothing lost by a crash. */
@PaymentModuleTest
class RetriesIntegrationTests {

    private static int runs;

    private final Payments payments;
    private final Till till;
    private final GoodsListener listener;
    private final RetryJobRows rows;
    private final HandOutAgain again;
    private final JdbcClient jdbc;
    private final PlatformTransactionManager transactions;
    private PaymentFilter filter = PaymentFilter.all();

    RetriesIntegrationTests(
            Payments payments,
            Till till,
            GoodsListener listener,
            RetryJobRows rows,
            HandOutAgain again,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.payments = payments;
        this.till = till;
        this.listener = listener;
        this.rows = rows;
        this.again = again;
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @BeforeEach
    void aUserOfItsOwn() {
        jdbc.sql("DELETE FROM payment.retry_item").update();
        jdbc.sql("DELETE FROM payment.retry_job").update();
        runs++;
        filter = new PaymentFilter(null, null, null, null, null, "retry-" + runs, null, null, null);
    }

    @AfterEach
    void allIsWell() {
        listener.recover();
        jdbc.sql("DROP TRIGGER IF EXISTS poison ON payment.payment").update();
        // Nothing of it is left for the sweeps of other tests.
        jdbc.sql("""
                        UPDATE payment.payment
                        SET fulfilment = 'SUCCEEDED', fulfilment_reason = NULL, due_at = NULL, fulfilled_at = now()
                        WHERE user_id LIKE 'retry-%' AND fulfilment IN ('PENDING', 'FAILED', 'PARKED')
                        """).update();
    }

    @Test
    void all_that_fit_and_can_be_helped_are_counted_and_retried_with_the_name_on_each() {
        var failed = failed(3);
        var parked = parked("RETRIES_EXHAUSTED");
        var decision = parked("LATE");
        var retries = retries(100);

        assertThat(retries.count(filter)).isEqualTo(new Retries.Count(4, 100, false));
        var job = retries.begin(filter, "mei");
        assertThat(job.found()).isEqualTo(4);
        assertThat(job.filter()).isEqualTo("user=retry-" + runs);
        runner(100).run();

        var done = retries.get(job.id());
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.retried()).isEqualTo(4);
        assertThat(done.finishedAt()).isNotNull();
        failed.forEach(number -> assertThat(payments.get(number).fulfilment()).isEqualTo(FulfilmentState.PENDING));
        assertThat(payments.get(parked).attempts()).isZero();
        assertThat(payments.get(decision).fulfilmentReason()).isEqualTo(ParkingReason.LATE);
        assertThat(interventions(parked)).containsExactly("mei RETRY_FULFILMENT was PARKED, with retry " + job.id());
        assertThat(interventions(decision)).isEmpty();
    }

    @Test
    void counting_changes_nothing() {
        var number = failed(1).getFirst();

        retries(100).count(filter);

        assertThat(payments.get(number).fulfilment()).isEqualTo(FulfilmentState.FAILED);
        assertThat(retries(100).latest()).isEmpty();
    }

    @Test
    void more_than_the_bound_are_left_for_the_next_time() {
        failed(5);
        var retries = retries(3);

        assertThat(retries.count(filter)).isEqualTo(new Retries.Count(3, 3, true));
        assertThat(retries.begin(filter, "mei").found()).isEqualTo(3);
        runner(2).run();

        assertThat(retries.count(filter).n())
                .as("those that wait now can be retried too")
                .isEqualTo(3);
        assertThat(stillFailed()).isEqualTo(2);
    }

    @Test
    void where_nothing_fits_there_is_no_job() {
        var refusal = catchThrowableOfType(Refusal.class, () -> retries(100).begin(filter, "mei"));

        assertThat(refusal.type()).isEqualTo("nothing-to-retry");
        assertThat(retries(100).latest()).isEmpty();
    }

    @Test
    void a_job_that_is_stopped_leaves_the_rest_as_it_is() {
        failed(5);
        var retries = retries(100);
        var job = retries.begin(filter, "mei");
        var runner = runner(2);
        assertThat(runner.step()).isTrue();

        var cancelled = retries.cancel(job.id(), "li");
        runner.run();

        assertThat(cancelled.state()).isEqualTo(State.CANCELLED);
        assertThat(cancelled.cancelledBy()).isEqualTo("li");
        assertThat(retries.get(job.id()).through()).isEqualTo(2);
        assertThat(stillFailed()).isEqualTo(3);
        assertThatThrownBy(() -> retries.cancel(job.id(), "li")).isInstanceOf(Refusal.class);
    }

    /** Crash point: a batch was begun and not committed; and another instance goes on. */
    @Test
    void what_a_killed_instance_had_begun_is_done_by_another_and_once() {
        var numbers = failed(5);
        var job = retries(100).begin(filter, "mei");
        runner(2).step();
        new TransactionTemplate(transactions).executeWithoutResult(status -> {
            runner(2).step();
            status.setRollbackOnly();
        });
        assertThat(retries(100).get(job.id()).through()).isEqualTo(2);

        runner(2).run();

        assertThat(retries(100).get(job.id()).retried()).isEqualTo(5);
        numbers.forEach(number -> assertThat(interventions(number)).hasSize(1));
    }

    @Test
    void instances_at_the_same_time_do_each_payment_once() throws Exception {
        var numbers = failed(20);
        var job = retries(100).begin(filter, "mei");
        try (var threads = Executors.newFixedThreadPool(3)) {
            var all = new ArrayList<Callable<Object>>();
            for (int i = 0; i < 3; i++) {
                all.add(Executors.callable(runner(2)::run));
            }
            for (var one : threads.invokeAll(all)) {
                one.get();
            }
        }
        runner(2).run();

        assertThat(retries(100).get(job.id()).retried()).isEqualTo(20);
        numbers.forEach(number -> assertThat(interventions(number)).hasSize(1));
    }

    @Test
    void what_was_handed_out_meanwhile_is_skipped() {
        var numbers = failed(3);
        var job = retries(100).begin(filter, "mei");
        jdbc.sql("""
                        UPDATE payment.payment SET fulfilment = 'SUCCEEDED', due_at = NULL, fulfilled_at = now()
                        WHERE out_trade_no = :no
                        """).param("no", numbers.getFirst()).update();

        runner(100).run();

        var done = retries(100).get(job.id());
        assertThat(done.retried()).isEqualTo(2);
        assertThat(done.skipped()).isEqualTo(1);
        assertThat(payments.get(numbers.getFirst()).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
    }

    @Test
    void one_that_the_database_refuses_keeps_nobody_else_waiting() {
        var numbers = failed(5);
        var poisoned = numbers.get(2);
        jdbc.sql("""
                        CREATE OR REPLACE FUNCTION refuse_retry() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                          RAISE EXCEPTION 'poison' USING ERRCODE = 'check_violation';
                        END $$
                        """).update();
        jdbc.sql("""
                        CREATE TRIGGER poison BEFORE UPDATE ON payment.payment
                        FOR EACH ROW WHEN (OLD.out_trade_no = '%s') EXECUTE FUNCTION refuse_retry()
                        """.formatted(poisoned)).update();
        var job = retries(100).begin(filter, "mei");

        runner(100).run();

        var done = retries(100).get(job.id());
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.retried()).isEqualTo(4);
        assertThat(done.skipped()).isEqualTo(1);
        assertThat(payments.get(poisoned).fulfilment()).isEqualTo(FulfilmentState.FAILED);
    }

    @Test
    void a_poisoned_payment_among_those_retried_fails_alone_and_the_others_are_handed_out() {
        var numbers = failed(5);
        var poisoned = numbers.get(2);
        listener.instead(poisoned, payment -> {
            throw new IllegalStateException("poison");
        });
        retries(100).begin(filter, "mei");
        runner(100).run();

        listener.run(new PaymentsConfirmed(
                "GOODS", numbers.stream().map(till::confirmed).toList()));

        for (var number : numbers) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> payments.get(number).fulfilment()
                            == (number.equals(poisoned) ? FulfilmentState.FAILED : FulfilmentState.SUCCEEDED));
        }
    }

    @Test
    void the_role_of_the_application_may_do_all_of_it() {
        failed(2);
        RuntimeRole.of("payment").does(new TransactionTemplate(transactions), jdbc, () -> {
            var job = retries(100).begin(filter, "mei");
            runner(1).run();
            assertThat(retries(100).get(job.id()).state()).isEqualTo(State.DONE);
        });
    }

    private List<String> failed(int n) {
        var numbers = new ArrayList<String>();
        for (int i = 0; i < n; i++) {
            numbers.add(paid("fulfilment = 'FAILED', fulfilment_error = 'no stock', attempts = 7"));
        }
        return numbers;
    }

    private String parked(String reason) {
        return paid("fulfilment = 'PARKED', due_at = NULL, attempts = 20, fulfilment_reason = '%s'".formatted(reason));
    }

    private String paid(String columns) {
        var number = "R%d-%d".formatted(runs, System.nanoTime() % 1_000_000_000_000L);
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description,
                           amount, currency, created_at)
                        VALUES (:no, 'GOODS', :no, :user, 1, 'wechat', 'main', 'external', '?', 1999, 'CNY', now())
                        """).param("no", number).param("user", filter.userId()).update();
        till.paidInSilence(number);
        jdbc.sql("UPDATE payment.payment SET %s WHERE out_trade_no = :no".formatted(columns))
                .param("no", number)
                .update();
        return number;
    }

    private int stillFailed() {
        return payments.search(
                        new PaymentFilter(
                                null, null, FulfilmentState.FAILED, null, null, filter.userId(), null, null, null),
                        new Paging(200, null))
                .items()
                .size();
    }

    private List<String> interventions(String outTradeNo) {
        return jdbc.sql(
                        "SELECT actor || ' ' || action || ' ' || result FROM payment.intervention WHERE out_trade_no = :no")
                .param("no", outTradeNo)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private Retries retries(int most) {
        return new Retries(rows, settings(most, 100), transactions);
    }

    private RunRetryJobs runner(int batch) {
        return new RunRetryJobs(rows, again, settings(100, batch), transactions);
    }

    private static FulfilmentSettings settings(int most, int batch) {
        return new Binder(new MapConfigurationPropertySource(
                        Map.of("tallyhook.fulfilment.retry-most", most, "tallyhook.fulfilment.sweep-batch", batch)))
                .bindOrCreate("tallyhook.fulfilment", FulfilmentSettings.class);
    }
}
