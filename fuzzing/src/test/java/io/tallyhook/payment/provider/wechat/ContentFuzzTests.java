package io.tallyhook.payment.provider.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.util.List;
import java.util.function.Function;
import tallyhook.fuzzing.Sound;
import tools.jackson.databind.node.ObjectNode;

/** What stands in a notification once it is decrypted, and in the answer to a query: transactions and refunds. */
class ContentFuzzTests {

    private static final List<Function<ObjectNode, Fact>> READERS = List.of(
            WeChatFacts::transaction,
            content -> WeChatFacts.notified("TRANSACTION.SUCCESS", content),
            content -> WeChatFacts.notified("REFUND.SUCCESS", content),
            content -> WeChatFacts.notified("COUPON.USE", content));

    @FuzzTest
    void aContentIsASoundFactOrNotBelieved(byte[] content) {
        for (var reader : READERS) {
            try {
                Sound.fact(reader.apply(StrictJson.object(content)));
            } catch (NotBelieved asItShould) {
                assertThat(asItShould).hasNoCause();
            }
        }
    }
}
