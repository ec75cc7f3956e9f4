package io.tallyhook.payment.board;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.SearchTerm;
import org.jspecify.annotations.Nullable;

/**
 * Which lines are wanted; what is absent does not limit.
 *
 * @param purpose the code of a purpose
 * @param outTradeNo the number of a payment
 */
public record BoardFilter(
        @Nullable BoardKind kind,
        @Nullable String purpose,
        @Nullable String outTradeNo) {

    /** @throws Refusal (400) if a text cannot be one of ours */
    public BoardFilter {
        SearchTerm.text("purpose", purpose);
        SearchTerm.text("outTradeNo", outTradeNo);
    }

    public static BoardFilter of(String outTradeNo) {
        return new BoardFilter(null, null, outTradeNo);
    }
}
