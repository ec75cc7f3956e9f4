package tallyhook.testing;

import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.booking.Outcome;
import java.util.Map;

/** Somebody who pays at the {@link PlainBank}; the payment is confirmed through the intake, like any other. */
public class Payer {

    private final Intake intake;

    Payer(Intake intake) {
        this.intake = intake;
    }

    /** Pays; it is committed on return, and the module of its purpose hears of it. */
    public Outcome pays(Payment payment) {
        var fact = PlainBank.paid(payment.outTradeNo(), payment.amount());
        var booking = new Booking(payment.provider(), payment.account(), PlainBank.NOBODY, fact);
        return intake.book(booking, fact, Intake.Alongside.NOTHING).outcome();
    }

    /** How to pay at the bank by this method: {@code till} or {@code external}. */
    public static PaymentRequest.Channel by(String method) {
        return new PaymentRequest.Channel(PlainBank.NAME, "main", method, null, Map.of());
    }
}
