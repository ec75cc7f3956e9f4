package tallyhook.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes bytes wrong in the ways that find most: bits, pieces and words that parsers stumble over. */
public final class Mangler {

    private static final List<byte[]> WORDS = words(
            "\0",
            "\"",
            "\\",
            "\\u0000",
            "\\ud800",
            "{",
            "[",
            "}",
            "]",
            "null",
            "-1",
            "1e999",
            "1e9999999999999999999999999",
            "0.1",
            "9999999999999999999999",
            "NaN",
            "%",
            "%00",
            "%zz",
            "&",
            "=",
            "+",
            "\r\n",
            ",",
            ":",
            "sign=",
            "charset=utf-7",
            "\"amount\":",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":");

    private final Random random;

    public Mangler(Random random) {
        this.random = random;
    }

    private static List<byte[]> words(String... words) {
        return Arrays.stream(words)
                .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    /** The same with one to four things wrong; never the same. */
    public byte[] mangled(byte[] bytes) {
        var now = bytes;
        int times = 1 + random.nextInt(4);
        while (times-- > 0 || Arrays.equals(now, bytes)) {
            now = once(now);
        }
        return now;
    }

    private byte[] once(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(12));
        return switch (random.nextInt(7)) {
            case 0 -> flipped(bytes);
            case 1 -> joined(bytes, from, new byte[0], to);
            case 2 -> joined(bytes, from, WORDS.get(random.nextInt(WORDS.size())), to);
            case 3 -> joined(bytes, from, WORDS.get(random.nextInt(WORDS.size())), from);
            case 4 -> joined(bytes, from, Arrays.copyOfRange(bytes, Math.min(to, from), to), from);
            case 5 -> Arrays.copyOf(bytes, from);
            default -> joined(bytes, from, noise(), to);
        };
    }

    private byte[] flipped(byte[] bytes) {
        var flipped = bytes.clone();
        if (flipped.length > 0) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] noise() {
        var noise = new byte[random.nextInt(9)];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] joined(byte[] bytes, int upTo, byte[] between, int from) {
        var joined = new ByteArrayOutputStream();
        joined.write(bytes, 0, upTo);
        joined.writeBytes(between);
        joined.write(bytes, from, bytes.length - from);
        return joined.toByteArray();
    }
}
