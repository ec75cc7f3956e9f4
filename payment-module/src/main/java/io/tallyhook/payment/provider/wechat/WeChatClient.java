package io.tallyhook.payment.provider.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.wire.Cryptography;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.ProviderHttp;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Signed calls to WeChat Pay's API, with answers that are proved to be its own. */
@Component
final class WeChatClient {

    private final ProviderHttp http;
    private final Clock clock;

    WeChatClient(ProviderHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    /** @throws Refusal (409) if this account has no keys to order with */
    WeChatSigner signer(WeChatAccount account) {
        var signing = account.signing()
                .orElseThrow(() -> Refusal.conflict(
                        "account-cannot-order",
                        "The account wechat/%s can only receive callbacks: merchant-serial and merchant-private-key are not set. Use the method external."
                                .formatted(account.name())));
        return new WeChatSigner(
                account,
                signing,
                String.valueOf(clock.instant().getEpochSecond()),
                UUID.randomUUID().toString().replace("-", ""));
    }

    /**
     * @param pathAndQuery as it is sent and signed
     * @return WeChat Pay's answer, be it good or bad
     * @throws ProviderUnclear if it gave none that can be believed
     */
    WeChatAnswer call(WeChatAccount account, HttpMethod method, String pathAndQuery, Optional<ObjectNode> content) {
        var uri = URI.create(account.baseUrl() + pathAndQuery);
        var body = content.map(ObjectNode::toString);
        var signer = signer(account);
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.AUTHORIZATION, signer.authorization(method, uri, body.orElse("")));
        headers.set(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
        headers.set(HttpHeaders.USER_AGENT, "Tallyhook");
        headers.set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
        if (signer.signing().answerKeyId() != null) {
            headers.set(WeChatSignature.SERIAL, signer.signing().answerKeyId());
        }
        return read(account, http.exchange(method, uri, headers, body.map(text -> text.getBytes(UTF_8))));
    }

    /**
     * A success must be signed. A failure is signed only if WeChat Pay believed our own signature, so an unsigned one
     * counts; one with a wrong signature does not.
     */
    private WeChatAnswer read(WeChatAccount account, ProviderHttp.Answer answer) {
        try {
            boolean signed = answer.isSuccess()
                    || answer.header(WeChatSignature.SIGNATURE).isPresent();
            if (signed) {
                WeChatSignature.of(answer::header).check(account, Cryptography.jdk(), answer.body(), clock.instant());
            }
            var content = answer.body().length == 0 ? StrictJson.empty() : StrictJson.object(answer.body());
            return new WeChatAnswer(answer.status(), new JsonFields(content), signed);
        } catch (NotBelieved because) {
            throw new ProviderUnclear(
                    "status %d, not believed: %s"
                            .formatted(answer.status(), because.verdict().reason()),
                    because);
        }
    }
}
