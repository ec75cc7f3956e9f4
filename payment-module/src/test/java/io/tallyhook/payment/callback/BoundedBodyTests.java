package io.tallyhook.payment.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class BoundedBodyTests {

    private static final int LIMIT = 10_000;

    private final BoundedBody bounded = new BoundedBody(DataSize.ofBytes(LIMIT), Duration.ofSeconds(10));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, 8192, LIMIT - 1, LIMIT})
    void a_body_within_the_limit_arrives_whole_with_and_without_its_length(int length) throws IOException {
        var body = bytes(length);

        assertThat(bounded.read(new ByteArrayInputStream(body), length)).isEqualTo(body);
        assertThat(bounded.read(new ByteArrayInputStream(body), -1)).isEqualTo(body);
        assertThat(bounded.read(new DrippingStream(body, 7), -1)).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(ints = {LIMIT + 1, 2 * LIMIT, 10 * LIMIT})
    void one_byte_more_is_too_large_with_and_without_its_length(int length) {
        var body = bytes(length);

        assertThatThrownBy(() -> bounded.read(new ByteArrayInputStream(body), length))
                .isInstanceOf(BoundedBody.TooLarge.class);
        assertThatThrownBy(() -> bounded.read(new ByteArrayInputStream(body), -1))
                .isInstanceOf(BoundedBody.TooLarge.class);
        assertThatThrownBy(() -> bounded.read(new DrippingStream(body, 1000), -1))
                .isInstanceOf(BoundedBody.TooLarge.class);
    }

    @Test
    void an_announced_length_that_is_too_large_is_refused_before_a_byte_is_read() {
        var unreadable = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("must not be read");
            }
        };

        assertThatThrownBy(() -> bounded.read(unreadable, LIMIT + 1L)).isInstanceOf(BoundedBody.TooLarge.class);
        assertThatThrownBy(() -> bounded.read(unreadable, Long.MAX_VALUE)).isInstanceOf(BoundedBody.TooLarge.class);
    }

    @Test
    void a_length_that_was_announced_too_small_does_not_get_round_the_limit() {
        assertThatThrownBy(() -> bounded.read(new ByteArrayInputStream(bytes(LIMIT + 1)), 10))
                .isInstanceOf(BoundedBody.TooLarge.class);
    }

    @Test
    void never_more_than_the_limit_and_one_byte_is_taken_from_the_wire() {
        var endless = new DrippingStream(bytes(50 * LIMIT), 3000);

        assertThatThrownBy(() -> bounded.read(endless, -1)).isInstanceOf(BoundedBody.TooLarge.class);

        assertThat(endless.taken).isLessThanOrEqualTo(LIMIT + 1);
    }

    @Test
    void a_trickle_is_given_up_in_the_middle() {
        var impatient = new BoundedBody(DataSize.ofBytes(LIMIT), Duration.ZERO);
        var trickle = new DrippingStream(bytes(LIMIT), 1);

        assertThatThrownBy(() -> impatient.read(trickle, -1)).isInstanceOf(BoundedBody.TooSlow.class);

        assertThat(trickle.taken).isEqualTo(1);
    }

    private static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Gives only a few bytes at a time, as a network does. */
    private static final class DrippingStream extends InputStream {

        private final byte[] body;
        private final int atOnce;
        private int taken;

        DrippingStream(byte[] body, int atOnce) {
            this.body = body;
            this.atOnce = atOnce;
        }

        @Override
        public int read() {
            return taken < body.length ? body[taken++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (taken == body.length) {
                return -1;
            }
            int now = Math.min(Math.min(atOnce, length), body.length - taken);
            System.arraycopy(body, taken, into, offset, now);
            taken += now;
            return now;
        }
    }
}
