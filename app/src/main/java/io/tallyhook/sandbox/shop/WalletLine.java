package io.tallyhook.sandbox.shop;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of a wallet's statement.
 *
 * @param kind such as {@code RECHARGE}, {@code SPEND}
 * @param part {@code PRINCIPAL}, {@code BONUS}
 * @param amount in fen, as the customer sees it
 * @param balance of that part after the line, in fen
 * @param reference the recharge or order that it is about
 */
record WalletLine(
        String kind,
        String part,
        long amount,
        long balance,
        String reference,
        @Nullable Instant at) {}
