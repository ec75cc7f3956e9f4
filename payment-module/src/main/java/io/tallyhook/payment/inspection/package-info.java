/**
 * A standing inspection over all modules: what was handed out was paid, what was paid and handed out is known to its module, and
 * what was given back in full is granted no more. It changes nothing but its list of findings.
 */
@NullMarked
package io.tallyhook.payment.inspection;

import org.jspecify.annotations.NullMarked;
