package io.tallyhook.wallet.ledger;

import org.springframework.dao.ConcurrencyFailureException;

/**
 * The same was asked twice at one moment, and the other one was booked or declined first: nothing was booked by this one. Asked
 * again, it gets the answer of the first.
 */
public final class AskedAtOnce extends ConcurrencyFailureException {

    AskedAtOnce(String requestKey, Throwable cause) {
        super("%s was asked for by somebody else at the same moment. Ask again.".formatted(requestKey), cause);
    }
}
