package io.tallyhook.payment;

import java.util.regex.Pattern;

/**
 * Money that somebody wants to have given back.
 *
 * @param refundNo 6 to 32 characters of {@code 0-9A-Za-z_-}, unique for ever over all payments; a repeat with the same
 *     payment and amount is the same refund
 * @param amount in minor units of the payment's currency
 * @param reason why, for the payer and for the books: 1 to 200 characters that can be printed
 * @param actor who asks for it; recorded
 */
public record RefundRequest(String outTradeNo, String refundNo, long amount, String reason, String actor) {

    private static final Pattern NUMBER = Pattern.compile("[0-9A-Za-z_-]{6,32}");

    /** Neither controls nor halves of characters, nor what no script defines. */
    private static final Pattern PRINTABLE = Pattern.compile("[^\\p{Cc}\\p{Cs}\\p{Cn}\\p{Zl}\\p{Zp}]{1,200}");

    /** @throws Refusal (400) naming the field */
    public RefundRequest {
        if (!NUMBER.matcher(refundNo).matches()) {
            throw Refusal.badField("refundNo", "must be 6 to 32 characters of 0-9 A-Z a-z _ -");
        }
        if (amount < 1 || amount > Money.MAX_MINOR_UNITS) {
            throw Refusal.badField("amount", "must be between 1 and %d minor units".formatted(Money.MAX_MINOR_UNITS));
        }
        requireWords("reason", reason);
    }

    /** @throws Refusal (400) naming the field, if it is not 1 to 200 characters that can be printed */
    public static void requireWords(String field, String text) {
        if (text.isBlank() || !PRINTABLE.matcher(text).matches()) {
            throw Refusal.badField(field, "must be 1 to 200 printable characters that say why");
        }
    }
}
