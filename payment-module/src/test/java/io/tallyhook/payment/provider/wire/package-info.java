@NullMarked
package io.tallyhook.payment.provider.wire;

import org.jspecify.annotations.NullMarked;
