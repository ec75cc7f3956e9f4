package io.tallyhook.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A load that loses or doubles something would let a wrong application pass. */
class LoadTests {

    private static final int CONNECTIONS = 8;
    private static final Provider ALIPAY = new Alipay();

    private final Map<String, Integer> received = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer application;

    LoadTests() throws IOException {
        application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void listen() {
        application.createContext("/callbacks/alipay/main", this::answer);
        application.setExecutor(threads);
        application.start();
    }

    @AfterEach
    void stop() {
        application.stop(0);
        threads.close();
    }

    /** As the number of the payment says; every seventh connection is closed after its answer. */
    private void answer(HttpExchange exchange) throws IOException {
        var form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        var number = form.replaceAll(".*out_trade_no=([^&]*).*", "$1");
        int n = received.merge(number, 1, Integer::sum) + Integer.parseInt(number.substring(3));
        if (n % 7 == 0) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
        var body = (number.startsWith("PBA") ? "fail" : "success").getBytes(UTF_8);
        exchange.sendResponseHeaders(number.startsWith("PAG") ? 503 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void everyCallbackIsSentAndAnsweredOnceAlsoOverConnectionsThatAreClosed() {
        var answers = send(callbacks("POK", 300));

        assertThat(received).hasSize(300).containsValue(1).doesNotContainValue(2);
        assertThat(answers.acknowledged()).hasSize(300).doesNotHaveDuplicates();
        assertThat(answers.again()).isEmpty();
    }

    @Test
    void onlyASuccessReplyIsTakenForAnAcknowledgement() {
        assertThat(send(callbacks("PBA", 5)).acknowledged()).isEmpty();

        var answers = send(callbacks("PAG", 5));
        assertThat(answers.acknowledged()).isEmpty();
        assertThat(answers.again()).hasSize(5);
    }

    @Test
    void byTheClockNothingIsSentBeforeItsTime() {
        try (var load = new Load(application.getAddress().getPort(), CONNECTIONS)) {
            var answers = load.send(callbacks("POK", 50), 100);

            assertThat(answers.acknowledged()).hasSize(50);
            assertThat(answers.time()).isGreaterThanOrEqualTo(Duration.ofMillis(490));
        }
    }

    private Answers send(List<Callback> callbacks) {
        try (var load = new Load(application.getAddress().getPort(), CONNECTIONS)) {
            return load.send(callbacks);
        }
    }

    private List<Callback> callbacks(String prefix, int count) {
        var payments = IntStream.range(0, count)
                .mapToObj(n -> new OpenPayment(prefix + "%05d".formatted(n), 1_999))
                .toList();
        return Callback.genuine(payments, ALIPAY, Clock.systemUTC());
    }
}
