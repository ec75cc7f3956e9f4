/** Every point of every way at which the process may be killed, and what must be true after it. */
@NullMarked
package io.tallyhook.payment.crash;

import org.jspecify.annotations.NullMarked;
