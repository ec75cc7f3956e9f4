package io.tallyhook.payment.callback;

import io.tallyhook.payment.provider.Delivery;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/** How many refused deliveries, and how many bytes of them, are stored per account and minute. */
final class RejectedBudget {

    private final CallbackSettings settings;
    private final Clock clock;
    private final Map<String, Spent> byAccount = new HashMap<>();

    RejectedBudget(CallbackSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** What an account has used of its minute. */
    private record Spent(Instant minute, int rows, long bytes) {}

    /** Whether this one may still be stored; if so, it is charged. */
    synchronized boolean affords(Delivery delivery) {
        var minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        var account = delivery.provider() + "/" + delivery.account();
        var spent = byAccount.get(account);
        if (spent == null || !spent.minute().equals(minute)) {
            spent = new Spent(minute, 0, 0);
        }
        long bytes = spent.bytes() + delivery.body().length;
        if (spent.rows() >= settings.rejectedPerMinute()
                || bytes > settings.rejectedBytesPerMinute().toBytes()) {
            return false;
        }
        byAccount.put(account, new Spent(minute, spent.rows() + 1, bytes));
        return true;
    }
}
