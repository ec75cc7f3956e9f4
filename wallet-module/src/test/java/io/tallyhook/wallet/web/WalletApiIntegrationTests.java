package io.tallyhook.wallet.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.board.Repairs;
import io.tallyhook.wallet.Till;
import io.tallyhook.wallet.WalletModuleTest;
import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tallyhook.testing.Payer;

@WalletModuleTest
class WalletApiIntegrationTests {

    private final MockMvcTester mvc;
    private final JdbcClient jdbc;
    private final Till till;
    private final Payments payments;
    private final Payer payer;
    private final Repairs repairs;

    WalletApiIntegrationTests(
            MockMvcTester mvc, JdbcClient jdbc, Till till, Payments payments, Payer payer, Repairs repairs) {
        this.repairs = repairs;
        this.payments = payments;
        this.payer = payer;
        this.mvc = mvc;
        this.jdbc = jdbc;
        this.till = till;
    }

    @Test
    void aRechargeOfAnAmountIsMadeWithoutABonus() {
        var made = post("/recharges", """
                {"userId":"u-1@shop","amount":10000}""");

        assertThat(made).hasStatus(201);
        assertThat(made).bodyJson().isLenientlyEqualTo("""
                {"userId":"u-1@shop","state":"AWAITING_PAYMENT","amount":10000,"bonus":0,"currency":"CNY","payments":[]}""");
        assertThat(made).bodyJson().extractingPath("rechargeNo").asString().matches("R[0-9A-Z]{26}");
        assertThat(made).bodyJson().doesNotHavePath("packageCode");
        assertThat(made).bodyJson().doesNotHavePath("creditedAt");
    }

    @Test
    void aRechargeKeepsTheTermsThatItsPackageHadWhenItWasMade() {
        assertThat(put("gift", """
                {"amount":10000,"bonus":2000,"bonusExpiresAfterDays":30}""")).hasStatus(201);
        var recharge = numberOf(post("/recharges", """
                {"userId":"u-2","packageCode":"gift"}"""));
        assertThat(put("gift", """
                {"amount":20000,"bonus":1,"active":true}""")).hasStatus(200).bodyJson().isEqualTo("""
                {"packageCode":"gift","amount":20000,"bonus":1,"currency":"CNY","active":true}""");

        assertThat(get("/recharges/" + recharge)).hasStatusOk().bodyJson().isLenientlyEqualTo("""
                {"amount":10000,"bonus":2000,"bonusExpiresAfterDays":30,"packageCode":"gift"}""");
        assertThat(get("/recharge-packages"))
                .bodyJson()
                .extractingPath("items[?(@.packageCode=='gift')].bonus")
                .isEqualTo(List.of(1));
    }

    @Test
    void aRechargeThatNobodyOrderedSaysWhatItsMoneyWasMeantForAndWhoDecided() {
        var payment = till.stranded(till.newUser(), 1_999);
        assertThat(get("/payments/" + payment.outTradeNo())).bodyJson().doesNotHavePath("creditedToWallet");

        repairs.creditToWallet(payment.outTradeNo(), "sold out", "mei");

        var credited = get("/payments/" + payment.outTradeNo());
        assertThat(credited).bodyJson().isLenientlyEqualTo("""
                {"purpose":"GOODS","state":"PAID","fulfilment":"SUCCEEDED","creditedToWallet":true}""");
        assertThat(get("/recharges/" + payments.get(payment.outTradeNo()).creditedAs()))
                .hasStatusOk()
                .bodyJson()
                .isLenientlyEqualTo("""
                        {"state":"CREDITED","amount":1999,"bonus":0,"payments":[],"paidBy":"%s",
                         "meantFor":{"purpose":"GOODS","reference":"%s","decidedBy":"mei","because":"sold out"}}""".formatted(payment.outTradeNo(), payment.reference()));
        assertThat(get("/recharges/" + till.recharge(till.newUser(), 100).rechargeNo()))
                .bodyJson()
                .doesNotHavePath("meantFor");
    }

    @Test
    void theCatalogComesInPages() {
        put("page-a", "{\"amount\":1,\"bonus\":0}");
        put("page-b", "{\"amount\":2,\"bonus\":0}");

        var first = get("/recharge-packages?limit=1");
        assertThat(first).bodyJson().extractingPath("items.length()").isEqualTo(1);
        assertThat(get("/recharge-packages?limit=200&cursor=page-a"))
                .bodyJson()
                .extractingPath("items[0].packageCode")
                .isEqualTo("page-b");
        assertThat(get("/recharge-packages?limit=0")).hasStatus(400);
        assertThat(get("/recharge-packages?limit=201")).hasStatus(400);
    }

    @Test
    void aRepeatOfTheSameRequestMakesNoSecondRecharge() {
        var id = till.newRequest();
        put("again", """
                {"amount":500,"bonus":5}""");

        var first = post(id, "/recharges", """
                {"userId":"u-3","packageCode":"again"}""");
        put("again", """
                {"amount":500,"bonus":5,"active":false}""");
        var second = post(id, "/recharges", """
                {"userId":"u-3","packageCode":"again"}""");

        assertThat(second).hasStatus(201);
        assertThat(numberOf(second)).isEqualTo(numberOf(first));
        assertThat(jdbc.sql("SELECT count(*) FROM wallet.recharge WHERE user_id = 'u-3'")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"userId\":\"u\",\"amount\":0}; amount",
                "{\"userId\":\"u\",\"amount\":-1}; amount",
                "{\"userId\":\"u\",\"amount\":10000000001}; amount",
                "{\"userId\":\"u\",\"amount\":99999999999999999999}; amount",
                "{\"userId\":\"u\",\"amount\":1.5}; amount",
                "{\"userId\":\"u\",\"amount\":1.0}; amount",
                "{\"userId\":\"u\",\"amount\":1e2}; amount",
                "{\"userId\":\"u\",\"amount\":\"100\"}; amount",
                "{\"userId\":\"u\",\"amount\":true}; amount",
                "{\"userId\":\"u\",\"amount\":null}; amount",
                "{\"userId\":\"u\"}; amount",
                "{\"userId\":\"u\",\"amount\":1,\"packageCode\":\"x\"}; amount",
                "{\"userId\":\"u\",\"packageCode\":\"no such\"}; packageCode",
                "{\"userId\":\"u\",\"packageCode\":\"unknown\"}; packageCode",
                "{\"userId\":\"u\",\"amount\":1,\"currency\":\"USD\"}; currency",
                "{\"userId\":\"u\",\"amount\":1,\"bonus\":1000}; bonus",
                "{\"userId\":\"u\",\"amount\":1,\"amount\":2}; ",
                "{\"userId\":\"u 1\",\"amount\":1}; userId",
                "{\"userId\":\"\",\"amount\":1}; userId",
                "{\"userId\":17,\"amount\":1}; userId",
                "{\"amount\":1}; userId",
                "{; ",
                "[]; ",
                "``; "
            })
    void aBadRechargeIsRefusedWithTheFieldsName(String body, @Nullable String field) {
        long before = recharges();

        var refused = post("/recharges", body);

        assertThat(refused).hasStatus(400).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (field != null) {
            assertThat(refused).bodyJson().extractingPath("errors[0].field").isEqualTo(field);
        }
        assertThat(recharges()).isEqualTo(before);
    }

    @Test
    void anInactivePackageIsAConflict() {
        put("gone", """
                {"amount":500,"bonus":5,"active":false}""");

        assertThat(post("/recharges", """
                {"userId":"u-4","packageCode":"gone"}"""))
                .hasStatus(409)
                .bodyJson()
                .extractingPath("type")
                .asString()
                .endsWith("package-inactive");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"amount\":0,\"bonus\":0}",
                "{\"amount\":100}",
                "{\"bonus\":100}",
                "{\"amount\":100,\"bonus\":-1}",
                "{\"amount\":100,\"bonus\":1.5}",
                "{\"amount\":10000000001,\"bonus\":0}",
                "{\"amount\":100,\"bonus\":0,\"bonusExpiresAfterDays\":0}",
                "{\"amount\":100,\"bonus\":0,\"active\":\"yes\"}",
                "{\"amount\":100,\"bonus\":0,\"packageCode\":\"other\"}"
            })
    void aBadPackageIsRefused(String body) {
        assertThat(put("bad", body)).hasStatus(400);
    }

    @Test
    void aPackageCodeThatIsNoneIsRefused() {
        assertThat(put("what ever", """
                {"amount":100,"bonus":0}"""))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("errors[0].field")
                .isEqualTo("packageCode");
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        assertThat(get("/recharges/R0")).hasStatus(404);
        assertThat(post("/recharges/R0/payments", """
                {"provider":"wechat","account":"main","method":"native"}""")).hasStatus(404);
    }

    @Test
    void aWalletNeverSeenHasZerosAndNoEntries() {
        assertThat(get("/wallets/stranger:1")).hasStatusOk().bodyJson().isStrictlyEqualTo("""
                {"userId":"stranger:1","currency":"CNY","principal":0,"bonus":0,"heldPrincipal":0,"heldBonus":0}""");
        assertThat(get("/wallets/stranger:1/entries")).hasStatusOk().bodyJson().isStrictlyEqualTo("""
                {"items":[]}""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/wallets/a%20b",
                "/wallets/a%20b/entries",
                "/wallets/u/entries?limit=0",
                "/wallets/u/entries?limit=201",
                "/wallets/u/entries?limit=x",
                "/wallets/u/entries?cursor=x",
                "/wallets/u/entries?cursor=1-",
                "/wallets/u/entries?cursor=1-9999999999999999999",
                "/ledger/trial-balance?asOf=yesterday",
                "/ledger/trial-balance?asOf=2026-02-30",
                "/ledger/trial-balance?asOf=2026-11-23T10:00:00"
            })
    void aBadQuestionIsRefused(String path) {
        assertThat(get(path)).hasStatus(400).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    @Test
    void aRechargeIsPaidCreditedAndThenNotPayableAnyMore() {
        var recharge = numberOf(post("/recharges", """
                {"userId":"payer-1","amount":100}"""));
        var request = till.newRequest();
        var path = "/recharges/" + recharge + "/payments";
        var how = """
                {"provider":"bank","account":"main","method":"external"}""";

        var opened = post(request, path, how);
        assertThat(opened).hasStatus(201).bodyJson().isLenientlyEqualTo("""
                {"purpose":"RECHARGE","reference":"%s","userId":"payer-1","state":"PENDING","fulfilment":"NONE","amount":100}""".formatted(recharge));
        payer.pays(payments.get(text(opened, "$.outTradeNo")));
        await().untilAsserted(() -> assertThat(get("/recharges/" + recharge))
                .bodyJson()
                .isLenientlyEqualTo("""
                        {"state":"CREDITED","payments":["%s"],"paidBy":"%s"}""".formatted(text(opened, "$.outTradeNo"), text(opened, "$.outTradeNo"))));

        assertThat(post(path, how))
                .hasStatus(409)
                .bodyJson()
                .extractingPath("type")
                .asString()
                .endsWith("recharge-not-payable");
        assertThat(text(post(request, path, how), "$.outTradeNo")).isEqualTo(text(opened, "$.outTradeNo"));
        assertThat(get("/wallets/payer-1")).bodyJson().isLenientlyEqualTo("""
                {"principal":100,"bonus":0}""");
        assertThat(get("/wallets/payer-1/entries?limit=1")).bodyJson().isLenientlyEqualTo("""
                {"items":[{"seq":1,"kind":"RECHARGE","part":"PRINCIPAL","amount":100,"balance":100,"reference":"%s"}]}""".formatted(recharge));
    }

    @Test
    void aCancelledRechargeIsNotPayable() {
        var recharge = till.recharge(till.newUser(), 100);
        till.cancel(recharge);

        assertThat(post("/recharges/" + recharge.rechargeNo() + "/payments", """
                {"provider":"bank","account":"main","method":"external"}"""))
                .hasStatus(409);
        assertThat(get("/recharges/" + recharge.rechargeNo())).bodyJson().isLenientlyEqualTo("""
                {"state":"CANCELLED","payments":[]}""");
    }

    @Test
    void aListOfEntriesIsReadByItsCursor() {
        var user = till.newUser();
        for (int i = 0; i < 3; i++) {
            var recharge = till.recharge(user, 100, 10);
            payer.pays(payments.get(till.pending(recharge)));
        }
        await().untilAsserted(
                        () -> assertThat(get("/wallets/" + user)).bodyJson().isLenientlyEqualTo("""
                {"principal":300,"bonus":30}"""));

        var first = get("/wallets/" + user + "/entries?limit=4");
        assertThat(first).bodyJson().extractingPath("items[*].seq").isEqualTo(List.of(3, 3, 2, 2));
        var second = get("/wallets/" + user + "/entries?limit=4&cursor=" + text(first, "$.nextCursor"));
        assertThat(second).bodyJson().extractingPath("items[*].seq").isEqualTo(List.of(1, 1));
        assertThat(second).bodyJson().doesNotHavePath("nextCursor");
    }

    @Test
    void aRechargeCannotBePaidFromTheBalance() {
        var recharge = numberOf(post("/recharges", """
                {"userId":"u-5","amount":100}"""));

        assertThat(post("/recharges/" + recharge + "/payments", """
                {"provider":"wallet","method":"balance"}""")).hasStatus(409);
    }

    @Test
    void anUnknownProviderIsRefusedByName() {
        var recharge = numberOf(post("/recharges", """
                {"userId":"u-6","amount":100}"""));

        assertThat(post("/recharges/" + recharge + "/payments", """
                {"provider":"barter","account":"main","method":"cow"}"""))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("errors[0].field")
                .isEqualTo("provider");
    }

    @Test
    void theProofAndTheTrialBalanceAreReadable() {
        assertThat(get("/ledger/proof")).hasStatusOk().bodyJson().isLenientlyEqualTo("""
                {"holds":true}""");
        assertThat(get("/ledger/proof")).bodyJson().hasPath("sealed.block");
        assertThat(get("/ledger/proof")).bodyJson().hasPath("sealed.journals");
        assertThat(get("/ledger/proof")).bodyJson().hasPath("sealed.head");
        assertThat(get("/ledger/proof"))
                .bodyJson()
                .extractingPath("invariants[0].name")
                .isEqualTo("I1-debits-equal-credits");
        assertThat(get("/ledger/trial-balance?asOf=2026-11-23")).hasStatusOk();
        assertThat(get("/ledger/trial-balance?asOf=2026-11-23T10:00:00Z")).hasStatusOk();
        assertThat(get("/ledger/trial-balance"))
                .bodyJson()
                .extractingPath("items[0]")
                .isEqualTo(Map.of("code", "1002.01", "name", "Bank", "debit", 0, "credit", 0, "balance", 0));
    }

    private long recharges() {
        return jdbc.sql("SELECT count(*) FROM wallet.recharge")
                .query(Long.class)
                .single();
    }

    private static String numberOf(MvcTestResult made) {
        return text(made, "$.rechargeNo");
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

    private MvcTestResult put(String packageCode, String body) {
        return mvc.put()
                .uri("/api/v1/recharge-packages/{code}", packageCode)
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private MvcTestResult post(String path, String body) {
        return post(new RequestId(UUID.randomUUID()), path, body);
    }

    private MvcTestResult post(RequestId id, String path, String body) {
        return mvc.post()
                .uri("/api/v1" + path)
                .requestAttr(RequestId.ATTRIBUTE, id)
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }
}
