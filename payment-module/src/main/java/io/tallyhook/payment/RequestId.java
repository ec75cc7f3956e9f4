package io.tallyhook.payment;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/**
 * The identity of one request to create something. A repeat of the request carries the same one, so that whatever is
 * numbered by it is created once, even if the first try died half way.
 *
 * @param value time-ordered and unguessable (UUID version 7)
 */
public record RequestId(UUID value) {

    /** The request attribute under which the web layer finds the identity of the running POST. */
    public static final String ATTRIBUTE = "io.tallyhook.requestId";

    private static final int NANOS_OF_MILLI = 1_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final char[] BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

    /**
     * A new identity. Later ones sort behind earlier ones, to a quarter of a microsecond: the twelve bits behind the
     * milliseconds are their fraction (RFC 9562, section 6.2, method 3).
     */
    public static RequestId fresh(Clock clock) {
        var now = clock.instant();
        long fraction = now.getNano() % NANOS_OF_MILLI * 0x1000L / NANOS_OF_MILLI;
        long high = (now.toEpochMilli() << 16) | 0x7000L | fraction;
        long low = (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new RequestId(new UUID(high, low));
    }

    /**
     * The number of the one thing of a kind that this request creates: the prefix and 26 characters of {@code 0-9A-Z}.
     *
     * @param prefix one letter that tells people what it numbers, such as {@code P} for a payment
     */
    public String number(char prefix) {
        var text = new StringBuilder(27).append(prefix);
        long high = value.getMostSignificantBits();
        long low = value.getLeastSignificantBits();
        for (int shift = 125; shift >= 0; shift -= 5) {
            text.append(BASE32[bits(high, low, shift)]);
        }
        return text.toString();
    }

    /** Five bits of the 128, the lowest of which stands at {@code shift}. */
    private static int bits(long high, long low, int shift) {
        if (shift >= 64) {
            return (int) (high >>> (shift - 64)) & 31;
        }
        long joined = low >>> shift;
        if (shift > 59) {
            joined |= high << (64 - shift);
        }
        return (int) joined & 31;
    }
}
