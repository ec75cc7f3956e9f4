package io.tallyhook.payment.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.PaymentGateway.Order;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.TestAccountSources;
import tallyhook.testing.TestKeys;
import tallyhook.testing.TestPem;
import tallyhook.testing.WeChatNotification;

/** Verifies and calls with everything logged, and then looks for secrets in the log. */
@ExtendWith(OutputCaptureExtension.class)
class SecretsStayInsideTests {

    @Test
    void c25_nothing_secret_is_logged_or_said_whatever_happens(CapturedOutput output) {
        var root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("ROOT");
        var before = root.getLevel();
        root.setLevel(Level.TRACE);
        try {
            new ApplicationContextRunner()
                    .withUserConfiguration(Providers.class)
                    .run(context -> {
                        context.getBeansOfType(CallbackProtocol.class).values().forEach(protocol -> {
                            var said = deliveries().stream()
                                    .filter(delivery -> delivery.provider().equals(protocol.provider()))
                                    .map(delivery -> protocol.verify(delivery).toString())
                                    .toList();
                            assertNoSecrets(said.toString());
                        });
                        context.getBeansOfType(PaymentGateway.class)
                                .values()
                                .forEach(gateway -> assertThatThrownBy(() -> gateway.prepare(order(gateway)))
                                        .isInstanceOf(ProviderUnclear.class)
                                        .satisfies(failure -> assertNoSecrets(String.valueOf(failure.getMessage()))));
                    });
        } finally {
            root.setLevel(before);
        }
        assertThat(output).as("everything was logged").contains("TRACE");
        assertNoSecrets(output.getAll());
    }

    private static void assertNoSecrets(String text) {
        assertThat(text).doesNotContain("0123456789abcdef0123456789abcdef");
        for (var pair : List.of(TestKeys.merchant(), TestKeys.alipayApp())) {
            var secret = TestPem.base64(pair.getPrivate());
            // From behind the part that all private keys begin with.
            assertThat(text).doesNotContain(secret.substring(400, 440));
        }
    }

    private static List<Delivery> deliveries() {
        var weChat = WeChatNotification.paid("P123456", 1999);
        var alipay = AlipayNotification.paid("P123456", 1999);
        return List.of(
                weChat.toDelivery(),
                weChat.tampered().toDelivery(),
                weChat.encryptedWith(new byte[32]).toDelivery(),
                weChat.content("nonsense").toDelivery(),
                weChat.probe().toDelivery(),
                alipay.toDelivery(),
                alipay.tampered().toDelivery(),
                alipay.unsigned().toDelivery(),
                alipay.totalAmount("1.999").toDelivery());
    }

    private static Order order(PaymentGateway gateway) {
        return new Order(
                "main",
                gateway.provider().equals("wechat") ? "native" : "precreate",
                "P123456",
                Money.fen(1999),
                "VIP",
                null,
                URI.create("https://pay.example.com/callbacks/x/main"),
                Map.of());
    }

    /** Not annotated as a configuration, so that nobody else's component scan finds it. */
    @ComponentScan("io.tallyhook.payment.provider")
    @Import(TestAccountSources.class)
    static class Providers {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }
}
