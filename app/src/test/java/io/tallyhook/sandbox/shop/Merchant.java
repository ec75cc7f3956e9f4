package io.tallyhook.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.access.ApiKeys;
import io.tallyhook.access.Scope;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import io.tallyhook.sandbox.simulator.SimulatedProvider;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A shop's own back end: it knows nothing of Tallyhook but its address and an API key. */
final class Merchant {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String authorization;

    private Merchant(String authorization) {
        this.authorization = authorization;
    }

    static Merchant with(ApiKeys keys, Scope... scopes) {
        return new Merchant("Bearer " + keys.issue("a shop", List.of(scopes), "ming"));
    }

    /** What the API answers. */
    record Reply(int status, JsonNode body) {

        String text(String field) {
            return body.path(field).asString("");
        }

        long number(String field) {
            return body.path(field).asLong(-1);
        }

        /** Answered like this, else the test fails with the answer. */
        Reply with(int expected) {
            assertThat(status).as("%s", body).isEqualTo(expected);
            return this;
        }

        void refusedAs(int expected, String type) {
            with(expected);
            assertThat(text("type")).isEqualTo("urn:tallyhook:problem:" + type);
            assertThat(text("detail")).isNotBlank();
        }
    }

    Reply get(String path) {
        return send(request(path).GET());
    }

    Reply post(String path, String body) {
        return post(UUID.randomUUID().toString(), path, body);
    }

    Reply post(String key, String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    Reply payFromBalance(String key, String path) {
        return post(key, path + "/payments", "{\"provider\":\"wallet\",\"method\":\"balance\"}");
    }

    /** Tops up by a package, pays it at the simulated WeChat Pay, and waits for the money. */
    void topUp(ProviderSimulator simulator, String user, String packageCode) {
        var recharge = post(
                        "/api/v1/recharges", "{\"userId\":\"%s\",\"packageCode\":\"%s\"}".formatted(user, packageCode))
                .with(201);
        var path = "/api/v1/recharges/" + recharge.text("rechargeNo");
        var payment = post(
                        path + "/payments", "{\"provider\":\"wechat\",\"account\":\"sandbox\",\"method\":\"native\"}")
                .with(201);
        assertThat(simulator.pay(SimulatedProvider.WECHAT, payment.text("outTradeNo")))
                .isPresent();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get(path).text("state").equals("CREDITED"));
    }

    String order(String user, long amount) {
        var made = post("/api/v1/orders", """
                {"userId":"%s","items":[{"sku":"tea","name":"Tea","quantity":1,"unitAmount":%d}]}
                """.formatted(user, amount)).with(201);
        return "/api/v1/orders/" + made.text("orderNo");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(Visitor.address(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", authorization);
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(answer.statusCode(), JSON.readTree(answer.body()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
