@NullMarked
package io.tallyhook.payment.provider.wechat;

import org.jspecify.annotations.NullMarked;
