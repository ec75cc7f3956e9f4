package io.tallyhook.payment.provider.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Verdict;
import io.tallyhook.payment.provider.wire.Cryptography;
import io.tallyhook.payment.provider.wire.NotBelieved;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.Chaos;
import tallyhook.testing.Mangler;
import tallyhook.testing.TestAccounts;

/** Whatever arrives is answered with a verdict: nothing throws, and nothing that was changed becomes another fact. */
class MangledAlipayTests {

    private final long seed = Chaos.seed("MangledAlipay");
    private final Random random = new Random(seed);
    private final Mangler mangler = new Mangler(random);
    private final AlipayAccount account = TestAccounts.alipay();
    private final AlipayCallbacks callbacks =
            new AlipayCallbacks(new AlipayAccounts(List.of(() -> List.of(account))), Cryptography.jdk());

    private void forAWhile(int times, Runnable one) {
        long end = System.nanoTime() + Chaos.lasting(Duration.ZERO).toNanos();
        for (int n = 0; n < times || System.nanoTime() < end; n++) {
            one.run();
        }
    }

    /** A form can be written in several ways ({@code +} and {@code %20}), so a changed one may still say the same. */
    @Test
    void aFormThatWasChangedOnTheWayNeverSaysAnythingElse() {
        var genuine = AlipayNotification.paid("P123456", 1999).toDelivery();
        var fact = ((Verdict.Genuine) callbacks.verify(genuine)).fact();
        forAWhile(5_000, () -> {
            var body = mangler.mangled(genuine.body());
            var delivery = new Delivery(
                    genuine.id(), genuine.arrivedAt(), genuine.provider(), genuine.account(), genuine.headers(), body);
            if (callbacks.verify(delivery) instanceof Verdict.Genuine same) {
                assertThat(same.fact()).as(new String(body, UTF_8)).isEqualTo(fact);
            }
            assertThat(callbacks.content(delivery)).isNotNull();
        });
    }

    /** Signed by the provider itself, whatever it is. */
    @Test
    void fieldsThatMakeNoSenseAreAVerdictTooAndAFactOnlyWithASoundAmount() {
        var fields = List.of(
                "total_amount",
                "trade_status",
                "out_trade_no",
                "gmt_payment",
                "refund_fee",
                "out_biz_no",
                "charset",
                "notify_time",
                "trade_no",
                "gmt_refund");
        forAWhile(800, () -> {
            var value = new String(mangler.mangled("19.99".getBytes(UTF_8)), UTF_8);
            var name = fields.get(random.nextInt(fields.size()));
            var delivery = AlipayNotification.refunded("P123456", "R1", 500, 1999)
                    .with(name, value)
                    .toDelivery();
            if (callbacks.verify(delivery) instanceof Verdict.Genuine genuine
                    && genuine.fact() instanceof Fact.Paid paid) {
                assertThat(paid.amount().minorUnits()).isBetween(-1_000_000_000_000_000L, 1_000_000_000_000_000L);
            }
            assertThat(callbacks.content(delivery)).isNotNull();
        });
    }

    @Test
    void bytesAreAFormOrNotBelieved() {
        var form = "a=1&b=%E4%B8%AD+%20&sign=x%2B&c=".getBytes(UTF_8);
        forAWhile(50_000, () -> {
            try {
                assertThat(AlipayForm.parse(mangler.mangled(form)).signedContent())
                        .isNotNull();
            } catch (NotBelieved asItShould) {
                assertThat(asItShould).hasNoCause();
            }
        });
    }

    @Test
    void anAnswerThatWasChangedIsNeverBelievedUnlessItSaysTheSame() {
        var answer = """
                {"alipay_trade_query_response":{"code":"10000","msg":"Success","out_trade_no":"P123456"},"sign":"AAAA"}\
                """.getBytes(UTF_8);
        forAWhile(20_000, () -> {
            try {
                AlipayAnswer.read(account, "alipay.trade.query", mangler.mangled(answer));
                throw new AssertionError("nobody has signed this");
            } catch (NotBelieved asItShould) {
                assertThat(asItShould).hasNoCause();
            }
        });
    }
}
