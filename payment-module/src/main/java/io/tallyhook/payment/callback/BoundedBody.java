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
        var bytes = new byte[announced >= 0 ? Math.toIntExact(announced) + 1 : 4096];
        int length = 0;
        for (int read; (read = in.read(bytes, length, bytes.length - length)) >= 0; ) {
            length += read;
            if (length > limit) {
                throw new TooLarge();
            }
            if (System.nanoTime() > deadline) {
                throw new TooSlow();
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.min(2L * bytes.length, limit + 1)));
            }
        }
        return Arrays.copyOf(bytes, length);
    }
}
