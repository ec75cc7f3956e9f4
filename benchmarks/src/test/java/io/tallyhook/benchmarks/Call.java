package io.tallyhook.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/** One call on a connection of its own, whose answer may be long in coming. */
final class Call implements AutoCloseable {

    private final Socket socket;

    Call(int port, byte[] request) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(request);
    }

    /** The beginning of the answer with its status; nothing if there is none yet after so long. */
    Optional<String> answer(Duration within) throws IOException {
        socket.setSoTimeout(Math.toIntExact(within.toMillis()));
        try {
            var bytes = new byte[4_096];
            int read = socket.getInputStream().read(bytes);
            return Optional.of(new String(bytes, 0, Math.max(read, 0), ISO_8859_1));
        } catch (SocketTimeoutException notYet) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
