package io.tallyhook.sandbox.shop;

/**
 * Something on the shelf.
 *
 * @param code the article, package or plan
 * @param name its own name; empty if pages name it by its kind and numbers
 * @param amount its price in fen
 * @param bonus what a recharge adds, in fen
 * @param days how long a membership runs
 */
record Offer(Purchase.Kind kind, String code, String name, long amount, long bonus, int days) {

    static Offer article(String code, long amount) {
        return new Offer(Purchase.Kind.GOODS, code, "", amount, 0, 0);
    }
}
