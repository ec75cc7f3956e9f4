package io.tallyhook.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Paging;
import io.tallyhook.payment.RequestId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tallyhook.testing.Payer;
import tools.jackson.databind.json.JsonMapper;

@MembershipModuleTest
class MembershipApiIntegrationTests {

    private final MockMvcTester mvc;
    private final Club club;
    private final Memberships memberships;
    private final Payer payer;
    private final JsonMapper json;

    MembershipApiIntegrationTests(MockMvcTester mvc, Club club, Memberships memberships, Payer payer, JsonMapper json) {
        this.mvc = mvc;
        this.club = club;
        this.memberships = memberships;
        this.payer = payer;
        this.json = json;
    }

    @Test
    void aPlanIsCreatedThenReplacedAndListed() {
        assertThat(put("gold.1", "{'name':'Gold','amount':19900,'days':365}"))
                .hasStatus(201)
                .bodyJson()
                .isStrictlyEqualTo("""
                        {"planCode":"gold.1","name":"Gold","amount":19900,"currency":"CNY","days":365,"active":true}
                        """);
        assertThat(put("gold.1", "{'name':'Gold','amount':17900,'days':366,'active':false}"))
                .hasStatus(200)
                .bodyJson()
                .extractingPath("$.active")
                .isEqualTo(false);

        assertThat(mvc.get().uri("/api/v1/membership-plans?limit=1&cursor=gold.0"))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.items[0].amount")
                .isEqualTo(17900);
    }

    @Test
    void theCatalogIsPagedByCode() {
        put("paged-a", "{'name':'A','amount':1,'days':1}");
        put("paged-b", "{'name':'B','amount':1,'days':1}");
        put("paged-c", "{'name':'C','amount':1,'days':1}");

        var first = memberships.plans(Paging.of(2, "paged-"));

        assertThat(first.items()).extracting(Plan::planCode).containsExactly("paged-a", "paged-b");
        assertThat(memberships.plans(Paging.of(2, first.nextCursor())).items())
                .first()
                .extracting(Plan::planCode)
                .isEqualTo("paged-c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=201", "limit=x", "limit=1.5", "cursor=%00", "cursor=a%20b"})
    void aPageThatCannotBeIsRefused(String query) {
        assertThat(mvc.get().uri(java.net.URI.create("/api/v1/membership-plans?" + query)))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.errors[0].field")
                .isEqualTo(query.substring(0, query.indexOf('=')));
    }

    @Test
    void aPurchaseCopiesTheTermsOfItsPlanAndShowsItsWay() throws Exception {
        var plan = club.aPlan(30);
        var user = club.someone();
        var bought =
                post(club.request(), "", "{'userId':'%s','planCode':'%s'}".formatted(user.value(), plan.planCode()));
        assertThat(bought).hasStatus(201);
        var purchase = json.readTree(bought.getResponse().getContentAsString());
        assertThat(purchase.propertyNames())
                .containsExactly(
                        "purchaseNo",
                        "userId",
                        "planCode",
                        "planName",
                        "days",
                        "state",
                        "amount",
                        "currency",
                        "payments",
                        "createdAt");
        assertThat(purchase.get("state").asString()).isEqualTo("AWAITING_PAYMENT");
        assertThat(purchase.get("amount").longValue()).isEqualTo(2500);

        var purchaseNo = purchase.get("purchaseNo").asString();
        var opened = post(
                club.request(),
                "/" + purchaseNo + "/payments",
                "{'provider':'bank','account':'main','method':'external'}");
        assertThat(opened).hasStatus(201);
        assertThat(opened).bodyJson().extractingPath("$.purpose").isEqualTo("VIP");
        assertThat(opened).bodyJson().extractingPath("$.amount").isEqualTo(2500);
        var payment = memberships.payments(purchaseNo).getFirst();
        payer.pays(payment);
        club.settled(payment);

        assertThat(mvc.get().uri("/api/v1/membership-purchases/{no}", purchaseNo))
                .hasStatusOk()
                .bodyJson()
                .satisfies(body -> {
                    assertThat(body).extractingPath("$.state").isEqualTo("GRANTED");
                    assertThat(body).extractingPath("$.paidAt").isNotNull();
                    assertThat(body).extractingPath("$.payments[0]").isEqualTo(payment.outTradeNo());
                });
        assertThat(post(
                        club.request(),
                        "/" + purchaseNo + "/payments",
                        "{'provider':'bank','account':'main','method':'external'}"))
                .hasStatus(409);
        var membership = json.readTree(mvc.get()
                .uri("/api/v1/memberships/{user}", user.value())
                .exchange()
                .getResponse()
                .getContentAsString());
        assertThat(membership.propertyNames())
                .containsExactly("userId", "active", "planCode", "startsAt", "expiresAt", "grants");
        assertThat(membership.get("grants").get(0).propertyNames())
                .containsExactly("purchaseNo", "outTradeNo", "planCode", "days", "startsAt", "expiresAt");
    }

    @Test
    void aUserNeverSeenIsNoMember() {
        assertThat(mvc.get().uri("/api/v1/memberships/never.seen@example.com"))
                .hasStatusOk()
                .bodyJson()
                .isStrictlyEqualTo("""
                        {"userId":"never.seen@example.com","active":false,"grants":[]}
                        """);
        assertThat(mvc.get().uri("/api/v1/memberships/{user}", "no spaces")).hasStatus(400);
    }

    @Test
    void aRepeatOfTheSameRequestBuysNothingTwiceEvenIfThePlanHasEndedMeanwhile() throws Exception {
        var request = club.request();
        var plan = club.aPlan(30);
        var body = "{'userId':'u','planCode':'%s'}".formatted(plan.planCode());
        var first = post(request, "", body);
        put(plan.planCode(), "{'name':'Gone','amount':1,'days':1,'active':false}");

        assertThat(post(request, "", body))
                .hasStatus(201)
                .bodyJson()
                .isStrictlyEqualTo(first.getResponse().getContentAsString());
        assertThat(post(club.request(), "", body))
                .hasStatus(409)
                .bodyJson()
                .extractingPath("$.type")
                .isEqualTo("urn:tallyhook:problem:plan-inactive");
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        assertThat(mvc.get().uri("/api/v1/membership-purchases/{no}", "M" + "Z".repeat(26)))
                .hasStatus(404);
        assertThat(mvc.get().uri("/api/v1/membership-purchases/x")).hasStatus(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'name':'N','amount':0,'days':1}           | amount
            {'name':'N','amount':10000000001,'days':1} | amount
            {'name':'N','amount':1.0,'days':1}         | amount
            {'name':'N','amount':1e2,'days':1}         | amount
            {'name':'N','amount':'1','days':1}         | amount
            {'name':'N','days':1}                      | amount
            {'name':'N','amount':1,'days':0}           | days
            {'name':'N','amount':1,'days':36501}       | days
            {'name':'N','amount':1,'days':30.5}        | days
            {'name':' ','amount':1,'days':1}           | name
            {'name':7,'amount':1,'days':1}             | name
            {'name':'N','amount':1,'days':1,'x':1}     | x
            {'name':'N','amount':1,'days':1,'active':'yes'} | active
            """)
    void whatIsWrongInAPlanIsRefusedWithTheFieldsName(String body, String field) {
        assertThat(put("wrong", body))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.errors[0].field")
                .isEqualTo(field);
        assertThat(memberships.plan("wrong")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'planCode':'p'}                            | userId
            {'userId':'u'}                              | planCode
            {'userId':'u','planCode':7}                 | planCode
            {'userId':'u','planCode':'no-such-plan'}    | planCode
            {'userId':'u','planCode':'with space'}      | planCode
            {'userId':'u','planCode':'p','amount':1}    | amount
            """)
    void whatIsWrongInAPurchaseIsRefusedWithTheFieldsName(String body, String field) {
        assertThat(post(club.request(), "", body))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.errors[0].field")
                .isEqualTo(field);
    }

    @Test
    void aPlansCodeIsChecked() {
        assertThat(mvc.put()
                        .uri("/api/v1/membership-plans/{code}", "-x")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"name\":\"N\",\"amount\":1,\"days\":1}"))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.errors[0].field")
                .isEqualTo("planCode");
    }

    @Test
    void purchasesAreSearchedNewestFirst() {
        var user = club.someone();
        var plan = club.aPlan(1);
        var older = club.purchase(user, plan);
        var newer = club.purchase(user, plan);

        var page = memberships.purchases(
                new PurchaseFilter(PurchaseState.AWAITING_PAYMENT, user.value(), plan.planCode()), Paging.of(1, null));

        assertThat(page.items()).containsExactly(newer);
        assertThat(memberships
                        .purchases(new PurchaseFilter(null, user.value(), null), Paging.of(1, page.nextCursor()))
                        .items())
                .containsExactly(older);
    }

    private MvcTestResult put(String planCode, String body) {
        return mvc.put()
                .uri("/api/v1/membership-plans/" + planCode)
                .contentType(MediaType.APPLICATION_JSON)
                .content(body.replace('\'', '"'))
                .exchange();
    }

    private MvcTestResult post(RequestId request, String path, String body) {
        return mvc.post()
                .uri("/api/v1/membership-purchases" + path)
                .requestAttr(RequestId.ATTRIBUTE, request)
                .contentType(MediaType.APPLICATION_JSON)
                .content(body.replace('\'', '"'))
                .exchange();
    }
}
