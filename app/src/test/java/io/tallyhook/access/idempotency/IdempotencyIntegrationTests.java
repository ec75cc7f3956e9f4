package io.tallyhook.access.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tallyhook.access.AccessTest;
import io.tallyhook.access.ApiKeys;
import io.tallyhook.access.Probes;
import io.tallyhook.access.Scope;
import io.tallyhook.access.SettableClock;
import io.tallyhook.payment.RequestId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** A repeated POST gets the first answer again, and nothing happens twice: whoever repeats it, whenever, after any crash. */
@AccessTest
class IdempotencyIntegrationTests {

    private static final String OK = "/api/v1/orders/probe/201";

    @Autowired
    MockMvcTester mvc;

    @Autowired
    Probes.Calls calls;

    @Autowired
    ApiKeys keys;

    @Autowired
    IdempotentRequests requests;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    SettableClock clock;

    @BeforeEach
    @AfterEach
    void startAnew() {
        calls.forget();
        clock.reset();
        jdbc.sql("DELETE FROM access.idempotent_request").update();
    }

    @Test
    void aRepeatGetsTheFirstAnswerByteForByte() {
        var first = post(OK, "key-1", "{\"a\":1}");
        var again = post(OK, "key-1", "{\"a\":1}");
        assertThat(calls.ran()).hasSize(1).doesNotContainNull();
        assertThat(again).hasStatus(201).hasHeader(Answer.REPLAYED, "true").hasContentType("application/json");
        assertThat(first.getResponse().getHeader(Answer.REPLAYED)).isNull();
        assertThat(again.getResponse().getContentAsByteArray())
                .isEqualTo(first.getResponse().getContentAsByteArray());
        assertThat(again.getResponse().getHeader("Location"))
                .isEqualTo(first.getResponse().getHeader("Location"))
                .isNotNull();
    }

    @Test
    void anotherBodyPathOrQueryUnderTheSameKeyIsAConflict() {
        post(OK, "key-1", "{\"a\":1}");
        for (var other : new MvcTestResult[] {
            post(OK, "key-1", "{\"a\":2}"),
            post("/api/v1/orders/probe/200", "key-1", "{\"a\":1}"),
            post(OK + "?dryRun=true", "key-1", "{\"a\":1}")
        }) {
            assertThat(other).hasStatus(409).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
            assertThat(other)
                    .bodyJson()
                    .extractingPath("$.type")
                    .isEqualTo("urn:tallyhook:problem:idempotency-key-reused");
        }
        assertThat(calls.ran()).hasSize(1);
    }

    @Test
    void keysOfDifferentCallersAreDifferent() {
        var other = "Bearer " + keys.issue("other", Set.of(Scope.ORDERS_WRITE), "ada");
        post(OK, "key-1", "{}");
        assertThat(mvc.post()
                        .uri(OK)
                        .header("Authorization", other)
                        .header("Idempotency-Key", "key-1")
                        .content("{}"))
                .hasStatus(201);
        assertThat(calls.ran()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aConflictIsKept() {
        post("/api/v1/orders/probe/409", "key-1", "{}");
        assertThat(post("/api/v1/orders/probe/409", "key-1", "{}"))
                .hasStatus(409)
                .hasHeader(Answer.REPLAYED, "true");
        assertThat(calls.ran()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 422, 500, 502, 503, 504})
    void otherErrorsAreTriedAgainUnderTheSameIdentity(int status) {
        post("/api/v1/orders/probe/" + status, "key-1", "{}");
        assertThat(post("/api/v1/orders/probe/" + status, "key-1", "{}")).hasStatus(status);
        assertThat(calls.ran()).hasSize(2);
        assertThat(calls.ran().get(1)).isEqualTo(calls.ran().get(0));
    }

    @Test
    void aRefusedMistakeMayBeCorrectedUnderTheSameKey() {
        assertThat(post("/api/v1/orders/probe/400", "key-1", "{\"wrong\":1}")).hasStatus(400);
        assertThat(post(OK, "key-1", "{\"right\":1}")).hasStatus(201);
    }

    @Test
    void whatMayHaveHadAnEffectIsNotRepeatedWithAnotherBody() {
        assertThat(post("/api/v1/orders/probe/504", "key-1", "{\"a\":1}")).hasStatus(504);
        assertThat(post("/api/v1/orders/probe/504", "key-1", "{\"a\":2}")).hasStatus(409);
        assertThat(calls.ran()).hasSize(1);
    }

    @Test
    void aCallThatBlewUpIsTriedAgainUnderTheSameIdentity() {
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(post("/api/v1/orders/probe/599", "key-1", "{}")
                            .getResponse()
                            .getStatus())
                    .isNotEqualTo(409);
        }
        assertThat(calls.ran()).hasSize(2);
        assertThat(calls.ran().get(1)).isEqualTo(calls.ran().get(0));
    }

    @Test
    void anAttemptThatDiedIsTakenOverUnderTheSameIdentity() {
        var died = died("key-1", "{}");
        clock.forward(IdempotentRequests.LEASE.plusSeconds(1));
        assertThat(post(OK, "key-1", "{}")).hasStatus(201);
        assertThat(calls.ran()).containsExactly(died);
    }

    @Test
    void anAttemptThatWasTakenOverChangesNothingWhenItWakesUp() {
        var fingerprint = new byte[32];
        var sleeper = (Claim.Won) requests.claim(7, "sleeping", fingerprint);
        clock.forward(IdempotentRequests.LEASE.plusSeconds(1));
        var heir = (Claim.Won) requests.claim(7, "sleeping", fingerprint);
        assertThat(heir.requestId()).isEqualTo(sleeper.requestId());

        requests.finish(7, "sleeping", sleeper.attempt(), answer("late"));
        requests.reopen(7, "sleeping", sleeper.attempt(), true);
        assertThat(requests.claim(7, "sleeping", fingerprint)).isInstanceOf(Claim.Running.class);

        requests.finish(7, "sleeping", heir.attempt(), answer("first"));
        requests.finish(7, "sleeping", sleeper.attempt(), answer("late"));
        var kept = (Claim.Kept) requests.claim(7, "sleeping", fingerprint);
        assertThat(kept.answer().body()).asString().isEqualTo("first");
    }

    @Test
    void aRepeatWaitsForTheFirstAndGetsItsAnswer() {
        var gate = calls.hold();
        var first = CompletableFuture.supplyAsync(() -> post(OK, "key-1", "{}"));
        await().until(() -> calls.ran().size() == 1);
        var again = CompletableFuture.supplyAsync(() -> post(OK, "key-1", "{}"));
        gate.countDown();
        assertThat(again.join()).hasStatus(201).hasHeader(Answer.REPLAYED, "true");
        assertThat(again.join().getResponse().getContentAsByteArray())
                .isEqualTo(first.join().getResponse().getContentAsByteArray());
    }

    @Test
    void aRepeatIsToldToComeLaterAfterFiveSeconds() {
        died("key-1", "{}");
        long start = System.nanoTime();
        var answer = post(OK, "key-1", "{}");
        assertThat(answer).hasStatus(409);
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.type")
                .isEqualTo("urn:tallyhook:problem:idempotency-key-in-use");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(4900), Duration.ofSeconds(20));
        assertThat(calls.ran()).isEmpty();
    }

    @Test
    void thirtyTwoAtOnceRunOnce() throws Exception {
        var posts = new ArrayList<Callable<MvcTestResult>>();
        for (int number = 0; number < 32; number++) {
            posts.add(() -> post(OK, "key-32", "{\"a\":1}"));
        }
        var bodies = new ArrayList<String>();
        try (var pool = Executors.newFixedThreadPool(32)) {
            for (var answer : pool.invokeAll(posts)) {
                assertThat(answer.get()).hasStatus(201);
                bodies.add(answer.get().getResponse().getContentAsString());
            }
        }
        assertThat(calls.ran()).hasSize(1);
        assertThat(bodies).hasSize(32).containsOnly(bodies.getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "with space", "täst", "tab\tbed"})
    void aPostNeedsAPrintableKey(String key) {
        assertBadKey(post(OK, key, "{}"));
    }

    @Test
    void aPostNeedsAKeyOfAtMost255Characters() {
        assertBadKey(mvc.post()
                .uri(OK)
                .header("Authorization", "Bearer " + AccessTest.BOOTSTRAP_KEY)
                .content("{}")
                .exchange());
        assertBadKey(post(OK, "k".repeat(256), "{}"));
        assertThat(post(OK, "k".repeat(255), "{}")).hasStatus(201);
    }

    @Test
    void withoutRightNothingIsRemembered() {
        var reader = "Bearer " + keys.issue("reader", Set.of(Scope.ORDERS_READ), "ada");
        assertThat(mvc.post()
                        .uri(OK)
                        .header("Authorization", reader)
                        .header("Idempotency-Key", "k")
                        .content("{}"))
                .hasStatus(403);
        assertThat(mvc.post().uri(OK).header("Idempotency-Key", "k").content("{}"))
                .hasStatus(401);
        assertThat(rows()).isZero();
    }

    @Test
    void aBodyOverTheLimitIs413AndNothingRuns() {
        var answer = post(OK, "key-1", "x".repeat(IdempotencyFilter.LONGEST_BODY + 1));
        assertThat(answer).hasStatus(413).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(post(OK, "key-2", "x".repeat(IdempotencyFilter.LONGEST_BODY)))
                .hasStatus(201);
        assertThat(calls.ran()).hasSize(1);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void answersAreForgottenAfterThirtyDays() {
        post(OK, "key-1", "{}");
        clock.forward(Duration.ofDays(30).minusMinutes(1));
        requests.forgetOld();
        assertThat(rows()).isEqualTo(1);
        clock.forward(Duration.ofMinutes(2));
        requests.forgetOld();
        assertThat(rows()).isZero();
    }

    @Test
    void theDatabaseRefusesAnAnswerThatIsNotWhole() {
        post(OK, "key-1", "{}");
        assertThatThrownBy(() -> jdbc.sql("UPDATE access.idempotent_request SET body = NULL")
                        .update())
                .hasMessageContaining("check");
    }

    private static void assertBadKey(MvcTestResult answer) {
        assertThat(answer).hasStatus(400).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.type")
                .isEqualTo("urn:tallyhook:problem:idempotency-key-required");
    }

    /** Leaves a key as an attempt does that was killed in the middle. */
    private RequestId died(String key, String body) {
        post("/api/v1/orders/probe/201", key, body);
        calls.forget();
        var id = jdbc.sql("""
                        UPDATE access.idempotent_request
                           SET state = 'RUNNING', status = NULL, body = NULL, location = NULL, content_type = NULL
                         WHERE key = :key
                        RETURNING request_id""").param("key", key).query(UUID.class).single();
        return new RequestId(id);
    }

    private static Answer answer(String body) {
        return new Answer(201, "text/plain", null, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private long rows() {
        return jdbc.sql("SELECT count(*) FROM access.idempotent_request")
                .query(Long.class)
                .single();
    }

    private MvcTestResult post(String path, String key, String body) {
        return mvc.post()
                .uri(path)
                .header("Authorization", "Bearer " + AccessTest.BOOTSTRAP_KEY)
                .header("Idempotency-Key", key)
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }
}
