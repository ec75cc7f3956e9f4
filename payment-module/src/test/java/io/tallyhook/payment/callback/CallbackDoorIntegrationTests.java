package io.tallyhook.payment.callback;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.Verdict;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;
import tallyhook.testing.WeChatNotification;

/** The door itself: addresses, methods, sizes, floods, and what is kept. */
@PaymentModuleTest
class CallbackDoorIntegrationTests {

    private static final int LIMIT = 256 * 1024;

    private final Door door;
    private final Till till;
    private final JdbcClient jdbc;
    private final CallbackCounts counts;
    private final CallbackLog callbackLog;
    private final TransactionTemplate transaction;
    private final LoggedCallbacks logged;

    CallbackDoorIntegrationTests(
            Door door,
            Till till,
            JdbcClient jdbc,
            CallbackCounts counts,
            CallbackLog callbackLog,
            PlatformTransactionManager transactions) {
        this.door = door;
        this.till = till;
        this.jdbc = jdbc;
        this.counts = counts;
        this.callbackLog = callbackLog;
        this.transaction = new TransactionTemplate(transactions);
        this.logged = new LoggedCallbacks(jdbc);
    }

    @Test
    void a_body_over_256_kib_is_refused_and_counted_but_not_stored() {
        long before = counted("wechat", "main", "BODY_TOO_LARGE");
        int rows = logged.count();
        var body = new byte[LIMIT + 1];

        var announced = door.post("/callbacks/wechat/main", Map.of(), BodyPublishers.ofByteArray(body));
        var unannounced = door.post("/callbacks/wechat/main", Map.of(), Door.chunked(body));

        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(unannounced.statusCode()).isEqualTo(413);
        assertThat(counted("wechat", "main", "BODY_TOO_LARGE")).isEqualTo(before + 2);
        assertThat(logged.count()).isEqualTo(rows);
    }

    @Test
    void a_body_of_256_kib_is_still_read() {
        var outTradeNo = till.opened("wechat");
        var small = WeChatNotification.paid(outTradeNo, 1999);
        int missing = LIMIT - small.toRequest().body().length;
        var large = small.body(body -> body + " ".repeat(missing));

        var request = large.toRequest();
        assertThat(request.body()).hasSize(LIMIT);
        assertThat(door.post("/callbacks/wechat/main", request.headers(), Door.chunked(request.body()))
                        .body())
                .isEqualTo("{\"code\":\"SUCCESS\"}");
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
    }

    /** c31: the address chooses nothing but one of our own accounts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/callbacks/wechat/nobody",
                "/callbacks/paypal/main",
                "/callbacks/wallet/main",
                "/callbacks/wechat",
                "/callbacks/wechat/",
                "/callbacks/",
                "/callbacks",
                "/callbacks/wechat/main/extra",
                "/callbacks/WeChat/main",
                "/callbacks/wechat/MAIN",
                "/callbacks//main"
            })
    void an_unknown_address_is_not_found_and_counted_but_not_stored(String path) {
        long before = counted("unknown", "unknown", "UNKNOWN_ADDRESS");
        int rows = logged.count();

        assertThat(door.post(path, Map.of(), BodyPublishers.ofString("{}")).statusCode())
                .isEqualTo(404);

        assertThat(counted("unknown", "unknown", "UNKNOWN_ADDRESS")).isEqualTo(before + 1);
        assertThat(logged.count()).isEqualTo(rows);
    }

    /** c33 */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void nothing_but_post_is_taken(String method) {
        var reply = door.call(method, "/callbacks/wechat/main", Map.of(), BodyPublishers.noBody());

        assertThat(reply.statusCode()).isEqualTo(405);
        assertThat(reply.headers().firstValue("allow")).hasValue("POST");
    }

    /** c33: often typed into a provider's console. */
    @Test
    void one_slash_more_at_the_end_is_forgiven() {
        var outTradeNo = till.opened("alipay");
        var paid = AlipayNotification.paid(outTradeNo, 1999).toDelivery();

        var reply = door.post("/callbacks/alipay/main/", paid.headers(), BodyPublishers.ofByteArray(paid.body()));

        assertThat(reply.body()).isEqualTo("success");
        assertThat(logged.only(outTradeNo).outcome()).isEqualTo("CONFIRMED");
    }

    /** c3: no header of the sender switches anything off. */
    @Test
    void forwarding_headers_and_cookies_change_nothing() {
        var outTradeNo = till.opened("wechat");
        var forged = WeChatNotification.paid(outTradeNo, 1999)
                .signedWith(TestKeys.stranger().getPrivate())
                .header("x-forwarded-host", "localhost")
                .header("x-forwarded-for", "127.0.0.1")
                .header("forwarded", "for=127.0.0.1;host=localhost")
                .header("cookie", "debug=1");

        assertThat(door.send(forged).statusCode()).isEqualTo(401);
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void a_reply_is_exactly_its_bytes() {
        var reply = door.send(WeChatNotification.paid(till.opened("wechat"), 1999));

        assertThat(reply.headers().firstValue("content-length")).hasValue("18");
        assertThat(reply.headers().firstValue("content-type").orElseThrow()).startsWith("application/json");
        assertThat(reply.headers().firstValue("set-cookie")).isEmpty();
    }

    /** c25: what is not needed is not kept, least of all somebody's credentials. */
    @Test
    void only_headers_on_the_list_are_kept() {
        var outTradeNo = till.opened("wechat");

        door.send(WeChatNotification.paid(outTradeNo, 1999)
                .header("authorization", "Bearer secret")
                .header("cookie", "session=secret")
                .header("x-real-ip", "10.0.0.1")
                .header("user-agent", "Mozilla/4.0")
                .header("request-id", "R-1"));

        var line = logged.only(outTradeNo);
        assertThat(line.headers())
                .contains("wechatpay-serial", "wechatpay-signature", "Mozilla/4.0", "R-1")
                .doesNotContainIgnoringCase("secret", "10.0.0.1", "authorization", "cookie");
    }

    @Test
    void a_usual_row_is_under_two_kilobytes() {
        var byWeChat = till.opened("wechat");
        var byAlipay = till.opened("alipay");

        door.send(WeChatNotification.paid(byWeChat, 1999).header("user-agent", "Mozilla/4.0"));
        door.send(AlipayNotification.paid(byAlipay, 1999));

        assertThat(logged.only(byWeChat).size()).isLessThan(2048);
        assertThat(logged.only(byAlipay).size()).isLessThan(2048);
    }

    @Test
    void a_flood_of_refused_deliveries_is_stored_up_to_its_bound_and_then_counted() {
        var noon = Instant.parse("2026-01-01T12:00:30Z");
        var settings = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("tallyhook.callbacks", CallbackSettings.class);
        var atNoon = Clock.fixed(noon, ZoneOffset.UTC);
        var countsAtNoon = new CallbackCounts(jdbc, atNoon);
        var rejected = new RejectedDeliveries(callbackLog, countsAtNoon, settings, atNoon);
        rejected.start();
        for (int i = 0; i < 100; i++) {
            rejected.keep(refused("a probe"));
        }
        rejected.stop();
        countsAtNoon.flush();

        assertThat(stored("noisy", noon)).isEqualTo(60);
        assertThat(jdbc.sql(
                                "SELECT sum(n) FROM payment.callback_count WHERE account = 'noisy' AND reason = 'SIGNATURE_WRONG'")
                        .query(Long.class)
                        .single())
                .isEqualTo(40);
    }

    @Test
    void a_few_huge_refused_deliveries_use_up_the_minute_too() {
        var later = Instant.parse("2026-01-01T13:00:30Z");
        var clock = new MovingClock(later);
        var settings = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("tallyhook.callbacks", CallbackSettings.class);
        var budget = new RejectedBudget(settings, clock);
        var huge = refused("x".repeat(LIMIT)).delivery();

        for (int i = 0; i < 4; i++) {
            assertThat(budget.affords(huge)).isTrue();
        }
        assertThat(budget.affords(huge)).isFalse();
        assertThat(budget.affords(WeChatNotification.paid("P1", 1).toDelivery()))
                .isTrue();
        clock.passes(Duration.ofMinutes(1));
        assertThat(budget.affords(huge)).isTrue();
    }

    private static RejectedDeliveries.Refused refused(String body) {
        var delivery = WeChatNotification.paid("P1", 1)
                .by(TestAccounts.weChat("noisy"))
                .body(any -> body)
                .toDelivery(Instant.parse("2026-01-01T12:00:30Z"));
        var verdict = new Verdict.Rejected(Rejection.SIGNATURE_WRONG, "a signature", "no\0ne");
        return new RejectedDeliveries.Refused(delivery, verdict, 401, 1);
    }

    private int stored(String account, Instant at) {
        return jdbc.sql("SELECT count(*) FROM payment.callback WHERE account = :account AND received_at = :at")
                .param("account", account)
                .param("at", Timestamp.from(at))
                .query(Integer.class)
                .single();
    }

    /** A success is promised only after the commit; before it, nothing is. */
    @Test
    void while_a_payment_cannot_be_booked_the_provider_is_told_to_come_again_and_then_it_is_booked_once()
            throws Exception {
        var byWeChat = till.opened("wechat");
        var byAlipay = till.opened("alipay");
        var weChat = WeChatNotification.paid(byWeChat, 1999);
        var alipay = AlipayNotification.paid(byAlipay, 1999);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            transaction.executeWithoutResult(status -> {
                jdbc.sql("SELECT 1 FROM payment.payment WHERE out_trade_no IN (:numbers) FOR UPDATE")
                        .param("numbers", List.of(byWeChat, byAlipay))
                        .query(Integer.class)
                        .list();
                long started = System.nanoTime();
                var first = CompletableFuture.supplyAsync(() -> door.send(weChat), threads);
                var second = CompletableFuture.supplyAsync(() -> door.send(alipay), threads);

                assertThat(first.join().statusCode()).isEqualTo(503);
                assertThat(first.join().body()).isEqualTo("{\"code\":\"FAIL\",\"message\":\"OUR_FAULT\"}");
                assertThat(second.join().statusCode()).isEqualTo(503);
                assertThat(second.join().body()).isEqualTo("fail");
                // The lock is held all the while; more than four seconds are the machine's, when it is busy.
                assertThat(Duration.ofNanos(System.nanoTime() - started))
                        .isBetween(Duration.ofMillis(3900), Duration.ofSeconds(12));
            });
        }

        assertThat(door.send(weChat).body()).isEqualTo("{\"code\":\"SUCCESS\"}");
        assertThat(door.send(alipay).body()).isEqualTo("success");
        for (var outTradeNo : List.of(byWeChat, byAlipay)) {
            till.settled(outTradeNo);
            assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
            Awaitility.await().until(() -> logged.outcomes(outTradeNo).contains("CONFIRMED"));
            assertThat(logged.outcomes(outTradeNo).stream().filter("CONFIRMED"::equals))
                    .hasSize(1);
        }
    }

    @Test
    void a_body_that_is_not_text_is_kept_as_it_came() {
        var bytes = new byte[] {0, 1, (byte) 0xFF, (byte) 0xFE, 0};
        var userAgent = "binary-" + System.nanoTime();

        assertThat(door.post(
                                "/callbacks/wechat/shop-2",
                                Map.of("user-agent", userAgent),
                                BodyPublishers.ofByteArray(bytes))
                        .statusCode())
                .isEqualTo(401);

        var row = logged.withUserAgent(userAgent);
        assertThat(jdbc.sql("SELECT body FROM payment.callback WHERE id = :id::uuid")
                        .param("id", row.id())
                        .query(byte[].class)
                        .single())
                .isEqualTo(bytes);
    }

    private long counted(String provider, String account, String reason) {
        counts.flush();
        return jdbc.sql("""
                        SELECT coalesce(sum(n), 0) FROM payment.callback_count
                        WHERE provider = :provider AND account = :account AND reason = :reason
                        """)
                .param("provider", provider)
                .param("account", account)
                .param("reason", reason)
                .query(Long.class)
                .single();
    }
}
