package tallyhook.testing;

import io.tallyhook.payment.provider.alipay.AlipayAccountSource;
import io.tallyhook.payment.provider.wechat.WeChatAccountSource;
import java.util.List;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** Puts {@link TestAccounts} into a context: {@code @Import(TestAccountSources.class)}. */
@TestConfiguration(proxyBeanMethods = false)
public class TestAccountSources {

    @Bean
    WeChatAccountSource weChatTestAccounts() {
        return () -> List.of(TestAccounts.weChat());
    }

    @Bean
    AlipayAccountSource alipayTestAccounts() {
        return () -> List.of(TestAccounts.alipay());
    }
}
