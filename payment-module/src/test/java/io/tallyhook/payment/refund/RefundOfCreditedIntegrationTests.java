package io.tallyhook.payment.refund;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.Entitlement.Line;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GoodsTakenBack;
import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Savings;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.board.Repairs;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.WeChatNotification;

/** What was credited to a wallet is taken out of the wallet when the money goes back, and nothing is taken from the order. */
@PaymentModuleTest
class RefundOfCreditedIntegrationTests {

    private final RefundDesk desk;
    private final Refunds refunds;
    private final Repairs repairs;
    private final Savings savings;
    private final GoodsTakenBack goods;
    private final MoodyBank bank;
    private final Till till;
    private final Door door;
    private final JdbcClient jdbc;

    RefundOfCreditedIntegrationTests(
            RefundDesk desk,
            Refunds refunds,
            Repairs repairs,
            Savings savings,
            GoodsTakenBack goods,
            MoodyBank bank,
            Till till,
            Door door,
            JdbcClient jdbc) {
        this.desk = desk;
        this.refunds = refunds;
        this.repairs = repairs;
        this.savings = savings;
        this.goods = goods;
        this.bank = bank;
        this.till = till;
        this.door = door;
        this.jdbc = jdbc;
    }

    @AfterEach
    void everythingIsFineAgain() {
        bank.calmDown();
    }

    @Test
    void a_part_and_then_the_rest_are_taken_out_of_the_wallet_under_its_own_number() {
        var outTradeNo = credited(desk.notHandedOut());
        var part = RefundDesk.number();
        var rest = RefundDesk.number();

        desk.ask(outTradeNo, part, 500);
        desk.unwound(outTradeNo, part);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        desk.ask(outTradeNo, rest, 1499);
        desk.unwound(outTradeNo, rest);

        var reference = Savings.reference(outTradeNo);
        assertThat(savings.done(part))
                .containsExactly("take 5.00 CNY of " + reference, "settle 5.00 CNY of " + reference);
        assertThat(savings.done(rest))
                .containsExactly("take 14.99 CNY of " + reference, "settle 14.99 CNY of " + reference);
        assertThat(goods.done(part)).isEmpty();
        assertThat(goods.done(rest)).isEmpty();
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.REVERSED);
        assertThat(desk.payment(outTradeNo).creditedAs()).isEqualTo(reference);
    }

    @Test
    void the_preview_is_the_wallets() {
        var outTradeNo = credited(desk.notHandedOut());

        assertThat(refunds.preview(outTradeNo, 500, "mei").lines())
                .containsExactly(Line.of("savings.go-back", Savings.reference(outTradeNo), RefundDesk.fen(500)));
    }

    @Test
    void a_refund_that_fails_is_given_back_to_the_wallet() {
        var outTradeNo = credited(desk.notHandedOut());
        var refundNo = RefundDesk.number();
        bank.onRefund(refundNo, order -> {
            throw new ProviderRefused("NOT_ENOUGH", "the account is empty");
        });

        desk.ask(outTradeNo, refundNo, 1999);
        desk.unwound(outTradeNo, refundNo);

        var reference = Savings.reference(outTradeNo);
        assertThat(savings.done(refundNo))
                .containsExactly("take 19.99 CNY of " + reference, "giveBack 19.99 CNY of " + reference);
        assertThat(goods.done(refundNo)).isEmpty();
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
    }

    @Test
    void a_refund_of_the_providers_console_takes_what_the_wallet_has_left() {
        var outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, 1999));
        till.settled(outTradeNo);
        credited(outTradeNo);
        var refundNo = RefundDesk.number();

        door.send(WeChatNotification.refunded(outTradeNo, refundNo, 1999, 1999));
        desk.unwound(outTradeNo, refundNo);

        assertThat(savings.done(refundNo))
                .containsExactly("takeWhatIsLeft 19.99 CNY of " + Savings.reference(outTradeNo));
        assertThat(goods.done(refundNo)).isEmpty();
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.REVERSED);
    }

    /** Its module says that it was paid twice, and a person credits it. */
    private String credited(String outTradeNo) {
        jdbc.sql("""
                        UPDATE payment.payment SET fulfilment = 'PARKED', fulfilment_reason = 'SURPLUS', due_at = NULL
                        WHERE out_trade_no = :no
                        """).param("no", outTradeNo).update();
        repairs.creditToWallet(outTradeNo, "he asked for it", "mei");
        return outTradeNo;
    }
}
