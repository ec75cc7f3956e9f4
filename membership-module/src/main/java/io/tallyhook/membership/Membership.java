package io.tallyhook.membership;

import io.tallyhook.payment.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user's membership at a moment.
 *
 * @param active whether a grant covers the moment
 * @param planCode the plan of that grant; absent when not active
 * @param startsAt since when the membership has been running without a gap; absent when not active
 * @param expiresAt until when it runs without a gap, over all grants that follow; absent when not active
 * @param grants what stands of all that was ever granted, oldest first, one after the other: after a refund without the days
 *     that it took; of very many the latest {@value #MAX_GRANTS}
 */
public record Membership(
        UserId userId,
        boolean active,
        @Nullable String planCode,
        @Nullable Instant startsAt,
        @Nullable Instant expiresAt,
        List<Grant> grants) {

    /** How many entries of the line are looked at. */
    public static final int MAX_GRANTS = 200;

    /** @param grants the user's line, oldest first, without overlaps */
    static Membership at(Instant now, UserId userId, List<Grant> grants) {
        for (int i = 0; i < grants.size(); i++) {
            if (grants.get(i).covers(now)) {
                return new Membership(
                        userId,
                        true,
                        grants.get(i).planCode(),
                        grants.get(firstOfStretch(grants, i)).startsAt(),
                        grants.get(lastOfStretch(grants, i)).expiresAt(),
                        grants);
            }
        }
        return new Membership(userId, false, null, null, null, grants);
    }

    private static int firstOfStretch(List<Grant> grants, int from) {
        int first = from;
        while (first > 0
                && grants.get(first - 1).expiresAt().equals(grants.get(first).startsAt())) {
            first--;
        }
        return first;
    }

    private static int lastOfStretch(List<Grant> grants, int from) {
        int last = from;
        while (last + 1 < grants.size()
                && grants.get(last).expiresAt().equals(grants.get(last + 1).startsAt())) {
            last++;
        }
        return last;
    }
}
