package io.tallyhook.payment.provider;

import org.jspecify.annotations.Nullable;

/** Whether a delivery is what it claims to be. */
public sealed interface Verdict {

    /**
     * The provider sent it.
     *
     * @param notificationId the provider's own id of the notification, shared by its repeats where the provider does so
     */
    record Genuine(Fact fact, @Nullable String notificationId) implements Verdict {}

    /**
     * It is not believed and changes nothing.
     *
     * @param expected what would have been right, for people; never a secret
     * @param actual what was there instead, for people; never a secret
     */
    record Rejected(
            Rejection reason,
            @Nullable String expected,
            @Nullable String actual) implements Verdict {

        public static Rejected because(Rejection reason) {
            return new Rejected(reason, null, null);
        }
    }
}
