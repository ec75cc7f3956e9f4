package io.tallyhook.payment.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GoodsTakenBack;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Purse;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.UserId;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Money that lies with us goes back in the transaction that takes back what it paid for; and the API, by real HTTP. */
@PaymentModuleTest
class RefundAtOnceIntegrationTests {

    private final RefundDesk desk;
    private final Refunds refunds;
    private final Payments payments;
    private final Purse purse;
    private final GoodsTakenBack goods;
    private final Till till;
    private final Door door;
    private final JdbcClient jdbc;
    private String refundNo = "";
    private UserId user = new UserId("nobody");
    private String outTradeNo = "";

    RefundAtOnceIntegrationTests(
            RefundDesk desk,
            Refunds refunds,
            Payments payments,
            Purse purse,
            GoodsTakenBack goods,
            Till till,
            Door door,
            JdbcClient jdbc) {
        this.desk = desk;
        this.refunds = refunds;
        this.payments = payments;
        this.purse = purse;
        this.goods = goods;
        this.till = till;
        this.door = door;
        this.jdbc = jdbc;
    }

    @BeforeEach
    void somebodyPaysFromHisPurse() {
        refundNo = RefundDesk.number();
        var request = Till.request(new PaymentRequest.Channel("wallet", null, "balance", null, Map.of()));
        user = request.userId();
        purse.fill(user, 5000);
        outTradeNo = payments.open(RequestId.fresh(Clock.systemUTC()), request, () -> {})
                .outTradeNo();
        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
    }

    @AfterEach
    void everythingIsFineAgain() {
        purse.calmDown();
        goods.recover();
    }

    @Test
    void it_is_back_on_return_and_everybody_knows() {
        var refund = desk.ask(outTradeNo, refundNo, 1999);

        assertThat(refund.state()).isEqualTo("SUCCEEDED");
        assertThat(refund.nextUnwindAt()).isNull();
        assertThat(refund.providerRefundId()).isEqualTo("B-" + refundNo);
        assertThat(purse.balance(user)).isEqualTo(5000);
        assertThat(goods.done(refundNo)).containsExactly("take", "settle");
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.REVERSED);
    }

    @Test
    void a_part_is_back_and_the_rest_stays_granted() {
        desk.ask(outTradeNo, refundNo, 999);

        assertThat(purse.balance(user)).isEqualTo(4000);
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.PARTIALLY_REFUNDED);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
    }

    @Test
    void the_same_refund_many_times_at_once_gives_back_once() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                threads.execute(() -> desk.ask(outTradeNo, refundNo, 1999));
            }
        }

        assertThat(purse.balance(user)).isEqualTo(5000);
        assertThat(goods.done(refundNo)).containsExactly("take", "settle");
        assertThat(refunds.of(outTradeNo)).hasSize(1);
    }

    @Test
    void if_the_money_cannot_be_given_back_nothing_is_taken_back() {
        purse.afterwards(number -> {
            throw new IllegalStateException("the purse is torn");
        });

        assertThatThrownBy(() -> desk.ask(outTradeNo, refundNo, 1999)).hasMessageContaining("torn");

        assertThat(purse.balance(user)).isEqualTo(3001);
        assertThat(goods.done(refundNo)).isEmpty();
        assertThat(refunds.of(outTradeNo)).isEmpty();
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
    }

    @Test
    void what_is_used_up_gives_nothing_back() {
        goods.declines(refundNo, Refusal.conflict("goods-used", "The goods are used."));

        assertThatThrownBy(() -> desk.ask(outTradeNo, refundNo, 1999)).isInstanceOf(Refusal.class);

        assertThat(purse.balance(user)).isEqualTo(3001);
        assertThat(refunds.of(outTradeNo)).isEmpty();
    }

    @Test
    void what_was_not_handed_out_yet_is_cancelled() {
        jdbc.sql("""
                        UPDATE payment.payment SET fulfilment = 'PENDING', fulfilled_at = NULL, due_at = now() + interval '1 d'
                        WHERE out_trade_no = :outTradeNo
                        """).param("outTradeNo", outTradeNo).update();

        desk.ask(outTradeNo, refundNo, 1999);

        assertThat(purse.balance(user)).isEqualTo(5000);
        assertThat(goods.done(refundNo)).isEmpty();
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.CANCELLED);
    }

    @Test
    void the_api_answers_a_refund_and_lists_it() {
        var path = "/api/v1/payments/%s/refunds".formatted(outTradeNo);

        var answer = door.json(path, """
                {"refundNo":"%s","amount":700,"reason":"too large"}""".formatted(refundNo));

        var view = """
                {"refundNo":"%s","outTradeNo":"%s","state":"SUCCEEDED","amount":700,"reason":"too large"}""".formatted(refundNo, outTradeNo);
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo(view);
        assertThat(door.get(path).body()).isEqualTo("{\"items\":[%s]}".formatted(view));
        assertThat(door.get(path + "/" + refundNo).body()).isEqualTo(view);
        assertThat(door.get(path + "/R-nobody").statusCode()).isEqualTo(404);
        assertThat(door.get("/api/v1/payments/" + outTradeNo).body()).contains("\"refundedAmount\":700");
    }

    @Test
    void the_api_refuses_what_is_no_refund_by_the_name_of_the_field() {
        refuses(400, "refundNo", "{\"amount\":700,\"reason\":\"why\"}");
        refuses(400, "refundNo", "{\"refundNo\":\"x\",\"amount\":700,\"reason\":\"why\"}");
        refuses(400, "amount", "{\"refundNo\":\"R-123456\",\"reason\":\"why\"}");
        refuses(400, "amount", "{\"refundNo\":\"R-123456\",\"amount\":0,\"reason\":\"why\"}");
        refuses(400, "amount", "{\"refundNo\":\"R-123456\",\"amount\":1.5,\"reason\":\"why\"}");
        refuses(400, "amount", "{\"refundNo\":\"R-123456\",\"amount\":\"1\",\"reason\":\"why\"}");
        refuses(400, "reason", "{\"refundNo\":\"R-123456\",\"amount\":700}");
        refuses(400, "reason", "{\"refundNo\":\"R-123456\",\"amount\":700,\"reason\":\" \"}");
        refuses(400, "colour", "{\"refundNo\":\"R-123456\",\"amount\":700,\"reason\":\"why\",\"colour\":\"red\"}");
        refuses(409, "refund-exceeds-payment", "{\"refundNo\":\"R-123456\",\"amount\":2000,\"reason\":\"why\"}");

        assertThat(refunds.of(outTradeNo)).isEmpty();
        assertThat(purse.balance(user)).isEqualTo(3001);
    }

    private void refuses(int status, String word, String body) {
        var answer = door.json("/api/v1/payments/%s/refunds".formatted(outTradeNo), body);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(word);
    }
}
