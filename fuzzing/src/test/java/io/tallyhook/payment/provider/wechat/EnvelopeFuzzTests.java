package io.tallyhook.payment.provider.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tallyhook.payment.provider.wire.Cryptography;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.StrictJson;
import tallyhook.fuzzing.Sound;
import tallyhook.testing.TestAccounts;

/** A notification's body behind its signature: the envelope, the decryption, the content. */
class EnvelopeFuzzTests {

    private static final WeChatAccount ACCOUNT = TestAccounts.weChat();

    @FuzzTest
    void anEnvelopeIsASoundFactOrNotBelieved(byte[] body) {
        try {
            var envelope = WeChatEnvelope.of(StrictJson.object(body));
            var content = envelope.decrypted(ACCOUNT, Cryptography.jdk());
            Sound.fact(WeChatFacts.notified(envelope.eventType(), content));
        } catch (NotBelieved asItShould) {
            assertThat(asItShould).hasNoCause();
        }
    }
}
