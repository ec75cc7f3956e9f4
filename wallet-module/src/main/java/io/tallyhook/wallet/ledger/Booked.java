package io.tallyhook.wallet.ledger;

/**
 * Where a request was booked.
 *
 * @param replayed whether that was done before, so that nothing has changed now
 */
public record Booked(String requestKey, long journalId, boolean replayed) {}
