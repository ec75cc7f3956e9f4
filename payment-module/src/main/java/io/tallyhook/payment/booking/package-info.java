/**
 * From a genuine fact to a booked one: the decision, a pure function, and the intake that books many decisions in one
 * transaction. Nothing else marks a payment paid.
 */
@NullMarked
@NamedInterface("booking")
package io.tallyhook.payment.booking;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
