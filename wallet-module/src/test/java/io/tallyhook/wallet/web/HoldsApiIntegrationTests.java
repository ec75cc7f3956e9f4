package io.tallyhook.wallet.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.Proof;
import io.tallyhook.wallet.Till;
import io.tallyhook.wallet.WalletModuleTest;
import io.tallyhook.wallet.Wallets;
import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** Holds as a shop's own back end uses them. */
@WalletModuleTest
class HoldsApiIntegrationTests {

    private final MockMvcTester mvc;
    private final Till till;
    private final Wallets wallets;

    HoldsApiIntegrationTests(MockMvcTester mvc, Till till, Wallets wallets) {
        this.mvc = mvc;
        this.till = till;
        this.wallets = wallets;
    }

    @AfterEach
    void theLedgerHolds() {
        assertThat(wallets.proof().invariants()).allMatch(Proof.Invariant::holds);
    }

    @Test
    void aDepositIsSetAsideCapturedInPartAndTheRestReleased() {
        var user = userWith(10_000, 2_000);

        var placed = post(path(user), """
                {"amount":6000,"reference":"Deposit 17"}""");

        assertThat(placed).hasStatus(201).bodyJson().isLenientlyEqualTo("""
                {"state":"OPEN","amount":6000,"principal":5000,"bonus":1000,"captured":0,"released":0,"left":6000,
                 "currency":"CNY","reference":"Deposit 17"}""");
        assertThat(get("/wallets/" + user.value())).bodyJson().isLenientlyEqualTo("""
                {"principal":5000,"bonus":1000,"heldPrincipal":5000,"heldBonus":1000}""");
        var hold = path(user) + "/" + text(placed, "holdNo");
        assertThat(post(hold + "/capture", "{\"amount\":1500}"))
                .hasStatusOk()
                .bodyJson()
                .isLenientlyEqualTo("""
                        {"state":"OPEN","captured":1500,"released":0,"left":4500}""");
        assertThat(post(hold + "/release", "{}")).hasStatusOk().bodyJson().isLenientlyEqualTo("""
                {"state":"CLOSED","captured":1500,"released":4500,"left":0}""");
        assertThat(get("/wallets/" + user.value())).bodyJson().isLenientlyEqualTo("""
                {"principal":8750,"bonus":1750,"heldPrincipal":0,"heldBonus":0}""");
        assertThat(get(path(user))).bodyJson().extractingPath("items.length()").isEqualTo(1);
    }

    @Test
    void aRepeatOfACaptureOfAllThatIsLeftMovesNothingTwice() {
        var user = userWith(1_000, 0);
        var hold = path(user) + "/" + text(post(path(user), "{\"amount\":700,\"reference\":\"x\"}"), "holdNo");
        var id = new RequestId(UUID.randomUUID());

        var first = post(id, hold + "/capture", "{}");
        var second = post(id, hold + "/capture", "{}");

        assertThat(first).hasStatusOk().bodyJson().extractingPath("captured").isEqualTo(700);
        assertThat(second).hasStatusOk().bodyJson().extractingPath("captured").isEqualTo(700);
    }

    @Test
    void whatIsNotThereCannotBeSetAsideAndARepeatIsRefusedAgainThoughItIsThereByThen() {
        var user = userWith(100, 0);
        var id = new RequestId(UUID.randomUUID());

        assertThat(post(id, path(user), "{\"amount\":101,\"reference\":\"x\"}"))
                .hasStatus(409)
                .bodyJson()
                .extractingPath("type")
                .asString()
                .endsWith("insufficient-balance");
        till.credit(user, 100, 0);

        assertThat(post(id, path(user), "{\"amount\":101,\"reference\":\"x\"}")).hasStatus(409);
        assertThat(post(path(user), "{\"amount\":101,\"reference\":\"x\"}")).hasStatus(201);
    }

    @Test
    void nothingIsCapturedOrReleasedTwiceOrBeyondWhatIsHeld() {
        var user = userWith(1_000, 0);
        var hold = path(user) + "/" + text(post(path(user), "{\"amount\":500,\"reference\":\"x\"}"), "holdNo");

        assertProblem(post(hold + "/capture", "{\"amount\":501}"), 409, "more-than-held");
        assertThat(post(hold + "/release", "{}")).hasStatusOk();
        assertProblem(post(hold + "/release", "{}"), 409, "nothing-held");
        assertProblem(post(hold + "/capture", "{}"), 409, "nothing-held");
    }

    @Test
    void oneOfManyReleasesAtOnceMovesTheMoney() throws Exception {
        var user = userWith(1_000, 0);
        var hold = path(user) + "/" + text(post(path(user), "{\"amount\":500,\"reference\":\"x\"}"), "holdNo");

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses = threads
                    .invokeAll(IntStream.range(0, 8)
                            .<java.util.concurrent.Callable<Integer>>mapToObj(any -> () ->
                                    post(hold + "/release", "{}").getResponse().getStatus())
                            .toList())
                    .stream()
                    .map(java.util.concurrent.Future::resultNow)
                    .sorted()
                    .toList();
            assertThat(statuses).isEqualTo(List.of(200, 409, 409, 409, 409, 409, 409, 409));
        }
        assertThat(get("/wallets/" + user.value())).bodyJson().isLenientlyEqualTo("""
                {"principal":1000,"heldPrincipal":0}""");
    }

    @Test
    void aHoldOfAnotherUserIsNotFound() {
        var user = userWith(1_000, 0);
        var other = userWith(1_000, 0);
        var holdNo = text(post(path(user), "{\"amount\":500,\"reference\":\"x\"}"), "holdNo");

        assertThat(get(path(other) + "/" + holdNo)).hasStatus(404);
        assertThat(post(path(other) + "/" + holdNo + "/capture", "{}")).hasStatus(404);
        assertThat(post(path(other) + "/" + holdNo + "/release", "{}")).hasStatus(404);
    }

    @Test
    void whileTheLedgerStandsStillForAShardNothingIsHeldThere() {
        var user = userWith(1_000, 0);
        till.stop(user);
        try {
            assertProblem(post(path(user), "{\"amount\":1,\"reference\":\"x\"}"), 503, "ledger-stopped");
        } finally {
            till.resume(user);
        }
        assertThat(post(path(user), "{\"amount\":1,\"reference\":\"x\"}")).hasStatus(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"amount\":0,\"reference\":\"x\"}; amount",
                "{\"amount\":1.5,\"reference\":\"x\"}; amount",
                "{\"amount\":\"1\",\"reference\":\"x\"}; amount",
                "{\"amount\":10000000001,\"reference\":\"x\"}; amount",
                "{\"reference\":\"x\"}; amount",
                "{\"amount\":1}; reference",
                "{\"amount\":1,\"reference\":\" \"}; reference",
                "{\"amount\":1,\"reference\":\"x\",\"expiresInSeconds\":59}; expiresInSeconds",
                "{\"amount\":1,\"reference\":\"x\",\"expiresInSeconds\":2592001}; expiresInSeconds",
                "{\"amount\":1,\"reference\":\"x\",\"bonus\":1}; bonus",
                "{\"amount\":1,\"reference\":\"x\",\"currency\":\"USD\"}; currency"
            })
    void aWrongFieldIsNamed(String body, String field) {
        assertThat(post(path(userWith(100, 0)), body))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("errors[0].field")
                .isEqualTo(field);
    }

    private UserId userWith(long principal, long bonus) {
        var user = till.newUser();
        till.credit(user, principal, bonus);
        return user;
    }

    private static String path(UserId user) {
        return "/wallets/" + user.value() + "/holds";
    }

    private static void assertProblem(MvcTestResult result, int status, String type) {
        assertThat(result)
                .hasStatus(status)
                .bodyJson()
                .extractingPath("type")
                .asString()
                .endsWith(type);
    }

    private static String text(MvcTestResult result, String path) {
        try {
            return JsonPath.read(result.getResponse().getContentAsString(), path);
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private MvcTestResult get(String path) {
        return mvc.get().uri(URI.create("/api/v1" + path)).exchange();
    }

    private MvcTestResult post(String path, String body) {
        return post(new RequestId(UUID.randomUUID()), path, body);
    }

    private MvcTestResult post(RequestId id, String path, String body) {
        return mvc.post()
                .uri(URI.create("/api/v1" + path))
                .requestAttr(RequestId.ATTRIBUTE, id)
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }
}
