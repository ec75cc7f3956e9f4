package io.tallyhook.payment.simulation;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes up what happens at the providers: mostly what happens every day, now and then what never should. */
final class Provider {

    private static final Claim US = new Claim(Map.of(Check.APP_ID, "our-app", Check.MERCHANT_ID, "our-shop"));
    private static final Claim OTHERS = new Claim(Map.of(Check.APP_ID, "our-app", Check.MERCHANT_ID, "another-shop"));
    private static final Instant PAID_AT = Instant.parse("2026-01-01T00:00:00Z");

    private final SplittableRandom random;

    Provider(SplittableRandom random) {
        this.random = random;
    }

    /** Something that happens to this payment, as the provider will tell it. */
    Notice next(int payment, String outTradeNo, World.Terms terms) {
        boolean fits = random.nextInt(9) > 0;
        int wrong = fits ? 0 : 1 + random.nextInt(3);
        var claim = wrong == 1 ? OTHERS : US;
        var amount = wrong == 2 ? otherAmount(terms.amount()) : Money.fen(terms.amount());
        var account = wrong == 3 ? "shop-2" : "main";
        var fact = switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6, 7, 8 ->
                new Fact.Paid(outTradeNo, claim, transaction(outTradeNo), amount, PAID_AT);
            case 9, 10 -> new Fact.Closed(outTradeNo, claim);
            case 11 -> new Fact.Unchanged(outTradeNo, claim, "USERPAYING");
            default -> refunded(outTradeNo, claim, amount, terms);
        };
        // Only a payment and a refund name an amount.
        boolean named = fact instanceof Fact.Paid || fact instanceof Fact.Refunded;
        return new Notice(payment, new Booking(terms.provider(), account, US, fact), fits || (wrong == 2 && !named));
    }

    /** A genuine notice about a payment that is not ours. */
    Notice ofNobody() {
        var fact = new Fact.Paid("NOBODYS-%d".formatted(random.nextInt(9)), US, "T0", Money.fen(1), PAID_AT);
        return new Notice(Notice.NOBODYS, new Booking("wechat", "main", US, fact), true);
    }

    private Money otherAmount(long amount) {
        return switch (random.nextInt(3)) {
            case 0 -> Money.fen(amount + 1);
            case 1 -> Money.fen(amount * 100);
            default -> Money.of(amount, "USD");
        };
    }

    /** Mostly the one transaction; somebody may pay twice. */
    private String transaction(String outTradeNo) {
        return "T%d-%s".formatted(random.nextInt(15) == 0 ? 2 : 1, outTradeNo);
    }

    private Fact.Refunded refunded(String outTradeNo, Claim claim, Money total, World.Terms terms) {
        int number = random.nextInt(4);
        boolean sumOnly = terms.provider().equals("alipay");
        long part = terms.amount() / (number + 1);
        var given = Money.fen(random.nextInt(12) == 0 ? part + 1 : part);
        return new Fact.Refunded(
                outTradeNo,
                claim,
                sumOnly ? RefundResult.SUCCEEDED : result(number),
                random.nextBoolean() ? null : transaction(outTradeNo),
                // What a refund has come to is told once and for all.
                "R%d".formatted(number),
                null,
                sumOnly ? null : given,
                sumOnly ? Money.fen(1 + random.nextLong(terms.amount() + terms.amount() / 8 + 1)) : null,
                total,
                null);
    }

    private RefundResult result(int number) {
        if (random.nextInt(8) == 0) {
            return RefundResult.ABNORMAL;
        }
        // Now and then it contradicts itself.
        return number == 3 || random.nextInt(12) == 0 ? RefundResult.FAILED : RefundResult.SUCCEEDED;
    }
}
