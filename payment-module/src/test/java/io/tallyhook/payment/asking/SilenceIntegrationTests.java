package io.tallyhook.payment.asking;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.provider.CallbackProtocol;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.RuntimeRole;

/** From counts and questions to the alarm and back. */
@PaymentModuleTest
class SilenceIntegrationTests {

    private final Payments payments;
    private final AskProvider provider;
    private final Silences silences;
    private final MoodyBank bank;
    private final List<CallbackProtocol> protocols;
    private final JdbcClient jdbc;
    private final PlatformTransactionManager transactions;
    private AskingGround ground;

    SilenceIntegrationTests(
            Payments payments,
            AskProvider provider,
            Silences silences,
            MoodyBank bank,
            List<CallbackProtocol> protocols,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.payments = payments;
        this.provider = provider;
        this.silences = silences;
        this.bank = bank;
        this.protocols = protocols;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.ground = new AskingGround(payments, provider, jdbc, transactions);
    }

    @BeforeEach
    void anEmptyGround() {
        bank.calmDown();
        ground = new AskingGround(payments, provider, jdbc, transactions);
        // What other tests called about would teach rates, and their open payments would be missed.
        jdbc.sql("DELETE FROM payment.callback_tally").update();
    }

    @Test
    void three_payments_that_only_a_question_found_paid_raise_the_alarm_once() {
        var watch = watch();
        findsPaid(3);
        ground.passes(Duration.ofMinutes(6));

        watch.watch();
        watch.watch();

        assertThat(silences.now()).singleElement().satisfies(alarm -> {
            assertThat(alarm.provider()).isEqualTo("bank");
            assertThat(alarm.foundPaid()).isTrue();
            assertThat(alarm.found()).isEqualTo(3);
            assertThat(alarm.lastHeard()).isNull();
        });
    }

    @Test
    void two_of_them_do_not() {
        findsPaid(2);
        ground.passes(Duration.ofMinutes(6));

        watch().watch();

        assertThat(silences.now()).isEmpty();
    }

    @Test
    void a_question_that_was_only_faster_than_its_callback_raises_none() {
        findsPaid(3);
        calls("bank", "main", "DUPLICATE", Duration.ZERO);
        ground.passes(Duration.ofMinutes(6));

        watch().watch();

        assertThat(silences.now()).isEmpty();
    }

    @Test
    void payments_opened_as_usual_that_nobody_calls_about_raise_it() {
        opened(1_000, Duration.ofDays(2));
        called(800, Duration.ofDays(2));
        calls("wechat", "quiet", "CONFIRMED", Duration.ofMinutes(40));
        opened(20, Duration.ofMinutes(20));

        watch().watch();

        assertThat(silences.now()).singleElement().satisfies(alarm -> {
            assertThat(alarm.account()).isEqualTo("quiet");
            assertThat(alarm.foundPaid()).isFalse();
            assertThat(alarm.opened()).isEqualTo(20);
            assertThat(alarm.expected()).isBetween(15L, 16L);
        });
    }

    @Test
    void payments_that_are_too_young_to_be_paid_raise_none() {
        opened(1_000, Duration.ofDays(2));
        called(800, Duration.ofDays(2));
        calls("wechat", "quiet", "CONFIRMED", Duration.ofMinutes(40));
        opened(20, Duration.ofMinutes(2));

        watch().watch();

        assertThat(silences.now()).isEmpty();
    }

    @Test
    void what_is_not_believed_is_not_heard() {
        opened(1_000, Duration.ofDays(2));
        called(800, Duration.ofDays(2));
        opened(20, Duration.ofMinutes(20));
        calls("wechat", "quiet", "REJECTED", Duration.ofMinutes(1));

        watch().watch();

        assertThat(silences.now()).hasSize(1);
    }

    @Test
    void it_ends_when_a_callback_comes_and_is_kept_with_its_end() {
        var metrics = new SimpleMeterRegistry();
        var watch = watch(metrics);
        findsPaid(3);
        ground.passes(Duration.ofMinutes(6));
        watch.watch();
        assertThat(silent(metrics)).isEqualTo(1);

        ground.passes(Duration.ofMinutes(10));
        watch.watch();
        assertThat(silences.now()).hasSize(1);

        calls("bank", "main", "CONFIRMED", Duration.ofMinutes(1));
        watch.watch();

        assertThat(silences.now()).isEmpty();
        assertThat(silent(metrics)).isZero();
        assertThat(jdbc.sql("SELECT ended_at > began_at FROM payment.silence WHERE provider = 'bank'")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void while_it_lasts_new_payments_are_asked_about_sooner_and_waiting_ones_now() {
        var waiting = ground.orderedAtTheBank();
        findsPaid(3);
        ground.passes(Duration.ofMinutes(6));
        var far = ground.orderedAtTheBank();
        jdbc.sql(
                        "UPDATE payment.asking SET next_ask_at = next_ask_at + interval '1 h' WHERE out_trade_no = ANY (:numbers)")
                .param("numbers", new String[] {waiting, far})
                .update();

        watch().watch();

        assertThat(ground.dueIn(waiting)).isLessThanOrEqualTo(Duration.ofMinutes(1));
        assertThat(ground.dueIn(far)).isLessThanOrEqualTo(Duration.ofMinutes(1));
        var fresh = ground.orderedAtTheBank();
        assertThat(firstGap(fresh)).isEqualTo(Duration.ofSeconds(10));

        jdbc.sql("UPDATE payment.silence SET ended_at = began_at").update();
        assertThat(firstGap(ground.orderedAtTheBank())).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void other_accounts_are_asked_no_sooner() {
        var elsewhere = ground.orderedAtWeChatPay();
        findsPaid(3);
        ground.passes(Duration.ofMinutes(6));
        jdbc.sql("UPDATE payment.asking SET next_ask_at = next_ask_at + interval '1 h' WHERE out_trade_no = :no")
                .param("no", elsewhere)
                .update();

        watch().watch();

        assertThat(ground.dueIn(elsewhere)).isGreaterThan(Duration.ofMinutes(30));
        assertThat(firstGap(ground.orderedAtWeChatPay())).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void instances_that_look_at_the_same_time_raise_one_alarm() throws Exception {
        findsPaid(3);
        ground.passes(Duration.ofMinutes(6));
        try (var threads = Executors.newFixedThreadPool(3)) {
            var all = List.of(
                    threads.submit(watch()::watch), threads.submit(watch()::watch), threads.submit(watch()::watch));
            for (var one : all) {
                one.get();
            }
        }
        watch().watch();

        assertThat(jdbc.sql("SELECT count(*) FROM payment.silence")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void openings_are_counted_once_however_often_it_is_looked() {
        ground.orderedAtTheBank();
        ground.passes(Duration.ofMinutes(3));
        watch().watch();
        var counted = openings();
        ground.passes(Duration.ofMinutes(1));
        watch().watch();

        assertThat(counted).isPositive();
        assertThat(openings()).isEqualTo(counted);
    }

    @Test
    void questions_that_changed_nothing_are_forgotten_and_found_money_is_not() {
        var open = ground.orderedAtTheBank();
        ground.aMinutePasses();
        ground.instance().asks();
        findsPaid(1);
        ground.passes(Duration.ofDays(91));

        watch().watch();

        assertThat(payments.questions(open)).isEmpty();
        assertThat(jdbc.sql("SELECT outcome FROM payment.question")
                        .query(String.class)
                        .list())
                .containsExactly("CONFIRMED");
    }

    @Test
    void the_role_of_the_application_may_do_all_of_it() {
        RuntimeRole.of("payment").does(new TransactionTemplate(transactions), jdbc, () -> watch().watch());
    }

    /** So many payments are paid at the bank, and asking finds it. */
    private void findsPaid(int payments) {
        for (int i = 0; i < payments; i++) {
            bank.takesMoneyFor(ground.orderedAtTheBank());
        }
        ground.aMinutePasses();
        ground.instance().asks();
    }

    private void opened(int n, Duration ago) {
        jdbc.sql(
                        "INSERT INTO payment.opening_tally VALUES (date_trunc('minute', :at::timestamptz), 'wechat', 'quiet', :n)")
                .param("at", Timestamp.from(ground.clock().instant().minus(ago)))
                .param("n", n)
                .update();
    }

    private void called(int n, Duration ago) {
        tally("wechat", "quiet", "CONFIRMED", n, ago);
    }

    private void calls(String provider, String account, String outcome, Duration ago) {
        tally(provider, account, outcome, 1, ago);
    }

    private void tally(String provider, String account, String outcome, int n, Duration ago) {
        jdbc.sql("""
                        INSERT INTO payment.callback_tally (minute, outcome, provider, account, process, n)
                        VALUES (date_trunc('minute', :at::timestamptz), :outcome, :provider, :account, -2, :n)
                        """)
                .param("at", Timestamp.from(ground.clock().instant().minus(ago)))
                .param("outcome", outcome)
                .param("provider", provider)
                .param("account", account)
                .param("n", n)
                .update();
    }

    private Duration firstGap(String outTradeNo) {
        return Duration.between(payments.get(outTradeNo).createdAt(), ground.dueAt(outTradeNo));
    }

    private long openings() {
        return jdbc.sql("SELECT sum(n) FROM payment.opening_tally WHERE provider = 'bank'")
                .query(Long.class)
                .single();
    }

    private static int silent(SimpleMeterRegistry metrics) {
        return (int) metrics.get("tallyhook.callbacks.silent").gauge().value();
    }

    private WatchCallbacks watch() {
        return watch(new SimpleMeterRegistry());
    }

    private WatchCallbacks watch(SimpleMeterRegistry metrics) {
        return new WatchCallbacks(
                new Openings(jdbc, protocols),
                new MeasureTraffic(jdbc, SilenceTests.settings()),
                SilenceTests.settings(),
                silences,
                new Questions(jdbc),
                AskingSettingsTests.settings(Map.of()),
                jdbc,
                transactions,
                metrics,
                ground.clock());
    }
}
