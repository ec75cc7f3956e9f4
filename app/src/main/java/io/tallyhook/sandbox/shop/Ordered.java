package io.tallyhook.sandbox.shop;

/**
 * What was ordered and is to be paid.
 *
 * @param number of the order, recharge or membership purchase
 * @param title how the customer reads it
 */
record Ordered(String user, Purchase.Kind kind, String number, String title) {

    /** Where its payments are opened. */
    String payments() {
        return "%s/%s/payments".formatted(kind.path(), number);
    }
}
