package io.tallyhook.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

/** The pages, as an administrator sees them who has logged in. */
final class AdminPages implements AutoCloseable {

    private static final int LOOKS = 15;
    private static final int GLANCES = 5;
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private final Application application;
    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(Redirect.NORMAL)
            .build();

    AdminPages(Application application) {
        this.application = application;
        var token = TOKEN.matcher(get("/admin/login"));
        if (!token.find()) {
            throw new IllegalStateException("The login page has no form");
        }
        var form = "username=%s&password=%s&_csrf=%s"
                .formatted(Application.ADMIN, Application.PASSWORD, URLEncoder.encode(token.group(1), UTF_8));
        var page = body(HttpRequest.newBuilder(application.address("/admin/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
        if (TOKEN.matcher(page).results().findAny().isEmpty() || page.contains("id=\"password\"")) {
            throw new IllegalStateException("The administrator could not log in");
        }
    }

    /** Milliseconds that it takes usually. */
    double milliseconds(String path) {
        for (int n = 0; n < GLANCES; n++) {
            var _ = get(path);
        }
        var times = new double[LOOKS];
        for (int n = 0; n < LOOKS; n++) {
            long begin = System.nanoTime();
            var _ = get(path);
            times[n] = (System.nanoTime() - begin) / 1e6;
        }
        return Case.median(times);
    }

    private String get(String path) {
        return body(HttpRequest.newBuilder(application.address(path)));
    }

    private String body(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("%s answered %d".formatted(response.uri(), response.statusCode()));
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while a page was read", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
