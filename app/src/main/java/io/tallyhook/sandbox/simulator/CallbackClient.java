package io.tallyhook.sandbox.simulator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Posts callbacks. A reply counts only if it is whole within five seconds, and redirects are not followed. */
final class CallbackClient implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MOST_REPLY_BYTES = 64 * 1024;

    /** What came back. */
    record Reply(int status, String body) {}

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    /** @throws IOException with a sentence for people, if there is no reply in time */
    Reply post(URI url, SignedRequest signed) throws IOException {
        var request = HttpRequest.newBuilder(url).timeout(LIMIT).POST(body(signed));
        signed.headers().forEach(request::header);
        var pending = http.sendAsync(
                request.build(),
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_REPLY_BYTES));
        try {
            var reply = pending.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return new Reply(reply.statusCode(), new String(reply.body(), StandardCharsets.UTF_8));
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw new IOException("no whole reply within %d s".formatted(LIMIT.toSeconds()), e);
        } catch (ExecutionException e) {
            throw new IOException("no reply: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the sandbox is stopping", e);
        }
    }

    private static HttpRequest.BodyPublisher body(SignedRequest signed) {
        var whole = HttpRequest.BodyPublishers.ofByteArray(signed.body());
        return signed.chunked() ? HttpRequest.BodyPublishers.fromPublisher(whole) : whole;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
