/**
 * A genuine delivery of another amount than was asked for, let out of its quarantine: one person proposes it and another
 * confirms, or a policy gives the money back. It is verified as of its arrival and decided as every delivery; only the amount
 * may differ.
 */
@NullMarked
@NamedInterface("release")
package io.tallyhook.payment.release;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
