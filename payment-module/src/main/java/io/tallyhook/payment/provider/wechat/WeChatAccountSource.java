package io.tallyhook.payment.provider.wechat;

import java.util.List;

/** Where WeChat Pay accounts come from: the configuration, and the sandbox with accounts of its own. */
public interface WeChatAccountSource {

    List<WeChatAccount> weChatAccounts();
}
