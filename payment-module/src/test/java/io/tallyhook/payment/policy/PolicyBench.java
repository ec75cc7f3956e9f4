package io.tallyhook.payment.policy;

import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.Till;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where payments of 19.99 CNY at the bank are parked, and where policies act when a test says so. */
@TestComponent
public class PolicyBench {

    private final Payments payments;
    private final Till till;
    private final PolicySweep sweep;
    private final Decisions decisions;
    private final StartedRefunds started;
    private final JdbcClient jdbc;

    PolicyBench(
            Payments payments,
            Till till,
            PolicySweep sweep,
            Decisions decisions,
            StartedRefunds started,
            JdbcClient jdbc) {
        this.payments = payments;
        this.till = till;
        this.sweep = sweep;
        this.decisions = decisions;
        this.started = started;
        this.jdbc = jdbc;
    }

    /** The number of a payment that was paid and could not be handed out for this reason. */
    public String parked(ParkingReason reason) {
        var outTradeNo = payments.open(RequestId.fresh(Clock.systemUTC()), Till.atTheBank(), () -> {})
                .outTradeNo();
        till.paidInSilence(outTradeNo);
        park(outTradeNo, reason);
        return outTradeNo;
    }

    /** Its module says so. */
    void park(String outTradeNo, ParkingReason reason) {
        jdbc.sql("""
                        UPDATE payment.payment SET fulfilment = 'PARKED', fulfilment_reason = :reason, due_at = NULL
                        WHERE out_trade_no = :outTradeNo
                        """)
                .param("reason", reason.name())
                .param("outTradeNo", outTradeNo)
                .update();
    }

    /** It is parked for so long that no other test's payment comes before it. */
    void hasWaited(String outTradeNo) {
        jdbc.sql("""
                        UPDATE payment.payment SET undecided_since = '2001-01-01T00:00Z'
                        WHERE out_trade_no = :outTradeNo AND undecided_since IS NOT NULL
                        """).param("outTradeNo", outTradeNo).update();
    }

    /** Under which its policy asks for its refund. */
    public static String refundNo(String outTradeNo, ParkingReason reason) {
        return StartedRefund.number(outTradeNo, reason);
    }

    /** Its turn has come, and it is decided about. */
    public void decides(String outTradeNo) {
        hasWaited(outTradeNo);
        sweep.decideOne();
    }

    /** As many instances as this decide at the same moment. */
    void decideAtOnce(int instances) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < instances; i++) {
                threads.execute(sweep::decideOne);
            }
        }
    }

    /** The asking for its refund was cut short, and its lease has ended. */
    public void goesOn(String outTradeNo) {
        jdbc.sql("""
                        UPDATE payment.policy_decision SET due_at = '2001-01-01T00:00Z'
                        WHERE out_trade_no = :outTradeNo AND due_at IS NOT NULL
                        """).param("outTradeNo", outTradeNo).update();
        sweep.askForOne();
    }

    /** The policy of an installation that gives other amounts back at once for gifts, up to this much. */
    public AmountPolicy givingBackOtherAmounts(long atMost) {
        var line = Map.of(PolicyCase.AMOUNT, Action.REFUND);
        return new AmountPolicy(
                new PolicySettings(Duration.ZERO, atMost, 0, Map.of("GIFT", line), Map.of()), decisions);
    }

    public void learns() {
        started.learnHowRefundsEnded();
    }

    public List<PolicyDecision> decisions(String outTradeNo) {
        return decisions.of(outTradeNo);
    }

    Payment payment(String outTradeNo) {
        return payments.get(outTradeNo);
    }
}
