package io.tallyhook.payment.callback;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Till;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;
import org.springframework.test.context.TestPropertySource;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.WeChatNotification;

/** The public face under abuse, with a real Tomcat on virtual threads as the application has it. */
@PaymentModuleTest
@TestPropertySource(properties = {"spring.threads.virtual.enabled=true", "tallyhook.callbacks.body-within=3s"})
class AbuseIntegrationTests {

    /** Providers give up then. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int SLOW = 500;
    private static final String HEAD = "POST /callbacks/%s/main HTTP/1.1\r\nHost: pay.example.com\r\n";

    private final Door door;
    private final Till till;
    private final int port;

    AbuseIntegrationTests(Door door, Till till, Environment environment) {
        this.door = door;
        this.till = till;
        this.port = environment.getRequiredProperty("local.server.port", Integer.class);
    }

    @Test
    void whileHundredsOfConnectionsAreSlowGoodCallbacksAreAnsweredInTime() throws Exception {
        var slow = new ArrayList<Socket>();
        var over = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int n = 0; n < SLOW; n++) {
                var socket = connected();
                slow.add(socket);
                say(socket, beginning(n));
                threads.execute(() -> trickle(socket, over));
            }
            for (int n = 0; n < 30; n++) {
                var outTradeNo = till.opened("wechat");
                var notification = WeChatNotification.paid(outTradeNo, 1999);
                long began = System.nanoTime();
                assertThat(door.send(notification).body()).isEqualTo("{\"code\":\"SUCCESS\"}");
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE);
            }
            over.countDown();
        } finally {
            for (var socket : slow) {
                socket.close();
            }
        }
    }

    /** Half a head, a head without its body, a body without its end, and one in chunks. */
    private static String beginning(int n) {
        return switch (n % 4) {
            case 0 -> "POST /callbacks/wechat/ma";
            case 1 -> HEAD.formatted("wechat") + "Content-Length: 1000\r\n\r\n";
            case 2 -> HEAD.formatted("alipay") + "Content-Length: 200000\r\n\r\na=1&";
            default -> HEAD.formatted("alipay") + "Transfer-Encoding: chunked\r\n\r\n5\r\na=1&b\r\n";
        };
    }

    private static void trickle(Socket socket, CountDownLatch over) {
        try {
            while (!over.await(200, TimeUnit.MILLISECONDS)) {
                say(socket, "a");
            }
        } catch (IOException shownTheDoor) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aBodyThatTricklesIsNotWaitedFor() throws Exception {
        try (var socket = connected();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var over = new CountDownLatch(1);
            say(socket, HEAD.formatted("wechat") + "Content-Length: 1000\r\n\r\n");
            threads.execute(() -> trickle(socket, over));

            assertThat(firstLine(socket)).contains(" 408 ");
            over.countDown();
        }
    }

    @Test
    void aBodyThatNeverEndsIsCutOffSoonAfterItsLimit() throws Exception {
        try (var socket = connected()) {
            say(socket, HEAD.formatted("wechat") + "Transfer-Encoding: chunked\r\n\r\n");
            var chunk = "2000\r\n" + "x".repeat(0x2000) + "\r\n";
            long sent = 0;
            try {
                while (sent < 64 << 20) {
                    say(socket, chunk);
                    sent += chunk.length();
                }
            } catch (IOException cutOff) {
                // Fine: that is what it should do.
            }
            assertThat(sent).isLessThan(64 << 20);
        }
        isWellAgain();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0\0\0\0\r\n\r\n",
                "GET\r\n\r\n",
                "POST /callbacks/wechat/main HTTP/9.9\r\nHost: a\r\n\r\n",
                "POST /callbacks/wechat/main HTTP/1.1\r\n\r\n",
                "POST /callbacks/wechat/main HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "POST /callbacks/wechat/main HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST /callbacks/wechat/main HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "POST /callbacks/wechat/main HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /actuator/health HTTP/1.1\r\n\r\n",
                "POST /callbacks/wechat/main HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n",
                "POST /callbacks/../admin HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                "POST /callbacks/%2e%2e/%2e%2e HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                "POST /callbacks/wechat%00/main HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
            })
    void whatIsNoHttpIsRefusedAndHarmsNobody(String request) throws Exception {
        try (var socket = connected()) {
            say(socket, request);
            socket.shutdownOutput();
            assertThat(firstLine(socket)).doesNotContain(" 200 ");
        }
        isWellAgain();
    }

    @Test
    void aHeadThatIsFarTooLargeIsRefused() throws Exception {
        try (var socket = connected()) {
            say(socket, HEAD.formatted("wechat") + "X-Large: " + "x".repeat(100_000) + "\r\n\r\n");
            assertThat(firstLine(socket)).doesNotContain(" 200 ");
        } catch (IOException cutOff) {
            assertThat(cutOff).isNotNull();
        }
        isWellAgain();
    }

    /** Signed too, so that it is read. */
    @Test
    void deepJsonAndVeryManyFieldsAreMalformedAndNothingMore() {
        var outTradeNo = till.opened("wechat");
        var paid = WeChatNotification.paid(outTradeNo, 1999);
        for (var deep : List.of("[".repeat(100_000), "{\"a\":".repeat(40_000), "{\"a\":" + "9".repeat(200_000) + "}")) {
            assertThat(door.send(paid.body(body -> deep)).statusCode()).isEqualTo(400);
        }
        assertThat(door.send(paid.content("[".repeat(50_000))).statusCode()).isEqualTo(400);
        var form = AlipayNotification.paid(outTradeNo, 1999).toDelivery();
        var fields = new String(form.body(), UTF_8)
                + IntStream.range(0, 20_000).mapToObj("&x%d=1"::formatted).collect(joining());
        assertThat(door.post("/callbacks/alipay/main", Map.of(), BodyPublishers.ofString(fields))
                        .body())
                .isEqualTo("fail");
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    private void isWellAgain() {
        var outTradeNo = till.opened("alipay");
        assertThat(door.send(AlipayNotification.paid(outTradeNo, 1999)).body()).isEqualTo("success");
    }

    private Socket connected() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private static String firstLine(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (int next; (next = socket.getInputStream().read()) >= 0 && next != '\n'; ) {
            line.append((char) next);
        }
        return line.toString();
    }
}
