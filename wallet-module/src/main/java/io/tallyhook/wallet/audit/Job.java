package io.tallyhook.wallet.audit;

import java.time.Duration;
import java.time.Instant;

/** Work that any instance may do, and one does. Doing it twice does no harm; doing it never does. */
interface Job {

    /** As in {@code wallet.job}. */
    String name();

    /** When it is due next, if it is done now. */
    Instant dueAfter(Instant now);

    /** For how long nobody else begins it. An instance that dies in the middle delays it by this much. */
    default Duration lease() {
        return Duration.ofMinutes(2);
    }

    /** Does it. @return what was done, in a few words for people */
    String run();
}
