package io.tallyhook.membership;

import static io.tallyhook.membership.LineEntry.Kind.GIVEN_BACK;
import static io.tallyhook.membership.LineEntry.Kind.GRANT;
import static io.tallyhook.membership.LineEntry.Kind.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Days are counted from a day 0; each purchase has the name of its payment. */
class LayoutTests {

    private static final Instant DAY_0 = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void withoutRefundsEverythingStandsWhereItWasGranted() {
        assertThat(told(grant("A", 0, 30), grant("B", 30, 60))).containsExactly("A 0-30", "B 30-60");
    }

    @Test
    void whatIsTakenIsCutOffItsOwnPurchaseAndTheNextMovesForward() {
        assertThat(told(grant("A", 0, 30), grant("B", 30, 60), taken("A", 20, 60, 10)))
                .containsExactly("A 0-10", "B 10-40");
    }

    @Test
    void aPurchaseOfWhichNothingStandsIsNotThere() {
        assertThat(told(grant("A", 0, 30), grant("B", 30, 60), grant("C", 60, 70), taken("B", 30, 70, 10)))
                .containsExactly("A 0-30", "C 30-40");
        assertThat(told(grant("A", 0, 30), taken("A", 30, 30, 0))).isEmpty();
    }

    @Test
    void aNewPurchaseBeginsAtTheShortenedEnd() {
        assertThat(told(grant("A", 0, 30), taken("A", 20, 30, 10), grant("B", 10, 40)))
                .containsExactly("A 0-10", "B 10-40");
    }

    @Test
    void whatIsGivenBackLeavesNoSeamIfNothingCameBetween() {
        assertThat(told(grant("A", 0, 30), taken("A", 20, 30, 10), givenBack("A", 10, 30)))
                .containsExactly("A 0-30");
        assertThat(told(grant("A", 0, 30), grant("B", 30, 60), taken("A", 20, 60, 10), givenBack("A", 40, 60)))
                .containsExactly("A 0-10", "B 10-40", "A 40-60");
    }

    @Test
    void whatWasGivenBackCanBeTakenAgain() {
        assertThat(told(
                        grant("A", 0, 30),
                        grant("B", 30, 60),
                        taken("A", 20, 60, 10),
                        givenBack("A", 40, 60),
                        taken("A", 20, 60, 12)))
                .containsExactly("A 0-10", "B 10-40");
    }

    @Test
    void whatLiesAheadIsThatOfThePurchaseAlone() {
        var layout = Layout.of(List.of(grant("A", 0, 30), grant("B", 30, 60)));
        var halfPastTen = day(10).plus(Duration.ofHours(12));

        assertThat(layout.ahead("A", halfPastTen)).isEqualTo(Duration.ofDays(20).minusHours(12));
        assertThat(layout.ahead("A", day(31))).isZero();
        assertThat(layout.ahead("B", halfPastTen)).isEqualTo(Duration.ofDays(30));
        assertThat(layout.ahead("C", halfPastTen)).isZero();
    }

    @Test
    void aDayThatARefundHasEndedIsCountedAsOne() {
        var halfPastTen = day(10).plus(Duration.ofHours(12));
        var taken = new LineEntry(TAKEN, "MA", "A", "vip", "VIP", day(30), halfPastTen, halfPastTen);

        assertThat(Layout.of(List.of(grant("A", 0, 30), taken)).grants())
                .containsExactly(new Grant("MA", "A", "vip", "VIP", 11, DAY_0, halfPastTen));
    }

    @Test
    void whatIsTakenFromBeforeTheFirstEntryThatIsKnownMovesAllForward() {
        assertThat(told(grant("B", 30, 60), grant("C", 60, 70), taken("A", 20, 70, 10)))
                .containsExactly("B 10-40", "C 40-50");
    }

    private static List<String> told(LineEntry... entries) {
        return Layout.of(List.of(entries)).grants().stream()
                .peek(grant -> assertThat(Duration.between(grant.startsAt(), grant.expiresAt()))
                        .isEqualTo(Duration.ofDays(grant.days())))
                .map(grant ->
                        "%s %d-%d".formatted(grant.outTradeNo(), number(grant.startsAt()), number(grant.expiresAt())))
                .toList();
    }

    private static LineEntry grant(String payment, int from, int to) {
        return entry(GRANT, payment, from, to, from);
    }

    private static LineEntry givenBack(String payment, int from, int to) {
        return entry(GIVEN_BACK, payment, from, to, from);
    }

    private static LineEntry taken(String payment, int days, int lineEnd, int at) {
        return entry(TAKEN, payment, lineEnd, lineEnd - days, at);
    }

    private static LineEntry entry(LineEntry.Kind kind, String payment, int from, int to, int at) {
        return new LineEntry(kind, "M" + payment, payment, "vip", "VIP", day(from), day(to), day(at));
    }

    private static Instant day(int number) {
        return DAY_0.plus(Duration.ofDays(number));
    }

    private static long number(Instant moment) {
        return Duration.between(DAY_0, moment).toDays();
    }
}
