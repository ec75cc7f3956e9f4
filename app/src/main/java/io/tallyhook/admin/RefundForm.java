package io.tallyhook.admin;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The form of a refund as a person has filled it in, wrong or right.
 *
 * @param number under which it is asked for, so that sending it twice gives back once
 * @param amount in yuan
 */
record RefundForm(
        @Nullable String number,
        @Nullable String amount,
        @Nullable String reason) {

    /** What is wrong with it: by field, the key of a sentence. @param left what can be given back at most */
    Map<String, String> objections(Money left) {
        var wrong = new LinkedHashMap<String, String>();
        var money = money();
        if (money.filter(Money::isPositive).isEmpty()) {
            wrong.put("amount", "refund.wrong.amount");
        } else if (money.get().compareTo(left) > 0) {
            wrong.put("amount", "refund.wrong.more");
        }
        if (!reasonFits()) {
            wrong.put("reason", "refund.wrong.reason");
        }
        return wrong;
    }

    /** @throws Refusal (400) if there are objections */
    RefundRequest request(String outTradeNo, String actor) {
        return new RefundRequest(
                outTradeNo,
                text(number),
                money().orElseThrow(() -> Refusal.badField("amount", "must be an amount in yuan"))
                        .minorUnits(),
                text(reason),
                actor);
    }

    Optional<Money> money() {
        try {
            return Optional.of(Money.yuan(text(amount)));
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private boolean reasonFits() {
        try {
            return !new RefundRequest("any", "any-number", 1, text(reason), "any")
                    .reason()
                    .isEmpty();
        } catch (Refusal refused) {
            return false;
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip();
    }
}
