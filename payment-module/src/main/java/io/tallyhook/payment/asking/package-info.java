/**
 * What nobody called us about: pending payments are asked about at their provider, closed when they expire or when another
 * attempt was paid, and an account whose callbacks stop is noticed.
 */
@NullMarked
@NamedInterface("asking")
package io.tallyhook.payment.asking;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
