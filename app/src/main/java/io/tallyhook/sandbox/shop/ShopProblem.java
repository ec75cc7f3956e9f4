package io.tallyhook.sandbox.shop;

/** The merchant API did not do what the shop asked for; the message is its own sentence. */
final class ShopProblem extends RuntimeException {

    private final int status;

    /** @param status of the API's answer; 0 if there was none */
    ShopProblem(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
