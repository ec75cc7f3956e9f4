package tallyhook.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A provider's server as far as one test needs it, on loopback; it can also answer late or never. */
public final class StubServer implements AutoCloseable {

    static {
        // Else each answer waits 40 ms for a packet that acknowledges its headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Function<Request, Response> behaviour = request -> Response.of(500, "");

    public StubServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public void answers(Function<Request, Response> behaviour) {
        this.behaviour = behaviour;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What arrived, in order. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** As if nothing had arrived yet; for who asks a million times. */
    public void forget() {
        requests.clear();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    exchange.getRequestHeaders(),
                    exchange.getRequestBody().readAllBytes());
            requests.add(request);
            var response = behaviour.apply(request);
            if (response.hangs == Hangs.BEFORE_HEADERS) {
                closed.await();
            }
            response.headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(response.status, response.body.length == 0 ? -1 : 0);
            if (response.body.length > 0) {
                exchange.getResponseBody().write(response.body);
                exchange.getResponseBody().flush();
            }
            if (response.hangs == Hangs.BEFORE_END) {
                closed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public record Request(String method, URI uri, Headers headers, byte[] body) {

        /** Path and query as they were sent. */
        public String target() {
            return uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
        }

        public String text() {
            return new String(body, UTF_8);
        }

        public String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    public record Response(int status, Map<String, String> headers, byte[] body, Hangs hangs) {

        public static Response of(int status, String body) {
            return new Response(status, Map.of(), body.getBytes(UTF_8), Hangs.NEVER);
        }

        public Response with(Map<String, String> headers) {
            return new Response(status, headers, body, hangs);
        }

        public Response hanging(Hangs hangs) {
            return new Response(status, headers, body, hangs);
        }
    }

    /** When an answer gets stuck until the test is over. */
    public enum Hangs {
        NEVER,
        BEFORE_HEADERS,
        BEFORE_END
    }
}
