@NullMarked
package io.tallyhook.payment.provider.alipay;

import org.jspecify.annotations.NullMarked;
