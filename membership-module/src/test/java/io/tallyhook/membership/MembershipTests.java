package io.tallyhook.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipTests {

    private static final UserId USER = new UserId("u");
    private static final Instant DAY_0 = Instant.parse("2026-01-01T00:00:00Z");

    /** Ten days, a gap of ten, then twenty days in two plans. */
    private static final List<Grant> LINE =
            List.of(grant("month", 0, 10), grant("month", 20, 30), grant("year", 30, 40));

    @Test
    void whoNeverBoughtIsNoMember() {
        assertThat(Membership.at(DAY_0, USER, List.of()))
                .isEqualTo(new Membership(USER, false, null, null, null, List.of()));
    }

    @Test
    void namesThePlanThatRunsAndTheWholeUnbrokenStretch() {
        assertThat(Membership.at(day(25), USER, LINE))
                .isEqualTo(new Membership(USER, true, "month", day(20), day(40), LINE));
        assertThat(Membership.at(day(35), USER, LINE))
                .isEqualTo(new Membership(USER, true, "year", day(20), day(40), LINE));
        assertThat(Membership.at(day(5), USER, LINE))
                .isEqualTo(new Membership(USER, true, "month", day(0), day(10), LINE));
    }

    @Test
    void aGrantBeginsWithItsFirstMomentAndHasEndedAtItsEnd() {
        assertThat(Membership.at(day(0), USER, LINE).active()).isTrue();
        assertThat(Membership.at(day(10), USER, LINE).active()).isFalse();
        assertThat(Membership.at(day(15), USER, LINE).active()).isFalse();
        assertThat(Membership.at(day(20), USER, LINE).active()).isTrue();
        assertThat(Membership.at(day(40), USER, LINE).active()).isFalse();
    }

    @Test
    void whoseMembershipHasEndedKeepsHisGrantsInSight() {
        assertThat(Membership.at(day(50), USER, LINE)).isEqualTo(new Membership(USER, false, null, null, null, LINE));
    }

    private static Instant day(int number) {
        return DAY_0.plus(Duration.ofDays(number));
    }

    private static Grant grant(String plan, int from, int to) {
        return new Grant("M" + from, "P" + from, plan, plan, to - from, day(from), day(to));
    }
}
