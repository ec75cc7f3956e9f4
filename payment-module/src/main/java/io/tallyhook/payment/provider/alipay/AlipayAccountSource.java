package io.tallyhook.payment.provider.alipay;

import java.util.List;

/** Where Alipay accounts come from: the configuration, and the sandbox with accounts of its own. */
public interface AlipayAccountSource {

    List<AlipayAccount> alipayAccounts();
}
