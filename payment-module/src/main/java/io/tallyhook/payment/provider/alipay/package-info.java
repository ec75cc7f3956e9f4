/** Alipay's OpenAPI (domestic, RSA2): asynchronous notifications and the calls we make to its gateway. */
@NullMarked
@NamedInterface("alipay")
package io.tallyhook.payment.provider.alipay;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
