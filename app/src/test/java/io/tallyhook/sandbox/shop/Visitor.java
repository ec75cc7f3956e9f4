package io.tallyhook.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody who visits the shop's pages over HTTP, with the cookies and the form tokens of a browser. */
final class Visitor {

    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    HttpResponse<String> get(String path) {
        return get(path, "en");
    }

    HttpResponse<String> get(String path, String language) {
        return send(HttpRequest.newBuilder(address(path)).header("Accept-Language", language));
    }

    HttpResponse<String> post(String path, Map<String, String> fields) {
        return post(path, fields, "en");
    }

    HttpResponse<String> post(String path, Map<String, String> fields, String language) {
        var token = TOKEN.matcher(get("/sandbox").body());
        assertThat(token.find()).isTrue();
        var form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(address(path))
                .header("Accept-Language", language)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "_csrf=%s&%s".formatted(URLEncoder.encode(token.group(1), StandardCharsets.UTF_8), form))));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return browser.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static URI address(String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(WholeApplication.PORT, path));
    }
}
