/**
 * What is wrong between money and goods, in one list, with what can safely be done about each. It owns nothing that could be
 * out of date: every line is read from the payments, refunds and deliveries themselves, and is gone when its cause is.
 */
@NullMarked
@NamedInterface("board")
package io.tallyhook.payment.board;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
