package io.tallyhook.payment.provider.wechat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Verdict;
import io.tallyhook.payment.provider.wire.Cryptography;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tallyhook.testing.Chaos;
import tallyhook.testing.Mangler;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.WeChatNotification;

/** Whatever arrives is answered with a verdict: nothing throws, and nothing that was changed is believed. */
class MangledWeChatTests {

    private final long seed = Chaos.seed("MangledWeChat");
    private final Random random = new Random(seed);
    private final Mangler mangler = new Mangler(random);
    private final WeChatCallbacks callbacks =
            new WeChatCallbacks(new WeChatAccounts(List.of(() -> List.of(TestAccounts.weChat()))), Cryptography.jdk());

    private void forAWhile(int times, Runnable one) {
        long end = System.nanoTime() + Chaos.lasting(Duration.ZERO).toNanos();
        for (int n = 0; n < times || System.nanoTime() < end; n++) {
            one.run();
        }
    }

    @Test
    void aBodyThatWasChangedOnTheWayIsNeverBelieved() {
        var genuine = WeChatNotification.paid("P123456", 1999).toDelivery();
        assertThat(callbacks.verify(genuine)).isInstanceOf(Verdict.Genuine.class);
        forAWhile(5_000, () -> {
            var delivery = with(genuine, genuine.headers(), mangler.mangled(genuine.body()));
            assertThat(callbacks.verify(delivery)).isInstanceOf(Verdict.Rejected.class);
            assertThat(callbacks.content(delivery)).isNotNull();
        });
    }

    @Test
    void headersThatWereChangedAreAnsweredWithAVerdictAndNoOtherFact() {
        var genuine = WeChatNotification.paid("P123456", 1999).toDelivery();
        var fact = ((Verdict.Genuine) callbacks.verify(genuine)).fact();
        var names = genuine.headers().keySet().stream().sorted().toList();
        forAWhile(3_000, () -> {
            var headers = new HashMap<>(genuine.headers());
            headers.computeIfPresent(
                    names.get(random.nextInt(names.size())),
                    (name, value) -> new String(mangler.mangled(value.getBytes(ISO_8859_1)), ISO_8859_1));
            if (callbacks.verify(with(genuine, headers, genuine.body())) instanceof Verdict.Genuine same) {
                assertThat(same.fact()).isEqualTo(fact);
            }
        });
    }

    /** Sealed and signed by the provider itself, whatever it is. */
    @Test
    void contentThatMakesNoSenseIsAVerdictTooAndAFactOnlyWithASoundAmount() {
        forAWhile(800, () -> {
            var content = new String(
                    mangler.mangled(
                            """
                            {"mchid":"%s","appid":"%s","out_trade_no":"P123456","transaction_id":"4200001",
                             "trade_state":"SUCCESS","success_time":"2026-01-01T12:00:00+08:00",
                             "amount":{"total":1999,"payer_total":1999,"currency":"CNY"}}
                            """.formatted(
                                    TestAccounts.weChat().mchId(),
                                    TestAccounts.weChat().appId()).getBytes(UTF_8)),
                    UTF_8);
            var delivery =
                    WeChatNotification.paid("P123456", 1999).content(content).toDelivery();
            if (callbacks.verify(delivery) instanceof Verdict.Genuine genuine
                    && genuine.fact() instanceof Fact.Paid paid) {
                // A minus sign is a sound amount, if not that of any payment.
                assertThat(paid.amount().minorUnits())
                        .as(content)
                        .isBetween(-1_000_000_000_000_000L, 1_000_000_000_000_000L);
                assertThat(paid.outTradeNo()).isNotBlank();
            }
            assertThat(callbacks.content(delivery)).isNotNull();
        });
    }

    @Test
    void textIsAnObjectOrNotBelieved() {
        var json = "{\"a\":{\"b\":[1,2.5,null,\"x\",true]},\"c\":\"\\u4e2d\"}".getBytes(UTF_8);
        forAWhile(50_000, () -> {
            var mangled = mangler.mangled(json);
            try {
                StrictJson.object(mangled);
            } catch (NotBelieved asItShould) {
                assertThat(asItShould).hasNoCause();
            }
        });
    }

    private static Delivery with(Delivery genuine, Map<String, String> headers, byte[] body) {
        return new Delivery(genuine.id(), genuine.arrivedAt(), genuine.provider(), genuine.account(), headers, body);
    }
}
