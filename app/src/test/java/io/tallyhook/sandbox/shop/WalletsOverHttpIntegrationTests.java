package io.tallyhook.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.access.ApiKeys;
import io.tallyhook.access.Scope;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Holds, the ledger's proof and the trial balance as a shop and its auditor use them: over HTTP, each with a key. */
class WalletsOverHttpIntegrationTests extends WholeApplication {

    private final String user = "h" + UUID.randomUUID();
    private final String wallet = "/api/v1/wallets/" + user;

    @Autowired
    private ApiKeys keys;

    @Autowired
    private ProviderSimulator simulator;

    @Autowired
    private Shelf shelf;

    private final Merchant everything;
    private final Merchant shop;

    WalletsOverHttpIntegrationTests(@Autowired ApiKeys keys) {
        this.everything = Merchant.with(keys, Scope.values());
        this.shop = Merchant.with(keys, Scope.WALLETS_READ, Scope.WALLETS_WRITE);
    }

    @BeforeEach
    void thePackagesAreThere() {
        assertThat(shelf.packages()).isNotEmpty();
    }

    @Test
    void aDepositIsSetAsideChargedInPartAndTheRestGivenBack() {
        everything.topUp(simulator, user, "recharge-100");

        var placed = shop.post(wallet + "/holds", "{\"amount\":5500,\"reference\":\"Deposit 7\"}")
                .with(201);
        var hold = wallet + "/holds/" + placed.text("holdNo");
        holds(shop.get(wallet), 5_000, 500, 5_000, 500);
        var captured = shop.post(hold + "/capture", "{\"amount\":1100}").with(200);
        var released = shop.post(hold + "/release", "{}").with(200);

        assertThat(captured.text("state")).isEqualTo("OPEN");
        assertThat(captured.number("left")).isEqualTo(4_400);
        assertThat(released.text("state")).isEqualTo("CLOSED");
        assertThat(released.number("captured")).isEqualTo(1_100);
        assertThat(released.number("released")).isEqualTo(4_400);
        holds(shop.get(wallet), 9_000, 900, 0, 0);
        assertThat(shop.get(wallet + "/holds").with(200).body().path("items").size())
                .isOne();
    }

    @Test
    void aRepeatMovesNothingASecondTime() {
        everything.topUp(simulator, user, "recharge-50");
        var body = "{\"amount\":1000,\"reference\":\"x\"}";
        var placing = newKey();
        var capturing = newKey();

        var first = shop.post(placing, wallet + "/holds", body).with(201);
        var again = shop.post(placing, wallet + "/holds", body).with(201);
        var hold = wallet + "/holds/" + first.text("holdNo");
        shop.post(capturing, hold + "/capture", "{\"amount\":400}").with(200);
        shop.post(capturing, hold + "/capture", "{\"amount\":400}").with(200);

        assertThat(again.text("holdNo")).isEqualTo(first.text("holdNo"));
        assertThat(shop.get(hold).number("left")).isEqualTo(600);
        holds(shop.get(wallet), 4_000, 0, 600, 0);
    }

    @Test
    void whatIsSetAsideCannotBeSpent() {
        everything.topUp(simulator, user, "recharge-50");
        shop.post(wallet + "/holds", "{\"amount\":4000,\"reference\":\"x\"}").with(201);

        everything.payFromBalance(newKey(), everything.order(user, 1_001)).refusedAs(409, "insufficient-balance");
        shop.post(wallet + "/holds", "{\"amount\":1001,\"reference\":\"y\"}").refusedAs(409, "insufficient-balance");

        holds(shop.get(wallet), 1_000, 0, 4_000, 0);
    }

    @Test
    void moreThanIsHeldIsNotTakenAndNothingComesBackTwice() {
        everything.topUp(simulator, user, "recharge-50");
        var placed = shop.post(wallet + "/holds", "{\"amount\":1000,\"reference\":\"x\"}")
                .with(201);
        var hold = wallet + "/holds/" + placed.text("holdNo");

        shop.post(hold + "/capture", "{\"amount\":1001}").refusedAs(409, "more-than-held");
        shop.post(hold + "/release", "{}").with(200);
        shop.post(hold + "/release", "{}").refusedAs(409, "nothing-held");
        shop.post(hold + "/capture", "{}").refusedAs(409, "nothing-held");
        shop.post(wallet + "/holds/H0/capture", "{}").refusedAs(404, "not-found");

        holds(shop.get(wallet), 5_000, 0, 0, 0);
    }

    @Test
    void whoMayReadWalletsDoesNotMoveMoneyAndWhoMayMoveItDoesNotRead() {
        everything.topUp(simulator, user, "recharge-50");
        var hold = "{\"amount\":1000,\"reference\":\"x\"}";
        var reader = Merchant.with(keys, Scope.WALLETS_READ);
        var writer = Merchant.with(keys, Scope.WALLETS_WRITE);
        var placed = writer.post(wallet + "/holds", hold).with(201);
        var path = wallet + "/holds/" + placed.text("holdNo");

        reader.post(wallet + "/holds", hold).with(403);
        reader.post(path + "/capture", "{}").with(403);
        reader.post(path + "/release", "{}").with(403);
        writer.get(wallet).with(403);
        writer.get(wallet + "/entries").with(403);
        writer.get(path).with(403);

        holds(reader.get(wallet), 4_000, 0, 1_000, 0);
        reader.get(path).with(200);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEDGER_READ")
    void nobodyReadsTheLedgerWithoutItsScope(Scope other) {
        var stranger = Merchant.with(keys, other);

        stranger.get("/api/v1/ledger/proof").with(403);
        stranger.get("/api/v1/ledger/trial-balance").with(403);
    }

    @Test
    void theLedgerHoldsAfterEverythingAndItsTrialBalanceAddsUpToZero() {
        everything.topUp(simulator, user, "recharge-100");
        everything.payFromBalance(newKey(), everything.order(user, 1_234)).with(201);
        shop.post(wallet + "/holds", "{\"amount\":777,\"reference\":\"x\"}").with(201);
        var auditor = Merchant.with(keys, Scope.LEDGER_READ);

        var proof = auditor.get("/api/v1/ledger/proof").with(200).body();
        var lines = auditor.get("/api/v1/ledger/trial-balance").with(200).body().path("items");

        assertThat(proof.path("holds").asBoolean()).as("%s", proof).isTrue();
        assertThat(proof.path("invariants").valueStream())
                .isNotEmpty()
                .allMatch(invariant -> invariant.path("holds").asBoolean()
                        && invariant.path("violations").asLong(-1) == 0);
        assertThat(sum(lines, "debit")).isEqualTo(sum(lines, "credit")).isPositive();
        assertThat(sum(lines, "balance")).isZero();
        auditor.get("/api/v1/ledger/trial-balance?asOf=yesterday").refusedAs(400, "bad-request");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/wallets/{userId}, get, wallets:read, WalletView",
        "/api/v1/wallets/{userId}/entries, get, wallets:read, PageWalletEntry",
        "/api/v1/wallets/{userId}/holds, get, wallets:read, PageHoldView",
        "/api/v1/wallets/{userId}/holds, post, wallets:write, HoldView",
        "/api/v1/wallets/{userId}/holds/{holdNo}, get, wallets:read, HoldView",
        "/api/v1/wallets/{userId}/holds/{holdNo}/capture, post, wallets:write, HoldView",
        "/api/v1/wallets/{userId}/holds/{holdNo}/release, post, wallets:write, HoldView",
        "/api/v1/ledger/proof, get, ledger:read, ProofView",
        "/api/v1/ledger/trial-balance, get, ledger:read, TrialBalance",
        "/api/v1/orders/{orderNo}/payments, post, orders:write, PaymentView",
    })
    void theDescriptionNamesScopeAnswerAndProblems(String path, String method, String scope, String schema) {
        var description = everything.get("/v3/api-docs").with(200).body();

        var call = description.path("paths").path(path).path(method);

        assertThat(call.path("description").asString("")).contains("`" + scope + "`");
        assertThat(call.path("responses").findValuesAsString("$ref")).anyMatch(ref -> ref.endsWith("/" + schema));
        assertThat(description.path("components").path("schemas").has(schema)).isTrue();
        assertThat(call.path("responses").propertyNames()).contains("400", "401", "403", "404", "409");
        assertThat(call.path("parameters")
                        .valueStream()
                        .map(parameter -> parameter.path("name").asString("")))
                .doesNotContain("requestId", "request");
        if (method.equals("post")) {
            assertThat(call.path("responses").propertyNames()).contains("503");
        }
    }

    private static void holds(Merchant.Reply wallet, long principal, long bonus, long heldPrincipal, long heldBonus) {
        var amounts = wallet.with(200).body();
        assertThat(amounts.path("principal").asLong()).as("%s", amounts).isEqualTo(principal);
        assertThat(amounts.path("bonus").asLong()).as("%s", amounts).isEqualTo(bonus);
        assertThat(amounts.path("heldPrincipal").asLong()).as("%s", amounts).isEqualTo(heldPrincipal);
        assertThat(amounts.path("heldBonus").asLong()).as("%s", amounts).isEqualTo(heldBonus);
    }

    private static long sum(JsonNode lines, String field) {
        return lines.valueStream().mapToLong(line -> line.path(field).asLong()).sum();
    }

    private static String newKey() {
        return UUID.randomUUID().toString();
    }
}
