package io.tallyhook.payment.provider.alipay;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.ProviderHttp;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Signed calls to Alipay's gateway, with answers that are proved to be its own. */
@Component
final class AlipayClient {

    private final ProviderHttp http;
    private final Clock clock;

    AlipayClient(ProviderHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    /** @throws Refusal (409) if this account has no key to order with */
    AlipaySigner signer(AlipayAccount account) {
        var key = account.appPrivateKey()
                .orElseThrow(() -> Refusal.conflict(
                        "account-cannot-order",
                        "The account alipay/%s can only receive callbacks: app-private-key is not set. Use the method external."
                                .formatted(account.name())));
        return new AlipaySigner(account, key, clock.instant());
    }

    /**
     * Sends the parameters of every request in the address and the content in the body, as the official client does.
     *
     * @throws ProviderUnclear if it gave no answer that can be believed
     */
    AlipayAnswer call(AlipayAccount account, String method, ObjectNode content, Map<String, String> further) {
        var signer = signer(account);
        var params = signer.signed(method, content.toString(), further);
        var body = signer.encoded(Map.of("biz_content", params.get("biz_content")));
        params.remove("biz_content");
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded;charset=" + account.charset());
        headers.set(HttpHeaders.USER_AGENT, "Tallyhook");
        var answer = http.exchange(
                HttpMethod.POST, signer.address(params), headers, Optional.of(body.getBytes(account.charset())));
        if (!answer.isSuccess()) {
            throw new ProviderUnclear("status " + answer.status(), null);
        }
        try {
            return AlipayAnswer.read(account, method, answer.body());
        } catch (NotBelieved because) {
            throw new ProviderUnclear("not believed: " + because.verdict().reason(), because);
        }
    }
}
