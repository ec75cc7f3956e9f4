package io.tallyhook.payment.callback;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import org.springframework.util.unit.DataSize;

/** Reads a request body that is bounded in size and in time. */
record BoundedBody(DataSize atMost, Duration within) {

    static final class TooLarge extends IOException {}

    static final class TooSlow extends IOException {}

    /**
     * Reads the body to its end.
     *
     * @param announced the Content-Length, or -1 if there is none
     */
    byte[] read(InputStream in, long announced) throws IOException {
        long limit = atMost.toBytes();
        if (announced > limit) {
            throw new TooLarge();
        }
        long deadline = System.nanoTime() + within.toNanos();
        var bytes = new byte[announced > 0 ? Math.toIntExact(announced) : Math.toIntExact(Math.min(4096, limit))];
        int length = 0;
        for (int read; (read = in.read(bytes, length, bytes.length - length)) >= 0; ) {
            length += read;
            if (System.nanoTime() > deadline) {
                throw new TooSlow();
            }
            if (length == bytes.length) {
                int next = in.read();
                if (next < 0) {
                    // As announced: the usual case, and not copied.
                    return bytes;
                }
                if (length >= limit) {
                    throw new TooLarge();
                }
                bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.min(2L * bytes.length, limit)));
                bytes[length++] = (byte) next;
            }
        }
        return Arrays.copyOf(bytes, length);
    }
}
