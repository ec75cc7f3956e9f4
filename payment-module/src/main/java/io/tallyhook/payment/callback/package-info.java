/**
 * The door for providers: takes a delivery, has it verified and booked, answers it, and keeps it so that people can see
 * and repeat it.
 */
@NullMarked
@NamedInterface("callback")
package io.tallyhook.payment.callback;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
