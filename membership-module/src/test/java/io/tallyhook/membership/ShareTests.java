package io.tallyhook.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShareTests {

    /** Of a purchase of 30 days for 25.00. */
    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
                    GONE_BEFORE, AMOUNT, DUE_BEFORE, UNUSED, DUE, TAKEN, SHORTFALL
                    0,           2500,   0,          30,     30,  30,    0
                    0,           1250,   0,          30,     15,  15,    0
                    # rounded up, and once for all refunds together
                    0,           1,      0,          30,     1,   1,     0
                    1,           1,      1,          29,     0,   0,     0
                    1,           83,     1,          29,     1,   1,     0
                    # the last stands for the rest
                    1000,        1500,   12,         18,     18,  18,    0
                    2499,        1,      30,         0,      0,   0,     0
                    # what is used is not taken, and that part of the money has no counterpart
                    0,           2500,   0,          20,     30,  20,    834
                    0,           1000,   0,          0,      12,  0,     1000
                    1000,        1500,   12,         3,      18,  3,     1250
                    # more went back than we asked for: no more days than there are
                    1500,        2500,   18,         12,     12,  12,    0
                    """)
    void daysStandToDaysAsMoneyToMoney(
            long goneBefore, long amount, int dueBefore, int unused, int due, int taken, long shortfall) {
        var share =
                Share.of(refund(2500, amount), 30, new TakenDays.Gone(goneBefore, dueBefore), Duration.ofDays(unused));

        assertThat(share).isEqualTo(new Share(Money.fen(amount), due, taken, Duration.ofDays(taken)));
        assertThat(share.shortfall()).isEqualTo(Money.fen(shortfall));
        assertThat(share.usedDays()).isEqualTo(due - taken);
    }

    @Test
    void theLargestPurchaseIsReckonedExactly() {
        var max = Money.MAX_MINOR_UNITS;

        var share =
                Share.of(refund(max, 1), Plan.MAX_DAYS, new TakenDays.Gone(max - 2, 0), Duration.ofDays(Plan.MAX_DAYS));

        assertThat(share.dueDays()).isEqualTo(Plan.MAX_DAYS);
        assertThat(Share.of(refund(max, max), Plan.MAX_DAYS, new TakenDays.Gone(0, 0), Duration.ofDays(1))
                        .shortfall())
                .isEqualTo(Money.fen(9_999_726_028L));
    }

    @Test
    void onlyWhenAllOfTheMoneyIsGoneTheDayThatHasBegunEndsToo() {
        var ahead = Duration.ofDays(19).plusHours(12);
        var nothing = new TakenDays.Gone(0, 0);

        assertThat(Share.of(refund(2500, 2500), 30, nothing, ahead))
                .isEqualTo(new Share(Money.fen(2500), 30, 19, ahead));
        assertThat(Share.of(refund(2500, 2499), 30, nothing, ahead))
                .isEqualTo(new Share(Money.fen(2499), 30, 19, Duration.ofDays(19)));
        assertThat(Share.of(refund(2500, 2500), 30, nothing, Duration.ofHours(1)))
                .isEqualTo(new Share(Money.fen(2500), 30, 0, Duration.ofHours(1)));
    }

    private static TakeBack refund(long paid, long amount) {
        return new TakeBack(
                "R1",
                "P1",
                "M1",
                new UserId("u"),
                Money.fen(paid),
                Money.fen(0),
                Money.fen(amount),
                "api:shop",
                "unhappy");
    }
}
