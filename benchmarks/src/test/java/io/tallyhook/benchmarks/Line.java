package io.tallyhook.benchmarks;

import io.tallyhook.benchmarks.Connection.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One caller's line to an application that may die in between. */
final class Line implements AutoCloseable {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private final Selector selector = Selector.open();
    private final Connection connection;

    /** @throws IOException if nobody listens there */
    Line(int port) throws IOException {
        try {
            connection = new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), selector);
        } catch (IOException nobodyThere) {
            selector.close();
            throw nobodyThere;
        }
    }

    /** The whole answer, if there was one; if not, the line is of no use any more. */
    Optional<Reply> send(byte[] request) {
        try {
            connection.send(0, request, System.nanoTime());
            return answer().filter(reply -> reply.status() != 0);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private Optional<Reply> answer() throws IOException {
        long end = System.nanoTime() + PATIENCE;
        while (System.nanoTime() < end) {
            if (selector.select(100) > 0) {
                selector.selectedKeys().clear();
                var reply = connection.receive();
                if (reply.isPresent()) {
                    return reply;
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        connection.close();
        selector.close();
    }
}
