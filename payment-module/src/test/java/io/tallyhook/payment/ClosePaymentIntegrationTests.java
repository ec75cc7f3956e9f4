package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tallyhook.payment.provider.PaymentGateway.Closing;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.WeChatNotification;

@PaymentModuleTest
class ClosePaymentIntegrationTests {

    private final Payments payments;
    private final MoodyBank bank;
    private final Till till;
    private final Door door;
    private final TransactionTemplate transaction;

    ClosePaymentIntegrationTests(
            Payments payments, MoodyBank bank, Till till, Door door, PlatformTransactionManager transactions) {
        this.payments = payments;
        this.bank = bank;
        this.till = till;
        this.door = door;
        this.transaction = new TransactionTemplate(transactions);
    }

    @BeforeEach
    @AfterEach
    void aCalmBank() {
        bank.calmDown();
    }

    @Test
    void it_is_closed_at_the_provider_first_and_then_here() {
        var outTradeNo = ordered();
        bank.onClose(() -> {
            assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
            return Closing.CLOSED;
        });

        assertThat(payments.close(outTradeNo).state()).isEqualTo(PaymentState.CLOSED);
    }

    @Test
    void closing_a_closed_one_changes_nothing_and_asks_nobody() {
        var outTradeNo = ordered();
        var closed = payments.close(outTradeNo);
        bank.calmDown();

        assertThat(payments.close(outTradeNo)).isEqualTo(closed);
        assertThat(bank.calls()).isEmpty();
    }

    @Test
    void an_external_payment_is_closed_by_us_alone() {
        var outTradeNo = till.opened("bank");

        assertThat(payments.close(outTradeNo).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(bank.calls()).isEmpty();
    }

    @Test
    void a_paid_one_cannot_be_closed() {
        var outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, 1999));

        assertAlreadyPaid(outTradeNo);
    }

    /** c10: too late to close; what the provider knows is booked like any other fact. */
    @Test
    void if_the_provider_says_that_it_is_paid_it_is_booked_and_handed_out_instead() {
        var outTradeNo = ordered();
        bank.takesMoneyFor(outTradeNo);

        assertAlreadyPaid(outTradeNo);

        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
    }

    @Test
    void if_the_provider_says_paid_but_not_how_it_is_neither_closed_nor_paid() {
        var outTradeNo = ordered();
        bank.onClose(() -> Closing.ALREADY_PAID);
        bank.onQuery(Optional::empty);

        assertAlreadyPaid(outTradeNo);

        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void if_the_provider_is_unclear_it_is_left_open() {
        var outTradeNo = ordered();
        bank.onClose(() -> {
            throw new ProviderUnclear("timeout", null);
        });

        var refusal = catchThrowableOfType(Refusal.class, () -> payments.close(outTradeNo));

        assertThat(refusal.status().value()).isEqualTo(504);
        assertThat(refusal.properties()).containsEntry("outTradeNo", outTradeNo);
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void if_it_is_paid_while_the_provider_is_asked_it_stays_paid() {
        var outTradeNo = till.opened("wechat");
        var byBank = ordered();
        bank.onClose(() -> {
            till.paidInSilence(byBank);
            return Closing.CLOSED;
        });

        assertAlreadyPaid(byBank);

        assertThat(payments.get(byBank).state()).isEqualTo(PaymentState.PAID);
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void all_attempts_to_pay_one_thing_are_closed_together() {
        var request = Till.atTheBank();
        payments.open(RequestId.fresh(Clock.systemUTC()), request, () -> {});
        payments.open(RequestId.fresh(Clock.systemUTC()), request, () -> {});

        payments.closeAll(request.purpose(), request.reference());

        assertThat(payments.of(request.purpose(), request.reference()))
                .hasSize(2)
                .allMatch(payment -> payment.state() == PaymentState.CLOSED);
    }

    @Test
    void one_that_does_not_exist_is_not_found() {
        assertThat(catchThrowableOfType(Refusal.class, () -> payments.close("P-nobody"))
                        .status()
                        .value())
                .isEqualTo(404);
    }

    @Test
    void it_cannot_be_done_in_a_transaction() {
        var outTradeNo = ordered();

        assertThatThrownBy(() -> transaction.execute(status -> payments.close(outTradeNo)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    private void assertAlreadyPaid(String outTradeNo) {
        var refusal = catchThrowableOfType(Refusal.class, () -> payments.close(outTradeNo));
        assertThat(refusal.status().value()).isEqualTo(409);
        assertThat(refusal.type()).isEqualTo("payment-already-paid");
        assertThat(refusal.properties()).containsEntry("outTradeNo", outTradeNo);
    }

    private String ordered() {
        var outTradeNo = payments.open(RequestId.fresh(Clock.systemUTC()), Till.atTheBank(), () -> {})
                .outTradeNo();
        bank.calmDown();
        return outTradeNo;
    }
}
