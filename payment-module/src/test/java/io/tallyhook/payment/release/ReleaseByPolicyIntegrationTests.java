package io.tallyhook.payment.release;

import static io.tallyhook.payment.release.Quarantine.decideAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.board.Board;
import io.tallyhook.payment.board.BoardFilter;
import io.tallyhook.payment.board.BoardLine;
import io.tallyhook.payment.board.Repairs;
import io.tallyhook.payment.policy.Action;
import io.tallyhook.payment.policy.PolicyBench;
import io.tallyhook.payment.policy.PolicyDecision;
import io.tallyhook.payment.release.Release.State;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.WeChatNotification;

/** A policy gives another amount back without a person, and only that, only so much, and only what nobody has begun with. */
@PaymentModuleTest
class ReleaseByPolicyIntegrationTests {

    private static final long AT_MOST = 5_000;

    private final Quarantine quarantine;
    private final Releases releases;
    private final ReleaseByPolicy unconfigured;
    private final PolicyBench bench;
    private final Payments payments;
    private final Refunds refunds;
    private final Repairs repairs;
    private final Board board;
    private final Till till;
    private final Door door;
    private final JdbcClient jdbc;

    ReleaseByPolicyIntegrationTests(
            Quarantine quarantine,
            Releases releases,
            ReleaseByPolicy unconfigured,
            PolicyBench bench,
            Payments payments,
            Refunds refunds,
            Repairs repairs,
            Board board,
            Till till,
            Door door,
            JdbcClient jdbc) {
        this.quarantine = quarantine;
        this.releases = releases;
        this.unconfigured = unconfigured;
        this.bench = bench;
        this.payments = payments;
        this.refunds = refunds;
        this.repairs = repairs;
        this.board = board;
        this.till = till;
        this.door = door;
        this.jdbc = jdbc;
    }

    @ParameterizedTest
    @ValueSource(longs = {1899, 2099, AT_MOST})
    void short_or_over_goes_back_in_the_name_of_the_policy(long received) {
        var outTradeNo = quarantine.giftPaidWith(received);

        decideAll(quarantine.givingBack(AT_MOST));

        var refundNo = PolicyBench.refundNo(outTradeNo, ParkingReason.OTHER_AMOUNT);
        assertThat(refunds.of(outTradeNo)).singleElement().satisfies(refund -> {
            assertThat(refund.amount()).isEqualTo(Money.fen(received));
            assertThat(refund.refundNo()).isEqualTo(refundNo);
            assertThat(refund.requestedBy()).isEqualTo("policy:GIFT.amount");
        });
        assertThat(releases.of(outTradeNo)).singleElement().satisfies(release -> {
            assertThat(release.byPolicy()).isTrue();
            assertThat(release.state()).isEqualTo(State.RELEASED);
            assertThat(release.action()).isEqualTo(Release.Action.REFUND);
        });
        door.send(WeChatNotification.refunded(outTradeNo, refundNo, received, received));
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(till.handedOut(outTradeNo)).isZero();
        assertThat(lines(outTradeNo)).isEmpty();
    }

    @Test
    void what_is_too_much_is_left_to_two_people_who_are_told_why() {
        var outTradeNo = quarantine.giftPaidWith(AT_MOST + 1);
        var policy = quarantine.givingBack(AT_MOST);

        decideAll(policy);
        policy.sweep();

        assertThat(bench.decisions(outTradeNo))
                .extracting(PolicyDecision::action, PolicyDecision::why, PolicyDecision::result)
                .containsExactly(tuple(Action.ASK, "TOO_MUCH", "ASKS"));
        unpaid(outTradeNo);
        assertThat(lines(outTradeNo))
                .singleElement()
                .satisfies(line -> assertThat(line.asked()).isEqualTo("TOO_MUCH"));
        var proposal = releases.propose(quarantine.delivery(outTradeNo), Release.Action.REFUND, "too much", "mei");
        releases.confirm(proposal.id(), "jun");
        assertThat(refunds.of(outTradeNo)).hasSize(1);
    }

    @Test
    void without_a_word_in_the_configuration_nothing_is_released() {
        var outTradeNo = quarantine.giftPaidWith(1899);

        assertThat(unconfigured.decideOne()).isFalse();

        unpaid(outTradeNo);
        assertThat(bench.decisions(outTradeNo)).isEmpty();
    }

    @Test
    void what_a_person_has_begun_with_is_his() {
        var proposed = quarantine.giftPaidWith(1899);
        releases.propose(quarantine.delivery(proposed), Release.Action.REFUND, "a coin", "mei");
        var withdrawn = quarantine.giftPaidWith(1899);
        var proposal = releases.propose(quarantine.delivery(withdrawn), Release.Action.REFUND, "a coin", "mei");
        releases.reject(proposal.id(), "mei", "let me ask");
        var settled = quarantine.giftPaidWith(1899);
        repairs.settle(settled, lines(settled).getFirst().id(), "given back in the console", "mei");
        door.send(WeChatNotification.paid(settled, 1899));

        decideAll(quarantine.givingBack(AT_MOST));

        for (var outTradeNo : List.of(proposed, withdrawn, settled)) {
            unpaid(outTradeNo);
            assertThat(refunds.of(outTradeNo)).isEmpty();
        }
    }

    @Test
    void what_is_older_than_a_day_or_newer_than_its_time_or_of_another_purpose_is_not_touched() {
        var old = quarantine.giftPaidWith(1899);
        jdbc.sql("UPDATE payment.callback SET received_at = now() - interval '25 h' WHERE out_trade_no = :no")
                .param("no", old)
                .update();
        var young = quarantine.giftPaidWith(1899);
        jdbc.sql("UPDATE payment.callback SET received_at = now() + interval '1 h' WHERE out_trade_no = :no")
                .param("no", young)
                .update();
        var goods = quarantine.paidWith(1899);

        decideAll(quarantine.givingBack(AT_MOST));

        for (var outTradeNo : List.of(old, young, goods)) {
            unpaid(outTradeNo);
            assertThat(bench.decisions(outTradeNo)).isEmpty();
        }
    }

    @Test
    void several_instances_release_once_and_give_back_once() {
        var outTradeNo = quarantine.giftPaidWith(1899);
        var one = quarantine.givingBack(AT_MOST);
        var other = quarantine.givingBack(AT_MOST);

        Quarantine.together(() -> decideAll(one), () -> decideAll(other), () -> decideAll(one), () -> decideAll(other));

        assertThat(refunds.of(outTradeNo)).hasSize(1);
        assertThat(bench.decisions(outTradeNo)).hasSize(1);
        assertThat(releases.of(outTradeNo)).hasSize(1);
    }

    @Test
    void what_cannot_be_verified_any_more_asks_a_person_once() {
        var outTradeNo = quarantine.giftPaidWith(1899);
        jdbc.sql("UPDATE payment.callback SET body = body || ' '::bytea WHERE out_trade_no = :no")
                .param("no", outTradeNo)
                .update();
        var policy = quarantine.givingBack(AT_MOST);

        decideAll(policy);
        policy.sweep();

        unpaid(outTradeNo);
        assertThat(bench.decisions(outTradeNo)).singleElement().satisfies(decision -> {
            assertThat(decision.result()).isEqualTo("ASKS");
            assertThat(decision.detail()).contains("does not pass its verification");
        });
    }

    private void unpaid(String outTradeNo) {
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    private List<BoardLine> lines(String outTradeNo) {
        return board.lines(BoardFilter.of(outTradeNo), Paging.of(null, null)).items();
    }
}
