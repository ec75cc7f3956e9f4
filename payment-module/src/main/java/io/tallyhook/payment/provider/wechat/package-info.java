/** WeChat Pay APIv3: notifications and the calls we make, as documented by WeChat Pay's merchant documentation. */
@NullMarked
@NamedInterface("wechat")
package io.tallyhook.payment.provider.wechat;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
