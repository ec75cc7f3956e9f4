package io.tallyhook.orders;

import io.tallyhook.payment.Money;

/**
 * One line of an order.
 *
 * @param sku the shop's own number of the goods, 1 to 64 characters
 * @param name what people read, 1 to 127 characters
 * @param quantity 1 to 10,000
 * @param unitAmount what one piece costs
 */
public record OrderItem(String sku, String name, int quantity, Money unitAmount) {

    /** What the line costs. */
    public Money amount() {
        return unitAmount.times(quantity);
    }
}
