package io.tallyhook.sandbox.shop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Goes to the provider's page in the payer's place: the simulated gateway listens on this machine only, the payer's
 * browser may be on another.
 */
@Component
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class PayerBrowser {

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    void follow(String address) {
        var request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 303) {
                throw new ShopProblem(answer.statusCode(), "Alipay refuses: " + answer.body());
            }
        } catch (IOException e) {
            throw new ShopProblem(0, "Alipay does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShopProblem(0, "interrupted");
        }
    }
}
