package io.tallyhook.sandbox.shop;

import java.time.Instant;

/**
 * What a customer of the sandbox shop ordered: the shop's own book of it, as a real shop would have one.
 *
 * @param number of the order, recharge or membership purchase
 * @param amount in fen
 */
record Purchase(
        String user,
        Kind kind,
        String number,
        String title,
        long amount,
        String provider,
        String outTradeNo,
        Instant at) {

    Ordered ordered() {
        return new Ordered(user, kind, number, title);
    }

    /** What can be bought, and where the merchant API keeps it. */
    enum Kind {
        GOODS("/orders", "orderNo"),
        RECHARGE("/recharges", "rechargeNo"),
        MEMBERSHIP("/membership-purchases", "purchaseNo");

        private final String path;
        private final String numberField;

        Kind(String path, String numberField) {
            this.path = path;
            this.numberField = numberField;
        }

        String path() {
            return path;
        }

        String numberField() {
            return numberField;
        }
    }
}
