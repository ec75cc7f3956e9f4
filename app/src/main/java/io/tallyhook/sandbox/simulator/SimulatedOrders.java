package io.tallyhook.sandbox.simulator;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** All orders the simulated providers know, the newest {@value #MOST} of them. Safe for many threads. */
final class SimulatedOrders {

    /** More than a person can look through; an order takes about a kilobyte. */
    static final int MOST = 2_000;

    private record Key(SimulatedProvider provider, String outTradeNo) {}

    private final Clock clock;
    private final LinkedHashMap<Key, SimulatedOrder> orders = new LinkedHashMap<>();

    SimulatedOrders(Clock clock) {
        this.clock = clock;
    }

    synchronized Optional<SimulatedOrder> find(SimulatedProvider provider, String outTradeNo) {
        return Optional.ofNullable(orders.get(new Key(provider, outTradeNo))).map(order -> order.asOf(clock.instant()));
    }

    synchronized Optional<SimulatedOrder> find(Predicate<SimulatedOrder> wanted) {
        return orders.values().stream().filter(wanted).findFirst().map(order -> order.asOf(clock.instant()));
    }

    synchronized List<SimulatedOrder> newestFirst() {
        var now = clock.instant();
        var all = new ArrayList<SimulatedOrder>();
        orders.values().forEach(order -> all.addFirst(order.asOf(now)));
        return List.copyOf(all);
    }

    /** Puts the order in unless its number is known already, and answers the one that is there then. */
    synchronized SimulatedOrder known(SimulatedProvider provider, String outTradeNo, Supplier<SimulatedOrder> fresh) {
        var order = orders.computeIfAbsent(new Key(provider, outTradeNo), key -> fresh.get());
        while (orders.size() > MOST) {
            orders.pollFirstEntry();
        }
        return order.asOf(clock.instant());
    }

    synchronized Optional<SimulatedOrder> change(
            SimulatedProvider provider, String outTradeNo, UnaryOperator<SimulatedOrder> change) {
        return Optional.ofNullable(orders.computeIfPresent(
                new Key(provider, outTradeNo), (key, order) -> change.apply(order.asOf(clock.instant()))));
    }
}
