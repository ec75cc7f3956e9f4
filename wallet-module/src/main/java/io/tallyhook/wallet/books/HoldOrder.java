package io.tallyhook.wallet.books;

/** In which order open holds are listed. */
public enum HoldOrder {
    /** What is released next comes first. */
    EXPIRY("h.expires_at, h.hold_id"),
    /** What has been waiting longest comes first. */
    AGE("h.hold_id, h.expires_at");

    private final String columns;

    HoldOrder(String columns) {
        this.columns = columns;
    }

    String columns() {
        return columns;
    }
}
