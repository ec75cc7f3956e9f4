package io.tallyhook.sandbox.simulator;

import io.tallyhook.payment.Money;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;

/** A simulator, a merchant that listens to it, and a timer that is turned by hand. */
final class Sandbox implements AutoCloseable {

    private static final SandboxKeys KEYS = keys();

    final Receiver receiver = new Receiver();
    final HandTimer timer = new HandTimer();
    final MovableClock clock = new MovableClock();
    final ProviderSimulator simulator;

    /** With callbacks sent in the thread that asks for them. */
    Sandbox() {
        this(Runnable::run);
    }

    Sandbox(Executor executor) {
        var settings = new ProviderSimulator.Settings(
                0,
                60,
                (provider, outTradeNo) ->
                        URI.create("http://shop.example/sandbox/pay/%s/%s".formatted(provider.id(), outTradeNo)),
                provider -> receiver.url("/callbacks/%s/sandbox".formatted(provider.id())));
        simulator = ProviderSimulator.start(KEYS, settings, clock, executor, timer);
    }

    SimulatedOrder order(SimulatedProvider provider, String outTradeNo, long fen) {
        return simulator.orderByHand(provider, outTradeNo, Money.fen(fen));
    }

    @Override
    public void close() {
        simulator.close();
        receiver.close();
    }

    private static SandboxKeys keys() {
        return SandboxKeys.in(SandboxFolder.in(Path.of(
                "target", "test-sandbox-%d".formatted(ProcessHandle.current().pid()))));
    }

    /** Remembers what was to happen later, and does it when told. */
    static final class HandTimer implements Timer {

        private record Planned(Duration delay, Runnable task) {}

        private final Deque<Planned> planned = new ArrayDeque<>();
        private final List<Duration> delays = new ArrayList<>();

        @Override
        public synchronized void in(Duration delay, Runnable task) {
            planned.add(new Planned(delay, task));
            delays.add(delay);
        }

        /** All delays that were ever asked for. */
        synchronized List<Duration> delays() {
            return List.copyOf(delays);
        }

        synchronized boolean isIdle() {
            return planned.isEmpty();
        }

        /** Does the next planned thing. */
        void turn() {
            next().run();
        }

        /** Does all planned things, and those that they plan. */
        void runOut() {
            while (!isIdle()) {
                turn();
            }
        }

        private synchronized Runnable next() {
            return planned.removeFirst().task();
        }
    }

    /** A clock that moves when told. */
    static final class MovableClock extends Clock {

        private volatile Instant now = Instant.now();

        void advance(Duration step) {
            now = now.plus(step);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }
}
