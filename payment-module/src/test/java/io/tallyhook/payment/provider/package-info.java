@NullMarked
package io.tallyhook.payment.provider;

import org.jspecify.annotations.NullMarked;
