/** The Idempotency-Key: a repeated POST gets the first answer again and does nothing twice. */
@NullMarked
package io.tallyhook.access.idempotency;

import org.jspecify.annotations.NullMarked;
