package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestIdTests {

    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    @Test
    void a_number_is_the_prefix_and_the_128_bits_in_base_32() {
        var random = new Random(20260101);
        for (int i = 0; i < 1000; i++) {
            var id = new UUID(random.nextLong(), random.nextLong());

            var number = new RequestId(id).number('P');

            assertThat(number).matches("P[0-9A-HJKMNP-TV-Z]{26}");
            assertThat(decoded(number.substring(1))).isEqualTo(id);
        }
    }

    @Test
    void the_extremes_have_numbers_too() {
        assertThat(new RequestId(new UUID(0, 0)).number('P')).isEqualTo("P" + "0".repeat(26));
        assertThat(new RequestId(new UUID(-1, -1)).number('R')).isEqualTo("R7" + "Z".repeat(25));
        assertThat(new RequestId(new UUID(0, 1)).number('P')).isEqualTo("P" + "0".repeat(25) + "1");
        assertThat(new RequestId(new UUID(1, 0)).number('P')).isEqualTo("P" + "0".repeat(13) + "G" + "0".repeat(12));
    }

    @Test
    void one_bit_more_or_less_is_another_number() {
        var seen = new HashSet<String>();
        for (int bit = 0; bit < 64; bit++) {
            seen.add(new RequestId(new UUID(1L << bit, 0)).number('P'));
            seen.add(new RequestId(new UUID(0, 1L << bit)).number('P'));
        }
        assertThat(seen).hasSize(128);
    }

    @Test
    void later_requests_have_greater_numbers_also_within_a_millisecond() {
        var start = Instant.parse("2026-01-01T00:00:00Z");
        var numbers = new ArrayList<String>();
        for (int micros = 0; micros < 3_000; micros++) {
            numbers.add(RequestId.fresh(Clock.fixed(start.plusNanos(1_000L * micros), ZoneOffset.UTC))
                    .number('P'));
        }
        assertThat(numbers).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void a_fresh_one_is_a_time_ordered_uuid_that_nobody_can_guess() {
        var clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00.123Z"), ZoneOffset.UTC);
        var seen = new HashSet<UUID>();
        for (int i = 0; i < 10_000; i++) {
            var id = RequestId.fresh(clock).value();
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(clock.millis());
            seen.add(id);
        }
        assertThat(seen).hasSize(10_000);
    }

    private static UUID decoded(String base32) {
        var bits = BigInteger.ZERO;
        for (char digit : base32.toCharArray()) {
            bits = bits.shiftLeft(5).or(BigInteger.valueOf(DIGITS.indexOf(digit)));
        }
        return new UUID(bits.shiftRight(64).longValue(), bits.longValue());
    }
}
