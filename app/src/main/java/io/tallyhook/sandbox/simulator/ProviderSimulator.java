package io.tallyhook.sandbox.simulator;

import io.tallyhook.payment.Money;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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

    /** How long WeChat Pay takes for a refund, in the provider's time. */
    private static final Duration REFUND_TAKES = Duration.ofMinutes(1);

    private final SandboxKeys keys;
    private final Clock clock;
    private final Settings settings;
    private final SimulatedOrders orders;
    private final CallbackClient client = new CallbackClient();
    private final Notifier notifier;
    private final Timer timer;
    private final WeChatNotices weChatNotices;
    private final AlipayNotices alipayNotices;
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
        this.timer = timer;
        this.workers = workers;
        this.alarm = alarm;
        this.orders = new SimulatedOrders(clock);
        this.notifier = new Notifier(client, executor, timer, clock, settings.timeScale());
        var wire = new WeChatWire(keys, clock);
        var documents = new WeChatDocuments(clock);
        this.weChatNotices = new WeChatNotices(keys, wire, documents, clock);
        this.alipayNotices = new AlipayNotices(keys, clock);
        var prepay = new WeChatPrepay(orders, settings.pages(), clock);
        var refunds = new WeChatRefunds(orders, documents, clock, this::finishRefundLater);
        var trades = new AlipayTrades(orders, settings.pages(), clock);
        this.server = new SimulatorServer(
                settings.port(),
                new WeChatApi(wire, prepay, refunds, orders, documents, clock),
                new AlipayGateway(
                        keys, trades, new AlipayRefunds(orders, trades, clock, this::tellRefund), settings.pages()));
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
        var paid = markPaid(provider, outTradeNo, false);
        paid.ifPresent(order -> notifier.send(payment(order, null)));
        return paid;
    }

    /**
     * Does something a provider, a payer or an attacker might do.
     *
     * @return whether the order was in a state for it
     */
    public boolean misbehave(SimulatedProvider provider, String outTradeNo, Misbehaviour what) {
        var order = orders.find(provider, outTradeNo)
                .filter(found -> Misbehaviour.possibleFor(found).contains(what));
        return order.isPresent()
                && switch (what.effect()) {
                    case TELLS -> told(order.get(), what);
                    case REFUNDS -> refunded(order.get(), what);
                    case PAYS ->
                        markPaid(provider, outTradeNo, what == Misbehaviour.LATE)
                                .map(paid -> paidWith(paid, what))
                                .orElse(false);
                };
    }

    private boolean paidWith(SimulatedOrder paid, Misbehaviour what) {
        switch (what) {
            case TWICE_AT_ONCE -> notifier.sendTwiceAtOnce(payment(paid, null));
            case LOST -> {}
            default -> notifier.send(payment(paid, what));
        }
        return true;
    }

    private boolean told(SimulatedOrder order, Misbehaviour what) {
        var claimed = order.state() == SimulatedOrder.State.PAID ? order : paid(order);
        notifier.send(payment(claimed, what));
        return true;
    }

    private boolean refunded(SimulatedOrder order, Misbehaviour what) {
        var amount = what == Misbehaviour.PARTIAL_REFUND ? (order.refundable() + 1) / 2 : order.refundable();
        var number = "R" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
        var refund = new SimulatedOrder.Refund(
                number, Numbers.refund(clock.instant()), amount, "", order.notifyUrl(), true, clock.instant());
        var after = orders.change(
                order.provider(), order.outTradeNo(), now -> now.refundable() >= amount ? now.with(refund) : now);
        var done = after.filter(now -> now.refund(number).isPresent());
        done.ifPresent(now -> tellRefund(now, refund));
        return done.isPresent();
    }

    private Optional<SimulatedOrder> markPaid(SimulatedProvider provider, String outTradeNo, boolean evenIfClosed) {
        var before = new SimulatedOrder[1];
        return orders.change(provider, outTradeNo, order -> {
                    before[0] = order;
                    return payable(order, evenIfClosed) ? paid(order) : order;
                })
                .filter(after -> payable(before[0], evenIfClosed));
    }

    private static boolean payable(SimulatedOrder order, boolean evenIfClosed) {
        return switch (order.state()) {
            case NOT_PAID -> true;
            case CLOSED -> evenIfClosed;
            case PAID -> false;
        };
    }

    private SimulatedOrder paid(SimulatedOrder order) {
        var now = clock.instant();
        var number = order.provider() == SimulatedProvider.WECHAT
                ? Numbers.weChatTransaction(now)
                : Numbers.alipayTrade(now);
        return order.paid(number, now);
    }

    private Notification payment(SimulatedOrder order, @Nullable Misbehaviour twist) {
        return order.provider() == SimulatedProvider.WECHAT
                ? weChatNotices.payment(order, twist)
                : alipayNotices.payment(order, twist);
    }

    private void tellRefund(SimulatedOrder order, SimulatedOrder.Refund refund) {
        notifier.send(
                order.provider() == SimulatedProvider.WECHAT
                        ? weChatNotices.refund(order, refund)
                        : alipayNotices.refund(order, refund));
    }

    private void finishRefundLater(SimulatedOrder order, String number) {
        timer.in(
                notifier.scaled(REFUND_TAKES),
                () -> orders.change(
                                order.provider(),
                                order.outTradeNo(),
                                now -> now.refund(number)
                                        .map(refund -> now.with(refund.finished(clock.instant())))
                                        .orElse(now))
                        .ifPresent(now -> tellRefund(now, now.refund(number).orElseThrow())));
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
