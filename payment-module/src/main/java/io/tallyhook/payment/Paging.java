package io.tallyhook.payment;

import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is wanted.
 *
 * @param limit how many lines, 1 to 200
 * @param cursor behind which line the page begins; absent for the first page
 */
public record Paging(int limit, @Nullable String cursor) {

    public static final int DEFAULT_LIMIT = 50;
    public static final int MAX_LIMIT = 200;

    /** @throws Refusal (400) if the limit is out of bounds */
    public Paging {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw Refusal.badField("limit", "must be 1 to " + MAX_LIMIT);
        }
    }

    /** Reads the two query parameters of every list; an absent limit is {@value #DEFAULT_LIMIT}. */
    public static Paging of(@Nullable Integer limit, @Nullable String cursor) {
        return new Paging(limit == null ? DEFAULT_LIMIT : limit, cursor == null || cursor.isBlank() ? null : cursor);
    }

    /**
     * The cursor as a number, for lists that are paged by one.
     *
     * @throws Refusal (400) if it is not one of ours
     */
    public long cursorOr(long first) {
        if (cursor == null) {
            return first;
        }
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw Refusal.badField("cursor", "must be the nextCursor of the page before");
        }
    }
}
