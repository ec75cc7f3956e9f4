package io.tallyhook.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.access.ApiKeys;
import io.tallyhook.access.Scope;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A shop pays from the balances of its customers, over HTTP and with a key: from the recharge to what was bought. */
class BalancePaymentsOverHttpIntegrationTests extends WholeApplication {

    private final String user = "w" + UUID.randomUUID();
    private final String wallet = "/api/v1/wallets/" + user;

    @Autowired
    private ApiKeys keys;

    @Autowired
    private ProviderSimulator simulator;

    @Autowired
    private Shelf shelf;

    private final Merchant shop;

    BalancePaymentsOverHttpIntegrationTests(@Autowired ApiKeys keys) {
        this.shop = Merchant.with(keys, Scope.values());
    }

    @BeforeEach
    void thePackagesAndPlansAreThere() {
        assertThat(shelf.packages()).isNotEmpty();
        assertThat(shelf.plans()).isNotEmpty();
    }

    @Test
    void anOrderIsPaidAtOnceAndTheStatementTellsWhatOfEachPart() {
        shop.topUp(simulator, user, "recharge-100");
        var order = shop.order(user, 5_500);

        var payment = shop.payFromBalance(newKey(), order).with(201);

        assertThat(payment.text("state")).isEqualTo("PAID");
        assertThat(payment.text("account")).isEqualTo("main");
        assertThat(payment.text("providerTransactionId")).startsWith("J");
        eventually(order, "PAID");
        eventuallyFulfilled(payment.text("outTradeNo"));
        has(5_000, 500);
        var lines = shop.get(wallet + "/entries").with(200).body().path("items");
        assertThat(lines.size()).isEqualTo(4);
        assertThat(lines.valueStream()
                        .filter(line -> line.path("kind").asString().equals("SPEND")
                                && line.path("reference").asString().equals(order.replaceFirst(".*/", "")))
                        .mapToLong(line -> line.path("amount").asLong()))
                .containsExactlyInAnyOrder(-5_000L, -500L);
    }

    @Test
    void aMembershipIsGrantedForMoneyOfTheBalance() {
        shop.topUp(simulator, user, "recharge-100");
        var bought = shop.post(
                        "/api/v1/membership-purchases",
                        "{\"userId\":\"%s\",\"planCode\":\"vip-month\"}".formatted(user))
                .with(201);
        var purchase = "/api/v1/membership-purchases/" + bought.text("purchaseNo");

        shop.payFromBalance(newKey(), purchase).with(201);

        eventually(purchase, "GRANTED");
        var membership = shop.get("/api/v1/memberships/" + user).with(200).body();
        assertThat(membership.path("active").asBoolean()).isTrue();
        has(7_728, 772);
    }

    @Test
    void aBalanceThatIsTooSmallIsRefusedWithoutATraceAndPaysOnceItIsFilled() {
        shop.topUp(simulator, user, "recharge-50");
        var order = shop.order(user, 5_001);
        var key = newKey();

        shop.payFromBalance(key, order).refusedAs(409, "insufficient-balance");

        assertThat(shop.get(order).body().path("payments").size()).isZero();
        assertThat(shop.get(order).text("state")).isEqualTo("AWAITING_PAYMENT");
        has(5_000, 0);
        shop.topUp(simulator, user, "recharge-50");
        shop.payFromBalance(key, order).refusedAs(409, "insufficient-balance");
        shop.payFromBalance(newKey(), order).with(201);
        has(4_999, 0);
    }

    @Test
    void whoNeverRechargedPaysNothing() {
        shop.payFromBalance(newKey(), shop.order(user, 1)).refusedAs(409, "insufficient-balance");

        has(0, 0);
    }

    @Test
    void aRepeatGetsTheFirstAnswerAndAnotherRequestIsRefusedAndNeitherTakesAnything() {
        shop.topUp(simulator, user, "recharge-50");
        var order = shop.order(user, 2_000);
        var key = newKey();

        var first = shop.payFromBalance(key, order).with(201);
        var repeat = shop.payFromBalance(key, order).with(201);
        eventually(order, "PAID");
        var other = shop.payFromBalance(newKey(), order);

        assertThat(repeat.body()).isEqualTo(first.body());
        other.refusedAs(409, "order-not-payable");
        assertThat(shop.get(order).body().path("payments").size()).isOne();
        has(3_000, 0);
    }

    @Test
    void ofManyRequestsAtOnceOnePays() throws InterruptedException {
        shop.topUp(simulator, user, "recharge-50");
        var order = shop.order(user, 2_000);
        var pay = (Callable<Integer>) () -> shop.payFromBalance(newKey(), order).status();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses = threads
                    .invokeAll(IntStream.range(0, 8).mapToObj(i -> pay).toList())
                    .stream()
                    .map(Future::resultNow)
                    .sorted()
                    .toList();
            assertThat(statuses).isEqualTo(List.of(201, 409, 409, 409, 409, 409, 409, 409));
        }
        has(3_000, 0);
    }

    @Test
    void aRechargeIsNotPaidFromTheBalanceThatItFills() {
        shop.topUp(simulator, user, "recharge-50");
        var recharge = shop.post("/api/v1/recharges", "{\"userId\":\"%s\",\"amount\":100}".formatted(user))
                .with(201);

        shop.payFromBalance(newKey(), "/api/v1/recharges/" + recharge.text("rechargeNo"))
                .refusedAs(409, "recharge-from-balance");

        has(5_000, 0);
    }

    @Test
    void whoMayOnlyReadOrdersPaysNothing() {
        shop.topUp(simulator, user, "recharge-50");
        var order = shop.order(user, 2_000);
        var reader = Merchant.with(keys, Scope.ORDERS_READ, Scope.WALLETS_WRITE, Scope.PAYMENTS_WRITE);

        reader.payFromBalance(newKey(), order).with(403);

        has(5_000, 0);
    }

    private void has(long principal, long bonus) {
        var holds = shop.get(wallet).with(200);
        assertThat(List.of(holds.number("principal"), holds.number("bonus"))).isEqualTo(List.of(principal, bonus));
    }

    private void eventually(String path, String state) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(shop.get(path).text("state")).isEqualTo(state));
    }

    private void eventuallyFulfilled(String outTradeNo) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                shop.get("/api/v1/payments/" + outTradeNo).text("fulfilment"))
                        .isEqualTo("SUCCEEDED"));
    }

    private static String newKey() {
        return UUID.randomUUID().toString();
    }
}
