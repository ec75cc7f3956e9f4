package io.tallyhook.sandbox.simulator;

import io.tallyhook.payment.Money;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * WeChat Pay and Alipay in one process: they take orders over HTTP, their payers pay by {@link #pay}, and they tell the
 * merchant by signed callbacks. Everything but the money is as in the providers' documentation.
 */
public final class ProviderSimulator implements AutoCloseable {

    private final SandboxKeys keys;
    private final Clock clock;
    private final Settings settings;
    private final SimulatedOrders orders;
    private final CallbackClient client = new CallbackClient();
    private final Notifier notifier;
    private final SimulatedEvents events;
    private final SimulatorServer server;
    private final @Nullable ExecutorService workers;
    private final @Nullable ScheduledExecutorService alarm;

    /**
     * How it is set up.
     *
     * @param port of its web server on the loopback address, 0 for any
     * @param timeScale how many times faster than the real providers it repeats callbacks, at least 1
     * @param pages where payers are sent
     * @param callbacks where callbacks of orders made by hand go
     */
    public record Settings(int port, int timeScale, PayerPages pages, Function<SimulatedProvider, URI> callbacks) {

        public Settings {
            if (timeScale < 1) {
                throw new IllegalArgumentException("tallyhook.sandbox.time-scale must be at least 1");
            }
        }
    }

    /** Starts it, with threads of its own. */
    public static ProviderSimulator start(SandboxKeys keys, Settings settings, Clock clock) {
        var workers = Executors.newVirtualThreadPerTaskExecutor();
        var alarm = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("sandbox-timer").daemon().factory());
        Timer timer = (delay, task) -> {
            var _ = alarm.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        };
        return new ProviderSimulator(keys, settings, clock, workers, timer, workers, alarm);
    }

    /** Starts it with the threads and the timer of a test. */
    static ProviderSimulator start(SandboxKeys keys, Settings settings, Clock clock, Executor executor, Timer timer) {
        return new ProviderSimulator(keys, settings, clock, executor, timer, null, null);
    }

    private ProviderSimulator(
            SandboxKeys keys,
            Settings settings,
            Clock clock,
            Executor executor,
            Timer timer,
            @Nullable ExecutorService workers,
            @Nullable ScheduledExecutorService alarm) {
        this.keys = keys;
        this.settings = settings;
        this.clock = clock;
        this.workers = workers;
        this.alarm = alarm;
        this.orders = new SimulatedOrders(clock);
        this.notifier = new Notifier(client, executor, timer, clock, settings.timeScale());
        var wire = new WeChatWire(keys, clock);
        var documents = new WeChatDocuments(clock);
        this.events = new SimulatedEvents(
                orders,
                new WeChatNotices(keys, wire, documents, clock),
                new AlipayNotices(keys, clock),
                notifier,
                timer,
                clock);
        var prepay = new WeChatPrepay(orders, settings.pages(), clock);
        var refunds = new WeChatRefunds(orders, documents, clock, events::finishRefundLater);
        var trades = new AlipayTrades(orders, settings.pages(), clock);
        this.server = new SimulatorServer(
                settings.port(),
                new WeChatApi(wire, prepay, refunds, orders, documents, clock),
                new AlipayGateway(
                        keys, trades, new AlipayRefunds(orders, trades, clock, events::tellRefund), settings.pages()));
    }

    /** Where the application calls WeChat Pay. */
    public URI weChatBaseUrl() {
        return server.baseUrl();
    }

    /** Where the application calls Alipay. */
    public URI alipayGateway() {
        return server.baseUrl().resolve("/gateway.do");
    }

    public SandboxKeys keys() {
        return keys;
    }

    /** The newest first. */
    public List<SimulatedOrder> orders() {
        return orders.newestFirst();
    }

    public Optional<SimulatedOrder> order(SimulatedProvider provider, String outTradeNo) {
        return orders.find(provider, outTradeNo);
    }

    /** All callbacks sent, the newest first. */
    public List<Attempt> attempts() {
        return notifier.newestFirst();
    }

    /** The callbacks sent for one payment, the newest first. */
    public List<Attempt> attempts(String outTradeNo) {
        return notifier.newestFirst().stream()
                .filter(attempt -> attempt.outTradeNo().equals(outTradeNo))
                .toList();
    }

    /** What a shop does that orders at the provider itself: an order of that number, unless there is one already. */
    public SimulatedOrder orderByHand(SimulatedProvider provider, String outTradeNo, Money amount) {
        var url = settings.callbacks().apply(provider);
        var product = provider == SimulatedProvider.WECHAT ? "NATIVE" : "alipay.trade.precreate";
        return orders.known(
                provider,
                outTradeNo,
                () -> SimulatedOrder.fresh(
                        provider, outTradeNo, amount, outTradeNo, product, "by hand", url, clock.instant()));
    }

    /** A payer opens the order, for example by scanning its code. */
    public Optional<SimulatedOrder> open(SimulatedProvider provider, String outTradeNo) {
        return orders.change(provider, outTradeNo, SimulatedOrder::seenByPayer);
    }

    /**
     * A payer pays the order, and the provider begins to tell the merchant.
     *
     * @return the order as it is then; empty if it cannot be paid (any more)
     */
    public Optional<SimulatedOrder> pay(SimulatedProvider provider, String outTradeNo) {
        return events.pay(provider, outTradeNo);
    }

    /**
     * Does something a provider, a payer or an attacker might do.
     *
     * @return whether the order was in a state for it
     */
    public boolean misbehave(SimulatedProvider provider, String outTradeNo, Misbehaviour what) {
        return events.misbehave(provider, outTradeNo, what);
    }

    @Override
    public void close() {
        if (alarm != null) {
            alarm.shutdownNow();
        }
        if (workers != null) {
            workers.shutdownNow();
        }
        client.close();
        server.close();
    }
}
