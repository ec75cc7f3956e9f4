package io.tallyhook.membership;

import io.tallyhook.payment.Money;

/**
 * A membership that can be bought.
 *
 * @param planCode the shop's own name of it, see {@link #CODE}
 * @param name what people read, 1 to 127 characters
 * @param amount what it costs
 * @param days how long it lasts, 1 to 36,500, each of 24 hours
 * @param active whether it can be bought now
 */
public record Plan(String planCode, String name, Money amount, int days, boolean active) {

    /** What a plan's code looks like. */
    public static final String CODE = "[0-9A-Za-z][0-9A-Za-z_.-]{0,63}";

    /** The longest membership that one purchase may give: a century, for what shops call "for life". */
    public static final int MAX_DAYS = 36_500;
}
