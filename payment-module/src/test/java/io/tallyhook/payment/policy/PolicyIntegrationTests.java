package io.tallyhook.payment.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What policies do with money that has come and could not be turned into goods: once, and never in silence. */
@PaymentModuleTest
class PolicyIntegrationTests {

    private final PolicyBench bench;
    private final Refunds refunds;
    private final Till till;
    private final MoodyBank bank;
    private final JdbcClient jdbc;

    PolicyIntegrationTests(PolicyBench bench, Refunds refunds, Till till, MoodyBank bank, JdbcClient jdbc) {
        this.bench = bench;
        this.refunds = refunds;
        this.till = till;
        this.bank = bank;
        this.jdbc = jdbc;
    }

    @AfterEach
    void everythingIsFineAgain() {
        bank.calmDown();
        till.listener().recover();
    }

    @Test
    void a_late_payment_is_handed_to_its_module_which_hands_out() {
        var outTradeNo = bench.parked(ParkingReason.LATE);

        bench.decides(outTradeNo);

        await().atMost(Duration.ofSeconds(60))
                .until(() -> bench.payment(outTradeNo).fulfilment() == FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isOne();
        assertThat(bench.decisions(outTradeNo)).singleElement().satisfies(decision -> {
            assertThat(decision.action()).isEqualTo(Action.REOPEN);
            assertThat(decision.result()).isEqualTo("DONE");
            assertThat(decision.decidedBy()).isEqualTo("policy:GOODS.late");
        });
        assertThat(refunds.of(outTradeNo)).isEmpty();
    }

    @Test
    void a_late_payment_whose_order_was_paid_meanwhile_is_a_surplus_and_goes_back() {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        till.listener().instead(outTradeNo, payment -> payment.refused(ParkingReason.SURPLUS));

        bench.decides(outTradeNo);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> bench.payment(outTradeNo).fulfilmentReason() == ParkingReason.SURPLUS);
        bench.decides(outTradeNo);
        bench.learns();

        assertThat(bench.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(bench.decisions(outTradeNo))
                .extracting(PolicyDecision::action)
                .containsExactly(Action.REFUND, Action.REOPEN);
    }

    @Test
    void money_paid_twice_goes_back_in_full_and_the_decision_learns_of_it() {
        var outTradeNo = bench.parked(ParkingReason.SURPLUS);

        bench.decides(outTradeNo);
        assertThat(bench.decisions(outTradeNo).getFirst().result()).isEqualTo("REFUNDING");
        bench.learns();

        var decision = bench.decisions(outTradeNo).getFirst();
        assertThat(decision.result()).isEqualTo("DONE");
        assertThat(refunds.of(outTradeNo)).singleElement().satisfies(refund -> {
            assertThat(refund.amount()).isEqualTo(Money.fen(1999));
            assertThat(refund.refundNo()).isEqualTo(decision.refundNo());
            assertThat(refund.requestedBy()).isEqualTo("policy:GOODS");
        });
        assertThat(bench.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.CANCELLED);
        assertThat(till.handedOut(outTradeNo)).isZero();
    }

    @Test
    void nothing_is_decided_before_a_person_had_the_time_to() {
        var outTradeNo = bench.parked(ParkingReason.SURPLUS);
        jdbc.sql("UPDATE payment.payment SET undecided_since = now() + interval '1 day' WHERE out_trade_no = :no")
                .param("no", outTradeNo)
                .update();

        bench.decideAtOnce(3);

        assertThat(bench.decisions(outTradeNo)).isEmpty();
        assertThat(bench.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PARKED);
    }

    @Test
    void several_instances_decide_once_and_give_back_once() {
        var outTradeNo = bench.parked(ParkingReason.CANCELLED_BEFORE);
        bench.hasWaited(outTradeNo);

        bench.decideAtOnce(6);

        assertThat(bench.decisions(outTradeNo)).hasSize(1);
        assertThat(refunds.of(outTradeNo)).hasSize(1);
        assertThat(bench.payment(outTradeNo).refundedAmount()).isEqualTo(1999);
    }

    @Test
    void what_is_parked_again_for_the_same_reason_asks_a_person_and_is_not_tried_for_ever() {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        till.listener().instead(outTradeNo, payment -> payment.refused(ParkingReason.LATE));
        bench.decides(outTradeNo);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> bench.payment(outTradeNo).fulfilment() == FulfilmentState.PARKED);

        bench.decides(outTradeNo);
        bench.decides(outTradeNo);

        assertThat(bench.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(bench.decisions(outTradeNo))
                .extracting(PolicyDecision::action, PolicyDecision::why, PolicyDecision::result)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Action.ASK, "PARKED_AGAIN", "ASKS"),
                        org.assertj.core.groups.Tuple.tuple(Action.REOPEN, "SETTING", "DONE"));
    }

    @Test
    void a_refund_that_fails_for_good_asks_a_person_with_the_providers_words() {
        var outTradeNo = bench.parked(ParkingReason.SURPLUS);
        bank.onRefund(StartedRefund.number(outTradeNo, ParkingReason.SURPLUS), order -> {
            throw new ProviderRefused("NOT_ENOUGH", "the account is empty");
        });

        bench.decides(outTradeNo);
        bench.learns();

        assertThat(bench.decisions(outTradeNo).getFirst())
                .satisfies(decision -> assertThat(decision.result()).isEqualTo("ASKS"))
                .satisfies(decision -> assertThat(decision.detail()).contains("the account is empty"));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> bench.payment(outTradeNo).fulfilmentReason() == ParkingReason.SURPLUS);
        bench.decides(outTradeNo);
        assertThat(refunds.of(outTradeNo)).hasSize(1);
        assertThat(bench.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
    }

    @Test
    void a_refund_whose_asking_was_cut_short_is_asked_for_again_under_the_same_number() {
        var outTradeNo = bench.parked(ParkingReason.SURPLUS);
        bench.decides(outTradeNo);
        jdbc.sql("""
                        UPDATE payment.policy_decision SET result = 'STARTED', due_at = now()
                        WHERE out_trade_no = :no
                        """).param("no", outTradeNo).update();

        bench.goesOn(outTradeNo);
        bench.learns();

        assertThat(refunds.of(outTradeNo)).hasSize(1);
        assertThat(bench.decisions(outTradeNo).getFirst().result()).isEqualTo("DONE");
    }

    @Test
    void a_person_who_was_faster_is_not_overruled() {
        var outTradeNo = bench.parked(ParkingReason.SURPLUS);
        bench.hasWaited(outTradeNo);
        refunds.request(new RefundRequest(outTradeNo, "BY-HAND-" + System.nanoTime(), 500, "part of it", "mei"));

        bench.decideAtOnce(2);

        assertThat(bench.decisions(outTradeNo)).isEmpty();
        assertThat(refunds.of(outTradeNo)).hasSize(1);
        assertThat(bench.payment(outTradeNo).refundedAmount()).isEqualTo(500);
    }

    @Test
    void what_needs_a_repair_and_no_decision_has_no_policy() {
        var outTradeNo = bench.parked(ParkingReason.RETRIES_EXHAUSTED);

        bench.decides(outTradeNo);

        assertThat(bench.decisions(outTradeNo)).isEmpty();
        assertThat(bench.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PARKED);
    }
}
