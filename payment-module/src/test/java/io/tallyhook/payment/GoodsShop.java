package io.tallyhook.payment;

import io.tallyhook.payment.policy.PolicyBench;
import io.tallyhook.payment.provider.alipay.AlipayAccountSource;
import io.tallyhook.payment.provider.wechat.WeChatAccountSource;
import io.tallyhook.payment.refund.RefundDesk;
import io.tallyhook.payment.release.Quarantine;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.Payer;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.WeChatPayServer;

/** A module that sells goods, as small as can be, with two accounts at each provider, a bank that can be moody, purses, and savings. */
@TestConfiguration(proxyBeanMethods = false)
@Import({Payer.class, RefundDesk.class, PolicyBench.class, Quarantine.class})
public class GoodsShop {

    @Bean
    Purpose goods() {
        return new Purpose("GOODS");
    }

    @Bean
    WeChatAccountSource shopsAtWeChat() {
        return () -> List.of(TestAccounts.weChat(), TestAccounts.weChat("shop-2"), TestAccounts.weChat("noisy"));
    }

    @Bean
    WeChatPayServer weChatPayServer() {
        return new WeChatPayServer();
    }

    @Bean
    WeChatAccountSource shopAtTheServer(WeChatPayServer server) {
        return () -> List.of(server.account());
    }

    @Bean
    AlipayAccountSource shopsAtAlipay() {
        return () -> List.of(
                TestAccounts.alipay(),
                TestAccounts.alipay("shop-2"),
                TestAccounts.alipay("gbk", Charset.forName("GBK"), URI.create("http://127.0.0.1:9/gateway.do")));
    }

    @Bean
    MoodyBank moodyBank() {
        return new MoodyBank();
    }

    @Bean
    Purse purse(JdbcClient jdbc, Clock clock) {
        return new Purse(jdbc, clock);
    }

    @Bean
    GoodsListener goodsListener(JdbcClient jdbc, Fulfilments fulfilments) {
        return new GoodsListener(jdbc, fulfilments);
    }

    @Bean
    GoodsTakenBack goodsTakenBack(JdbcClient jdbc) {
        return new GoodsTakenBack(jdbc);
    }

    @Bean
    Savings savings(JdbcClient jdbc) {
        return new Savings(jdbc);
    }

    @Bean
    Till till(Payments payments, JdbcClient jdbc, GoodsListener listener) {
        return new Till(payments, jdbc, listener);
    }

    @Bean
    Door door(Environment environment) {
        return new Door(environment);
    }
}
