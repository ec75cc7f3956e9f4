package io.tallyhook.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.RequestId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tallyhook.testing.Payer;
import tools.jackson.databind.json.JsonMapper;

@OrdersModuleTest
class OrdersApiIntegrationTests {

    private static final String ITEM = "{'sku':'TEA-1','name':'Green tea','quantity':2,'unitAmount':1999}";
    private static final String ORDER = "{'userId':'u-1','items':[" + ITEM + "]}";

    private final MockMvcTester mvc;
    private final Shop shop;
    private final Orders orders;
    private final JsonMapper json;

    OrdersApiIntegrationTests(MockMvcTester mvc, Shop shop, Orders orders, JsonMapper json) {
        this.mvc = mvc;
        this.shop = shop;
        this.orders = orders;
        this.json = json;
    }

    @Test
    void anOrderIsPlacedAndReadBackWithExactlyTheAgreedFields() throws Exception {
        var placed = post(shop.request(), "", ORDER);

        assertThat(placed).hasStatus(201);
        var order = json.readTree(placed.getResponse().getContentAsString());
        assertThat(order.propertyNames())
                .containsExactly("orderNo", "userId", "state", "amount", "currency", "items", "payments", "createdAt");
        assertThat(order.get("items").get(0).propertyNames()).containsExactly("sku", "name", "quantity", "unitAmount");
        assertThat(order.get("amount").longValue()).isEqualTo(3998);
        assertThat(order.get("state").asString()).isEqualTo("AWAITING_PAYMENT");
        assertThat(order.get("currency").asString()).isEqualTo("CNY");
        assertThat(mvc.get().uri("/api/v1/orders/{no}", order.get("orderNo").asString()))
                .bodyJson()
                .isStrictlyEqualTo(placed.getResponse().getContentAsString());
    }

    @Test
    void aRepeatOfTheSameRequestPlacesNothingTwice() throws Exception {
        var request = shop.request();

        var first = post(request, "", ORDER);
        var second = post(request, "", ORDER);

        assertThat(second)
                .hasStatus(201)
                .bodyJson()
                .isStrictlyEqualTo(first.getResponse().getContentAsString());
    }

    @Test
    void theWayOfAnOrderShowsItsPaymentsAndWhenItWasPaid() {
        var order = shop.anOrder();
        var opened = post(
                shop.request(),
                "/" + order.orderNo() + "/payments",
                "{'provider':'bank','account':'main','method':'till'}");
        assertThat(opened).hasStatus(201);
        assertThat(opened).bodyJson().extractingPath("$.amount").isEqualTo(4498);
        assertThat(opened).bodyJson().extractingPath("$.purpose").isEqualTo("GOODS");
        assertThat(opened).bodyJson().extractingPath("$.payParams.ticket").isNotNull();

        shop.paid(order);

        assertThat(mvc.get().uri("/api/v1/orders/{no}", order.orderNo()))
                .hasStatusOk()
                .bodyJson()
                .satisfies(body -> {
                    assertThat(body).extractingPath("$.state").isEqualTo("PAID");
                    assertThat(body).extractingPath("$.paidAt").isNotNull();
                    assertThat(body).extractingPath("$.payments.length()").isEqualTo(2);
                });
        assertThat(step(order, "ship"))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.state")
                .isEqualTo("SHIPPED");
        assertThat(step(order, "complete"))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.state")
                .isEqualTo("COMPLETED");
    }

    @Test
    void aStepThatTheStateForbidsIsAConflictThatNamesStateAndStep() {
        var order = shop.anOrder();

        assertThat(step(order, "ship")).hasStatus(409).bodyJson().satisfies(problem -> {
            assertThat(problem).extractingPath("$.type").isEqualTo("urn:tallyhook:problem:order-state");
            assertThat(problem)
                    .extractingPath("$.detail")
                    .isEqualTo("Order %s is AWAITING_PAYMENT and cannot be shipped.".formatted(order.orderNo()));
        });
        assertThat(step(order, "complete")).hasStatus(409);
        assertThat(step(order, "cancel")).hasStatusOk();
        assertThat(step(order, "cancel")).hasStatus(409);
        assertThat(orders.get(order.orderNo()).state()).isEqualTo(OrderState.CANCELLED);
    }

    @Test
    void aRepeatOfTheRequestThatMadeAStepIsAnsweredLikeTheFirst() {
        var order = shop.paid(shop.anOrder());
        var request = shop.request();

        assertThat(post(request, "/" + order.orderNo() + "/ship", null)).hasStatusOk();
        assertThat(post(request, "/" + order.orderNo() + "/ship", null)).hasStatusOk();
        assertThat(post(shop.request(), "/" + order.orderNo() + "/ship", null)).hasStatus(409);
    }

    @Test
    void aCancelledOrderCannotBePaidAndLeavesNoPayment() {
        var order = shop.anOrder();
        orders.cancel(shop.request(), order.orderNo());

        assertThat(post(
                        shop.request(),
                        "/" + order.orderNo() + "/payments",
                        "{'provider':'bank','account':'main','method':'external'}"))
                .hasStatus(409)
                .bodyJson()
                .extractingPath("$.type")
                .isEqualTo("urn:tallyhook:problem:order-not-payable");
        assertThat(orders.payments(order.orderNo())).isEmpty();
    }

    @Test
    void aRepeatedPaymentRequestNeverOpensASecondPayment() {
        var order = shop.anOrder();
        var request = shop.request();

        var first = orders.pay(request, order.orderNo(), Payer.by("till"));
        var second = orders.pay(request, order.orderNo(), Payer.by("till"));

        assertThat(second.outTradeNo()).isEqualTo(first.outTradeNo());
        assertThat(orders.payments(order.orderNo())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            {'items':[ITEM]}                                                                      | userId
            {'userId':'','items':[ITEM]}                                                          | userId
            {'userId':'no spaces','items':[ITEM]}                                                 | userId
            {'userId':7,'items':[ITEM]}                                                           | userId
            {'userId':'u','currency':'USD','items':[ITEM]}                                        | currency
            {'userId':'u','currency':'cny','items':[ITEM]}                                        | currency
            {'userId':'u'}                                                                        | items
            {'userId':'u','items':[]}                                                             | items
            {'userId':'u','items':[null]}                                                         | items[0]
            {'userId':'u','items':[ITEM],'amount':1}                                              | amount
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':0,'unitAmount':1}]}           | items[0].quantity
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':10001,'unitAmount':1}]}       | items[0].quantity
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':1.0,'unitAmount':1}]}         | items[0].quantity
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':'1','unitAmount':1}]}         | items[0].quantity
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':true,'unitAmount':1}]}        | items[0].quantity
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':null,'unitAmount':1}]}        | items[0].quantity
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':99999999999,'unitAmount':1}]} | items[0].quantity
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':1,'unitAmount':0}]}           | items[0].unitAmount
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':1,'unitAmount':-1}]}          | items[0].unitAmount
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':1,'unitAmount':1.5}]}         | items[0].unitAmount
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':1,'unitAmount':1e3}]}         | items[0].unitAmount
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':1,'unitAmount':'100'}]}       | items[0].unitAmount
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':1,'unitAmount':10000000001}]} | items[0].unitAmount
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':2,'unitAmount':5000000001}]}  | items
            {'userId':'u','items':[ITEM,{'sku':'','name':'N','quantity':1,'unitAmount':1}]}       | items[1].sku
            {'userId':'u','items':[ITEM,{'sku':'S','name':' ','quantity':1,'unitAmount':1}]}      | items[1].name
            {'userId':'u','items':[{'sku':'S','name':'a\\u0000b','quantity':1,'unitAmount':1}]}   | items[0].name
            {'userId':'u','items':[{'sku':'S','name':'a\\ud800b','quantity':1,'unitAmount':1}]}   | items[0].name
            {'userId':'u','items':[{'sku':'S','name':'N','quantity':1,'unitAmount':1,'x':1}]}     | items[0].x
            """)
    void whatIsWrongInAnOrderIsRefusedWithTheFieldsName(String body, String field) {
        assertThat(post(shop.request(), "", body.replace("ITEM", ITEM)))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.errors[0].field")
                .isEqualTo(field);
    }

    @Test
    void numbersOfOrdersThatDoNotExistAreNotFound() {
        for (var orderNo : new String[] {"O" + "Z".repeat(26), "x", "O%00", "o" + "0".repeat(26)}) {
            assertThat(mvc.get().uri("/api/v1/orders/{no}", orderNo)).hasStatus(404);
        }
    }

    @Test
    void anOrderHoldsUpTo100Lines() {
        assertThat(post(shop.request(), "", "{'userId':'u','items':[" + (ITEM + ",").repeat(99) + ITEM + "]}"))
                .hasStatus(201)
                .bodyJson()
                .extractingPath("$.amount")
                .isEqualTo(399800);
        assertThat(post(shop.request(), "", "{'userId':'u','items':[" + (ITEM + ",").repeat(100) + ITEM + "]}"))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.errors[0].field")
                .isEqualTo("items");
    }

    private MvcTestResult step(Order order, String step) {
        return post(shop.request(), "/" + order.orderNo() + "/" + step, null);
    }

    private MvcTestResult post(RequestId request, String path, @org.jspecify.annotations.Nullable String body) {
        var call = mvc.post().uri("/api/v1/orders" + path).requestAttr(RequestId.ATTRIBUTE, request);
        return body == null
                ? call.exchange()
                : call.contentType(MediaType.APPLICATION_JSON)
                        .content(body.replace('\'', '"'))
                        .exchange();
    }
}
