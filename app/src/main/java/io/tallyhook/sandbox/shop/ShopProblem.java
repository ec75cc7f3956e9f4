package io.tallyhook.sandbox.shop;

/** The merchant API did not do what the shop asked for; the message is its own sentence. */
final class ShopProblem extends RuntimeException {

    private final int status;
    private final String kind;

    /** @param status of the API's answer; 0 if there was none */
    ShopProblem(int status, String message) {
        this(status, "", message);
    }

    /** @param kind of the problem, such as {@code insufficient-balance}; empty if it has none */
    ShopProblem(int status, String kind, String message) {
        super(message);
        this.status = status;
        this.kind = kind;
    }

    String kind() {
        return kind;
    }

    int status() {
        return status;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
