package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.membership.Memberships;
import io.tallyhook.membership.Plan;
import io.tallyhook.orders.OrderItem;
import io.tallyhook.orders.Orders;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.callback.CallbackFilter;
import io.tallyhook.payment.callback.CallbackLine;
import io.tallyhook.payment.callback.Callbacks;
import io.tallyhook.payment.provider.alipay.AlipayAccountSource;
import io.tallyhook.payment.provider.wechat.WeChatAccountSource;
import io.tallyhook.wallet.Hold;
import io.tallyhook.wallet.Holds;
import io.tallyhook.wallet.RechargePackage;
import io.tallyhook.wallet.Wallets;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.WeChatNotification;

/** What happens on a day at a shop: people order and pay, and the providers call. Everything by the real ways. */
@TestConfiguration(proxyBeanMethods = false)
class Day {

    private final HttpClient http = HttpClient.newHttpClient();
    private final Environment environment;
    private final Orders orders;
    private final Wallets wallets;
    private final Holds holds;
    private final Memberships memberships;
    private final Payments payments;
    private final Refunds refunds;
    private final Callbacks callbacks;
    private final Clock clock;

    Day(
            Environment environment,
            Orders orders,
            Wallets wallets,
            Holds holds,
            Memberships memberships,
            Payments payments,
            Refunds refunds,
            Callbacks callbacks,
            Clock clock) {
        this.environment = environment;
        this.orders = orders;
        this.wallets = wallets;
        this.holds = holds;
        this.memberships = memberships;
        this.payments = payments;
        this.refunds = refunds;
        this.callbacks = callbacks;
        this.clock = clock;
    }

    /** Our accounts; in a class of their own, for the application needs them before the day begins. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Accounts {

        @Bean
        WeChatAccountSource testWeChatAccounts() {
            return () -> List.of(TestAccounts.weChat());
        }

        @Bean
        AlipayAccountSource testAlipayAccounts() {
            return () -> List.of(TestAccounts.alipay());
        }
    }

    int port() {
        return environment.getRequiredProperty("local.server.port", Integer.class);
    }

    /** Somebody orders something and is about to pay it at this provider. */
    Payment ordered(String userId, String provider, long fen) {
        return ordered(userId, provider, fen, "Tea pot");
    }

    Payment ordered(String userId, String provider, long fen, String name) {
        var item = new OrderItem("TEA-1", name, 1, Money.fen(fen));
        var order = orders.place(RequestId.fresh(clock), new UserId(userId), List.of(item));
        return orders.pay(RequestId.fresh(clock), order.orderNo(), at(provider));
    }

    /** A second attempt to pay the same order, at Alipay. */
    Payment again(Payment first) {
        return orders.pay(RequestId.fresh(clock), first.reference(), at("alipay"));
    }

    void parked(Payment payment) {
        await().atMost(Duration.ofSeconds(20)).until(() -> now(payment).fulfilment() == FulfilmentState.PARKED);
    }

    static PaymentRequest.Channel at(String provider) {
        return new PaymentRequest.Channel(provider, "main", "external", null, Map.of());
    }

    /** Somebody is about to recharge by a package of 100 yuan that gives 8 on top. */
    Payment recharging(String userId) {
        wallets.put(new RechargePackage("P100", Money.fen(10_000), Money.fen(800), Optional.empty(), true));
        var recharge = wallets.recharge(RequestId.fresh(clock), new UserId(userId), "P100");
        return wallets.pay(RequestId.fresh(clock), recharge.rechargeNo(), at("wechat"));
    }

    /** Somebody pays an order from the balance, which is done at once. */
    Payment paysFromBalance(String userId, long fen) {
        var item = new OrderItem("TEA-1", "Tea pot", 1, Money.fen(fen));
        var order = orders.place(RequestId.fresh(clock), new UserId(userId), List.of(item));
        var balance = new PaymentRequest.Channel("wallet", "main", "balance", null, Map.of());
        return fulfilled(orders.pay(RequestId.fresh(clock), order.orderNo(), balance));
    }

    /** Somebody at the desk gives money back. */
    Refund givesBack(Payment payment, long fen) {
        var number = RequestId.fresh(clock).number('F');
        return refunds.request(
                new RefundRequest(payment.outTradeNo(), number, fen, "Returned unopened, 客户退货", AdminTest.USERNAME));
    }

    /** Somebody has an amount of the balance set aside. */
    Hold holds(String userId, long fen, String reference) {
        return holds.place(
                RequestId.fresh(clock), new UserId(userId), Money.fen(fen), reference, Duration.ofDays(2), "shop");
    }

    /** Somebody is about to buy a year of membership. */
    Payment buyingMembership(String userId) {
        memberships.put(new Plan("YEAR", "Year", Money.fen(29_800), 365, true));
        var purchase = memberships.buy(RequestId.fresh(clock), new UserId(userId), "YEAR");
        return memberships.pay(RequestId.fresh(clock), purchase.purchaseNo(), at("alipay"));
    }

    /** The payer pays what he should, and it is handed out. */
    Payment pays(Payment payment) {
        var fen = payment.amount().minorUnits();
        if (payment.provider().equals("alipay")) {
            arrives(AlipayNotification.paid(payment.outTradeNo(), fen));
        } else {
            arrives(WeChatNotification.paid(payment.outTradeNo(), fen));
        }
        return fulfilled(payment);
    }

    /** Somebody ordered, WeChat Pay has confirmed it, and the order is paid. */
    Payment paid(String userId, long fen) {
        var payment = ordered(userId, "wechat", fen);
        return pays(payment);
    }

    Payment fulfilled(Payment payment) {
        await().atMost(Duration.ofSeconds(20)).until(() -> now(payment).fulfilment() == FulfilmentState.SUCCEEDED);
        return now(payment);
    }

    Payment now(Payment payment) {
        return payments.get(payment.outTradeNo());
    }

    /** WeChat Pay calls. @return the delivery as it is in the log */
    CallbackLine arrives(WeChatNotification notification) {
        var request = notification.toRequest();
        return posted("wechat", request.headers(), request.body());
    }

    /** Alipay calls. @return the delivery as it is in the log */
    CallbackLine arrives(AlipayNotification notification) {
        var delivery = notification.toDelivery();
        return posted("alipay", delivery.headers(), delivery.body());
    }

    /** Somebody calls with headers that a proper client would not send. @return the answer, with its status line */
    String sentRawly(String provider, Map<String, String> headers, byte[] body) throws IOException {
        var head = new StringBuilder("POST /callbacks/%s/main HTTP/1.1\r\nHost: localhost\r\n".formatted(provider));
        headers.forEach((name, value) -> head.append("%s: %s\r\n".formatted(name, value)));
        head.append("Connection: close\r\nContent-Length: %d\r\n\r\n".formatted(body.length));
        try (var socket = new Socket("localhost", port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private CallbackLine posted(String provider, Map<String, String> headers, byte[] body) {
        var before = newest();
        var request = HttpRequest.newBuilder(
                        URI.create("http://localhost:%d/callbacks/%s/main".formatted(port(), provider)))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            assertThat(http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isNotEqualTo(503);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        // What is rejected is written to the log in the background.
        return await().until(this::newest, newest -> !newest.equals(before)).getFirst();
    }

    private List<CallbackLine> newest() {
        return callbacks.search(CallbackFilter.all(), new Paging(1, null)).items();
    }
}
