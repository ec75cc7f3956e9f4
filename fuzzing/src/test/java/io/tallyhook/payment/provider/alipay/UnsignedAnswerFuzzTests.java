package io.tallyhook.payment.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tallyhook.payment.provider.wire.NotBelieved;
import tallyhook.testing.TestAccounts;

/** Answers of somebody who is not Alipay, such as a proxy in between. */
class UnsignedAnswerFuzzTests {

    private static final AlipayAccount ACCOUNT = TestAccounts.alipay();

    @FuzzTest
    void anAnswerThatNobodySignedIsNotBelieved(byte[] body) {
        assertThatThrownBy(() -> AlipayAnswer.read(ACCOUNT, "alipay.trade.query", body))
                .isInstanceOfSatisfying(
                        NotBelieved.class,
                        because -> assertThat(because.verdict().reason()).isNotNull());
    }
}
