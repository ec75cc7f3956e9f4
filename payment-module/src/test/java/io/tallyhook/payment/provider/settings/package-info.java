@NullMarked
package io.tallyhook.payment.provider.settings;

import org.jspecify.annotations.NullMarked;
