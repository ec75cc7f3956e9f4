package io.tallyhook.payment;

import io.tallyhook.payment.provider.Delivery;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.springframework.core.env.Environment;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.WeChatNotification;

/** Sends what providers and shops send, by real HTTP. */
public class Door {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Environment environment;

    Door(Environment environment) {
        this.environment = environment;
    }

    public HttpResponse<String> send(WeChatNotification notification) {
        return send(notification.toDelivery());
    }

    public HttpResponse<String> send(AlipayNotification notification) {
        return send(notification.toDelivery());
    }

    public HttpResponse<String> send(Delivery delivery) {
        return post(
                "/callbacks/%s/%s".formatted(delivery.provider(), delivery.account()),
                delivery.headers(),
                BodyPublishers.ofByteArray(delivery.body()));
    }

    /** Without a Content-Length. */
    public static BodyPublisher chunked(byte[] body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    }

    public HttpResponse<String> post(String path, Map<String, String> headers, BodyPublisher body) {
        return call("POST", path, headers, body);
    }

    public HttpResponse<String> get(String path) {
        return call("GET", path, Map.of(), BodyPublishers.noBody());
    }

    public HttpResponse<String> json(String path, String body) {
        return post(path, Map.of("content-type", "application/json"), BodyPublishers.ofString(body));
    }

    public HttpResponse<String> call(String method, String path, Map<String, String> headers, BodyPublisher body) {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + environment.getRequiredProperty("local.server.port") + path))
                .method(method, body);
        headers.forEach(request::header);
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
