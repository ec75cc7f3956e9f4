package io.tallyhook.payment.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.Purse;
import io.tallyhook.payment.UserId;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Paying at once as the shop's back end asks for it: the body of every {@code POST …/payments}. */
@PaymentModuleTest
class PayAtOnceApiIntegrationTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final UserId PAYER = new UserId("user-api");

    private final Door door;
    private final Purse purse;

    PayAtOnceApiIntegrationTests(Door door, Purse purse) {
        this.door = door;
        this.purse = purse;
    }

    @BeforeEach
    void somebodyWithMoney() {
        purse.fill(PAYER, 5000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"provider\":\"wallet\",\"method\":\"balance\"}",
                "{\"provider\":\"wallet\",\"account\":null,\"method\":\"balance\"}",
                "{\"provider\":\"wallet\",\"account\":\"main\",\"method\":\"balance\"}",
                "{\"provider\":\"wallet\",\"method\":\"balance\",\"expiresInSeconds\":600}"
            })
    void the_account_may_be_left_out_and_a_term_changes_nothing(String body) {
        var payment = JSON.readTree(pay(body).body());

        assertThat(payment.path("state").asString()).isEqualTo("PAID");
        assertThat(payment.path("provider").asString()).isEqualTo("wallet");
        assertThat(payment.path("account").asString()).isEqualTo("main");
        assertThat(payment.path("method").asString()).isEqualTo("balance");
        assertThat(payment.path("providerTransactionId").asString()).startsWith("J-");
        assertThat(payment.path("paidAt").asString()).endsWith("Z");
        assertThat(payment.propertyNames()).doesNotContain("expiresAt", "payParams");
        assertThat(purse.balance(PAYER)).isEqualTo(3001);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"provider\":\"bank\",\"method\":\"external\"}                                  | account",
                "{\"provider\":\"wechat\",\"method\":\"native\"}                                  | account",
                "{\"provider\":\"wallet\",\"account\":\"shop-2\",\"method\":\"balance\"}          | account",
                "{\"provider\":\"wallet\",\"account\":\"\",\"method\":\"balance\"}                | account",
                "{\"provider\":\"wallet\",\"method\":\"external\"}                                | method",
                "{\"provider\":\"wallet\",\"method\":\"balance\",\"expiresInSeconds\":59}         | expiresInSeconds",
                "{\"provider\":\"wallet\",\"method\":\"balance\",\"openid\":\"o1\"}               | openid",
                "{\"provider\":\"wallet\",\"method\":\"balance\",\"amount\":1}                    | amount",
                "{\"provider\":\"purse\",\"method\":\"balance\"}                                  | provider",
                "{\"method\":\"balance\"}                                                         | provider"
            })
    void what_is_wrong_is_named_and_takes_nothing(String body, String field) {
        var refused = problem(pay(body), 400);

        assertThat(refused.path("errors").path(0).path("field").asString()).isEqualTo(field);
        assertThat(purse.balance(PAYER)).isEqualTo(5000);
    }

    @Test
    void too_little_is_a_conflict_that_says_so() {
        purse.fill(PAYER, 1998);

        var refused = problem(pay("{\"provider\":\"wallet\",\"method\":\"balance\"}"), 409);

        assertThat(refused.path("type").asString()).isEqualTo("urn:tallyhook:problem:insufficient-balance");
        assertThat(purse.balance(PAYER)).isEqualTo(1998);
    }

    private HttpResponse<String> pay(String body) {
        return door.json("/api/v1/test-sales/O-%s/payments".formatted(UUID.randomUUID()), body);
    }

    private static JsonNode problem(HttpResponse<String> reply, int status) {
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
        assertThat(reply.headers().firstValue("content-type")).hasValue("application/problem+json");
        return JSON.readTree(reply.body());
    }
}
