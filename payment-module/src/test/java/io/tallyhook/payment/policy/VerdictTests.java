package io.tallyhook.payment.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.ParkingReason;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of what policies say. */
class VerdictTests {

    private static final PolicySettings SETTINGS = new PolicySettings(
            Duration.ofMinutes(1),
            100_000,
            30_000,
            Map.of(
                    "VIP", Map.of(PolicyCase.LATE, Action.REFUND, PolicyCase.SURPLUS, Action.ASK),
                    "TOY",
                            Map.of(
                                    PolicyCase.LATE,
                                    Action.CREDIT_TO_WALLET,
                                    PolicyCase.SURPLUS,
                                    Action.CREDIT_TO_WALLET)),
            Map.of(
                    PolicyCase.LATE,
                    Action.REOPEN,
                    PolicyCase.SURPLUS,
                    Action.REFUND,
                    PolicyCase.CANCELLED,
                    Action.REFUND));

    @ParameterizedTest(name = "{0} {1} {2} fen, again {3}: {4} because {5}")
    @CsvSource({
        "GOODS, LATE,               1999, false, REOPEN, SETTING",
        "GOODS, LATE,          999999999, false, REOPEN, SETTING",
        "GOODS, LATE,               1999, true,  ASK,    PARKED_AGAIN",
        "GOODS, SURPLUS,            1999, false, REFUND, SETTING",
        "GOODS, SURPLUS,          100000, false, REFUND, SETTING",
        "GOODS, SURPLUS,          100001, false, ASK,    TOO_MUCH",
        "GOODS, SURPLUS,            1999, true,  ASK,    PARKED_AGAIN",
        "GOODS, CANCELLED_BEFORE,   1999, false, REFUND, SETTING",
        "GOODS, CANCELLED_BEFORE, 100001, false, ASK,    TOO_MUCH",
        "GOODS, RETRIES_EXHAUSTED,  1999, false, ASK,    SETTING",
        "GOODS, NO_LISTENER,        1999, false, ASK,    SETTING",
        "VIP,   LATE,               1999, false, REFUND, SETTING",
        "VIP,   LATE,             100001, false, ASK,    TOO_MUCH",
        "VIP,   SURPLUS,            1999, false, ASK,    SETTING",
        "VIP,   SURPLUS,            1999, true,  ASK,    SETTING",
        "TOY,   LATE,              30000, false, CREDIT_TO_WALLET, SETTING",
        "TOY,   LATE,              30001, false, ASK,    TOO_MUCH",
        "TOY,   SURPLUS,            1999, false, CREDIT_TO_WALLET, SETTING",
        "TOY,   SURPLUS,            1999, true,  ASK,    PARKED_AGAIN",
        "TOY,   NO_LISTENER,        1999, false, ASK,    SETTING"
    })
    void a_policy_says(
            String purpose, ParkingReason reason, long amount, boolean again, Action action, Verdict.Why why) {
        var payment = new ParkedPayment("P1", purpose, reason, amount, again);

        assertThat(Verdict.of(payment, SETTINGS)).isEqualTo(new Verdict(action, why));
    }

    @Test
    void the_number_of_a_refund_is_the_same_every_time_and_another_for_another_reason() {
        var number = StartedRefund.number("P0123456789", ParkingReason.LATE);

        assertThat(number)
                .matches("[0-9A-Za-z_-]{32}")
                .isEqualTo(StartedRefund.number("P0123456789", ParkingReason.LATE));
        assertThat(StartedRefund.number("P0123456789", ParkingReason.SURPLUS)).isNotEqualTo(number);
        assertThat(StartedRefund.number("P0123456780", ParkingReason.LATE)).isNotEqualTo(number);
    }
}
