/**
 * What every payment provider must do for us, in provider-neutral words: prove a delivery genuine and read it as a
 * {@link io.tallyhook.payment.provider.Fact}, answer it in the provider's own form, and take our orders. Each provider
 * has a sub-package of its own.
 */
@NullMarked
@NamedInterface("provider")
package io.tallyhook.payment.provider;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
