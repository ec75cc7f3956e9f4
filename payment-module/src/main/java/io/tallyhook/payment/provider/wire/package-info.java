/**
 * What the providers' protocols have in common: RSA signatures, strict JSON, plausible values, bounded HTTP calls.
 */
@NullMarked
package io.tallyhook.payment.provider.wire;

import org.jspecify.annotations.NullMarked;
