package io.tallyhook.sandbox.shop;

import io.tallyhook.sandbox.OwnAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tallyhook as a shop sees it: over HTTP, with an API key, nothing else. */
@Component
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class MerchantApi {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final OwnAddress address;
    private final RestClient http;

    MerchantApi(OwnAddress address, @Value("${tallyhook.api.bootstrap-key:}") String key) {
        var requests = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .build());
        requests.setReadTimeout(LIMIT);
        this.address = address;
        this.http = RestClient.builder()
                .requestFactory(requests)
                .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key)
                .build();
    }

    /** For a POST that is no repeat of another. */
    static String newKey() {
        return UUID.randomUUID().toString();
    }

    JsonNode get(String path) {
        return send(HttpMethod.GET, path, Optional.empty(), newKey());
    }

    /** Empty if there is no such thing. */
    Optional<JsonNode> find(String path) {
        try {
            return Optional.of(get(path));
        } catch (ShopProblem e) {
            if (e.status() == HttpStatus.NOT_FOUND.value()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    JsonNode post(String path, Map<String, ?> body) {
        return post(newKey(), path, body);
    }

    /** @param key a repeat with the same one is answered as the first was, and does nothing again */
    JsonNode post(String key, String path, Map<String, ?> body) {
        return send(HttpMethod.POST, path, Optional.of(body), key);
    }

    JsonNode put(String path, Map<String, ?> body) {
        return send(HttpMethod.PUT, path, Optional.of(body), newKey());
    }

    private JsonNode send(HttpMethod method, String path, Optional<Map<String, ?>> body, String key) {
        var request = http.method(method).uri(address.local("/api/v1" + path));
        if (method.equals(HttpMethod.POST)) {
            request.header("Idempotency-Key", key);
        }
        body.ifPresent(
                content -> request.contentType(MediaType.APPLICATION_JSON).body(JSON.writeValueAsBytes(content)));
        try {
            return request.exchangeForRequiredValue((sent, answer) -> {
                var status = answer.getStatusCode();
                var content = parse(answer.getBody().readAllBytes());
                if (status.is2xxSuccessful()) {
                    return content;
                }
                throw new ShopProblem(status.value(), kind(content), sentence(status.value(), content));
            });
        } catch (ResourceAccessException e) {
            throw new ShopProblem(0, "Tallyhook does not answer: " + e.getMessage());
        }
    }

    /** The stable end of the problem's type, such as {@code insufficient-balance}. */
    private static String kind(JsonNode problem) {
        return problem.path("type").asString("").replaceFirst(".*:", "");
    }

    private static String sentence(int status, JsonNode problem) {
        var said = problem.path("detail").asString(problem.path("title").asString(""));
        return said.isEmpty() ? "Tallyhook answers with status " + status : said;
    }

    private static JsonNode parse(byte[] body) {
        try {
            return body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }
}
