package io.tallyhook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends prepared callbacks over loopback, from one thread and a fixed number of connections. Either the next one as soon as
 * a connection is free, or by the clock; then the time of an answer counts from when the callback was due, so that a slow
 * application cannot hide behind callbacks that were sent late.
 */
final class Load implements AutoCloseable {

    private static final long AT_ONCE = 0;
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(20);
    private static final long GLANCE = TimeUnit.MICROSECONDS.toNanos(50);

    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private final Queue<Connection> idle = new ArrayDeque<>();

    Load(int port, int count) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            selector = Selector.open();
            for (int n = 0; n < count; n++) {
                connections.add(new Connection(address, selector));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        idle.addAll(connections);
    }

    Answers send(List<Callback> callbacks) {
        return sendEvery(AT_ONCE, callbacks);
    }

    Answers send(List<Callback> callbacks, double perSecond) {
        return sendEvery(Math.round(1e9 / perSecond), callbacks);
    }

    private Answers sendEvery(long gap, List<Callback> callbacks) {
        var answers = new Answers(callbacks);
        long begin = System.nanoTime();
        long heard = begin;
        int sent = 0;
        try {
            while (!answers.complete()) {
                sent = sendDue(callbacks, sent, begin, gap);
                int ready = gap == AT_ONCE ? selector.select(1_000) : selector.selectNow();
                if (ready > 0) {
                    receive(answers);
                    heard = System.nanoTime();
                } else if (System.nanoTime() - heard > SILENCE) {
                    throw new IllegalStateException("The application has answered nothing for 20 seconds");
                } else if (gap != AT_ONCE) {
                    LockSupport.parkNanos(GLANCE);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answers.within(System.nanoTime() - begin);
    }

    private int sendDue(List<Callback> callbacks, int from, long begin, long gap) throws IOException {
        int next = from;
        while (next < callbacks.size() && !idle.isEmpty()) {
            long now = System.nanoTime();
            long due = gap == AT_ONCE ? now : begin + next * gap;
            if (due > now) {
                break;
            }
            idle.remove().send(next, callbacks.get(next).request(), due);
            next++;
        }
        return next;
    }

    private void receive(Answers answers) throws IOException {
        var ready = List.copyOf(selector.selectedKeys());
        selector.selectedKeys().clear();
        for (var key : ready) {
            if (key.attachment() instanceof Connection connection) {
                connection.receive().ifPresent(reply -> {
                    answers.add(reply, System.nanoTime());
                    idle.add(connection);
                });
            }
        }
    }

    @Override
    public void close() {
        try {
            for (var connection : connections) {
                connection.close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
