package io.tallyhook.wallet.ledger;

/** A key was used again for something else. Never a race, always a fault of the caller. */
public final class RequestConflict extends RuntimeException {

    RequestConflict(String requestKey) {
        super("The ledger has booked %s with another user, amount, bonus or channel".formatted(requestKey));
    }
}
