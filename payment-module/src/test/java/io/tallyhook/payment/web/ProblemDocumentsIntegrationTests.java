package io.tallyhook.payment.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.Till;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tallyhook.testing.WeChatNotification;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a caller does wrong, the answer is a problem document that says what and where. */
@PaymentModuleTest
class ProblemDocumentsIntegrationTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SALES = "/api/v1/test-sales";

    private final Door door;
    private final Till till;

    ProblemDocumentsIntegrationTests(Door door, Till till) {
        this.door = door;
        this.till = till;
    }

    @Test
    void a_right_body_is_taken() {
        assertThat(door.json(SALES, sale("1999")).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"1999\"",
                "19.99",
                "1999.0",
                "1e3",
                "1E3",
                "0",
                "-1",
                "10000000001",
                "9223372036854775808",
                "null",
                "true",
                "[1]",
                "{}",
                "\"\""
            })
    void an_amount_is_a_whole_number_within_bounds_and_nothing_else(String amount) {
        var problem = problem(door.json(SALES, sale(amount)), 400);

        assertThat(problem.path("type").asString()).isEqualTo("urn:tallyhook:problem:bad-request");
        assertThat(problem.path("errors").path(0).path("field").asString()).isEqualTo("amount");
        assertThat(problem.path("detail").asString()).startsWith("amount ");
    }

    @Test
    void a_number_that_does_not_fit_is_not_called_invalid_json() {
        var problem = problem(door.json(SALES, sale("9223372036854775808")), 400);

        assertThat(problem.path("detail").asString()).isEqualTo("amount is out of range.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"userId\":\"u\",\"amount\":1,\"items\":[{\"sku\":\"a\",\"quantity\":1}],\"bonus\":5} | bonus",
                "{\"userId\":\"u\",\"amount\":1,\"amount\":2,\"items\":[{\"sku\":\"a\",\"quantity\":1}]} | amount",
                "{\"userId\":\"u\",\"amount\":1,\"items\":[{\"sku\":\"a\",\"quantity\":1.5}]} | items[0].quantity",
                "{\"userId\":\"u\",\"amount\":1,\"items\":[{\"sku\":\"a\",\"quantity\":0}]} | items[0].quantity",
                "{\"userId\":\"u\",\"amount\":1,\"items\":[{\"sku\":\"a\",\"quantity\":1},{\"sku\":\"b\",\"quantity\":1,\"price\":1}]} | items[1].price",
                "{\"userId\":\"u\",\"amount\":1,\"items\":[{\"sku\":\"a\",\"quantity\":1},{\"sku\":\"b\",\"sku\":\"c\",\"quantity\":1}]} | items[1].sku",
                "{\"userId\":\"u\",\"amount\":1,\"items\":[]} | items",
                "{\"userId\":\"u\",\"amount\":1} | items",
                "{\"userId\":5,\"amount\":1,\"items\":[{\"sku\":\"a\",\"quantity\":1}]} | userId",
                "{\"amount\":1,\"items\":[{\"sku\":\"a\",\"quantity\":1}]} | userId",
                "{\"userId\":\"a b\",\"amount\":1,\"items\":[{\"sku\":\"a\",\"quantity\":1}]} | userId"
            })
    void a_wrong_field_is_named_as_the_caller_wrote_it(String body, String field) {
        var problem = problem(door.json(SALES, body), 400);

        assertThat(problem.path("errors").path(0).path("field").asString()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "\"x\"", "{} {}", "{\"userId\":\"u\"", "<sale/>"})
    void a_body_that_is_missing_or_no_json_object_is_refused(String body) {
        problem(door.json(SALES, body), 400);
    }

    @Test
    void a_wrong_content_type_method_or_path_is_a_problem_too() {
        problem(door.post(SALES, Map.of("content-type", "text/plain"), BodyPublishers.ofString(sale("1"))), 415);
        problem(door.get(SALES), 405);
        problem(door.call("DELETE", "/api/v1/payments/P1", Map.of(), BodyPublishers.noBody()), 405);
        problem(door.get("/api/v1/nothing-here"), 404);
        problem(door.get("/api/v1"), 404);
        problem(door.get("/api/v1/payments/P1/unknown"), 404);
        assertThat(door.get(SALES).headers().firstValue("allow")).hasValue("POST");
    }

    /** Error pages are for pages. */
    @Test
    void what_is_not_of_the_api_is_no_problem_document() {
        assertThat(door.get("/nothing-here")
                        .headers()
                        .firstValue("content-type")
                        .orElse(""))
                .doesNotContain("problem");
    }

    @Test
    void our_own_fault_tells_nothing_of_the_inside() {
        var reply = door.json(SALES + "/breaking", "");

        var problem = problem(reply, 500);
        assertThat(problem.path("type").asString()).isEqualTo("urn:tallyhook:problem:internal-error");
        assertThat(reply.body()).doesNotContain("secret", "IllegalState");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/payments/P-nobody, 404,",
        "/api/v1/payments/P-nobody/refunds, 404,",
        "/api/v1/callbacks/5e1bd4b4-6a3b-4c9d-9c0e-0d9d1f3c1d11, 404,",
        "/api/v1/callbacks/x, 404,",
        "/api/v1/callbacks?limit=0, 400, limit",
        "/api/v1/callbacks?limit=201, 400, limit",
        "/api/v1/callbacks?limit=many, 400, limit",
        "/api/v1/callbacks?outcome=WONDERFUL, 400, outcome",
        "/api/v1/callbacks?from=yesterday, 400, from",
        "/api/v1/callbacks?cursor=x, 400, cursor",
        "/api/v1/callbacks?outTradeNo=P%00, 400, outTradeNo",
        "/api/v1/callbacks?provider=%00, 400, provider",
        "/api/v1/callbacks?from=%2B1000000000-12-31T23:59:59Z, 400, from",
        "/api/v1/callbacks?to=%2B300000-01-01T00:00:00Z, 400, to",
        "/api/v1/callbacks?from=-10000-01-01T00:00:00Z, 400, from"
    })
    void unknown_ids_are_not_found_and_wrong_parameters_are_named(String path, int status, String field) {
        var problem = problem(door.get(path), status);

        if (field != null) {
            assertThat(problem.path("errors").path(0).path("field").asString()).isEqualTo(field);
        }
    }

    @Test
    void a_payment_is_shown_as_the_contract_says() {
        var outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, 1999));
        till.settled(outTradeNo);

        var reply = door.get("/api/v1/payments/" + outTradeNo);
        var payment = JSON.readTree(reply.body());

        assertThat(payment.propertyNames())
                .contains(
                        "outTradeNo",
                        "purpose",
                        "reference",
                        "userId",
                        "provider",
                        "account",
                        "method",
                        "state",
                        "fulfilment",
                        "amount",
                        "currency",
                        "refundedAmount",
                        "providerTransactionId",
                        "paidAt")
                .doesNotContain("fulfilmentReason", "expiresAt", "payParams");
        assertThat(payment.path("amount").isIntegralNumber()).isTrue();
        assertThat(payment.path("userId").isString()).isTrue();
        assertThat(payment.path("state").asString()).isEqualTo("PAID");
        assertThat(payment.path("fulfilment").asString()).isEqualTo("SUCCEEDED");
        assertThat(payment.path("paidAt").asString()).endsWith("Z");
    }

    @Test
    void a_payment_is_closed_and_a_paid_one_is_a_conflict() {
        var open = till.opened("wechat");
        var paid = till.opened("wechat");
        door.send(WeChatNotification.paid(paid, 1999));

        assertThat(door.json("/api/v1/payments/%s/close".formatted(open), "").body())
                .contains("\"state\":\"CLOSED\"");
        var problem = problem(door.json("/api/v1/payments/%s/close".formatted(paid), ""), 409);
        assertThat(problem.path("type").asString()).isEqualTo("urn:tallyhook:problem:payment-already-paid");
        assertThat(problem.path("outTradeNo").asString()).isEqualTo(paid);
    }

    @Test
    void refunds_are_listed() {
        var outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, 1999));
        door.send(WeChatNotification.refunded(outTradeNo, "R-1", 500, 1999));

        var refunds = JSON.readTree(
                door.get("/api/v1/payments/%s/refunds".formatted(outTradeNo)).body());
        assertThat(refunds.path("items").path(0).path("refundNo").asString()).isEqualTo("R-1");
        assertThat(refunds.path("items").path(0).path("amount").asLong()).isEqualTo(500);
        assertThat(refunds.path("items").path(0).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(door.get("/api/v1/payments/%s/refunds/R-1".formatted(outTradeNo))
                        .statusCode())
                .isEqualTo(200);
        problem(door.get("/api/v1/payments/%s/refunds/R-2".formatted(outTradeNo)), 404);
    }

    @Test
    void callbacks_are_listed_shown_masked_and_replayed() {
        var outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, 1999));
        door.send(WeChatNotification.paid(outTradeNo, 1999));

        var first = JSON.readTree(
                door.get("/api/v1/callbacks?limit=1&outTradeNo=" + outTradeNo).body());
        assertThat(first.path("items").size()).isEqualTo(1);
        var next = JSON.readTree(door.get("/api/v1/callbacks?limit=1&outTradeNo=%s&cursor=%s"
                        .formatted(outTradeNo, first.path("nextCursor").asString()))
                .body());
        assertThat(next.path("items").path(0).path("outcome").asString()).isEqualTo("CONFIRMED");
        assertThat(next.has("nextCursor")).isFalse();

        var id = next.path("items").path(0).path("callbackId").asString();
        var detail = JSON.readTree(door.get("/api/v1/callbacks/" + id).body());
        assertThat(detail.path("callbackId").asString()).isEqualTo(id);
        assertThat(detail.path("masked").asBoolean()).isTrue();
        assertThat(detail.path("checks").size()).isGreaterThan(8);

        var replay = JSON.readTree(door.json("/api/v1/callbacks/%s/replay?dryRun=true".formatted(id), "")
                .body());
        assertThat(replay.path("outcome").asString()).isEqualTo("DUPLICATE");
        assertThat(replay.path("dryRun").asBoolean()).isTrue();
    }

    private static String sale(String amount) {
        return "{\"userId\":\"u1\",\"amount\":%s,\"items\":[{\"sku\":\"a\",\"quantity\":1}]}".formatted(amount);
    }

    private static JsonNode problem(HttpResponse<String> reply, int status) {
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
        assertThat(reply.headers().firstValue("content-type")).hasValue("application/problem+json");
        var problem = JSON.readTree(reply.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("type").asString()).startsWith("urn:tallyhook:problem:");
        assertThat(problem.path("detail").asString()).isNotBlank();
        return problem;
    }
}
