package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import java.time.Instant;

/**
 * What one journal took out of one lot. Negative: it gave back.
 *
 * @param lotReference the number of the recharge or adjustment that the lot is from
 * @param heldPrincipal how much of it is only set aside; negative: set aside no more
 */
public record LotMove(
        long journalId,
        String kind,
        String reference,
        Instant bookedAt,
        long lotId,
        String lotReference,
        Money principal,
        Money bonus,
        Money heldPrincipal,
        Money heldBonus) {}
