package io.tallyhook.payment.provider.wechat;

import static io.tallyhook.payment.provider.wechat.WeChatSignature.NONCE;
import static io.tallyhook.payment.provider.wechat.WeChatSignature.SERIAL;
import static io.tallyhook.payment.provider.wechat.WeChatSignature.SIGNATURE;
import static io.tallyhook.payment.provider.wechat.WeChatSignature.TIMESTAMP;
import static io.tallyhook.payment.provider.wechat.WeChatSignature.TYPE;

import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.Reply;
import io.tallyhook.payment.provider.Verdict;
import io.tallyhook.payment.provider.wire.Cryptography;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Notifications of WeChat Pay APIv3. */
@Component
final class WeChatCallbacks implements CallbackProtocol {

    static final String PROVIDER = "wechat";

    private static final Logger LOG = LoggerFactory.getLogger(WeChatCallbacks.class);
    private static final String JSON = "application/json";

    private final WeChatAccounts accounts;
    private final Cryptography cryptography;

    WeChatCallbacks(WeChatAccounts accounts, Cryptography cryptography) {
        this.cryptography = cryptography;
        this.accounts = accounts.withKeys(cryptography::own);
    }

    @Override
    public String provider() {
        return PROVIDER;
    }

    @Override
    public Set<String> accounts() {
        return accounts.names();
    }

    @Override
    public Set<String> headers() {
        return Set.of(SERIAL, TIMESTAMP, NONCE, SIGNATURE, TYPE, "request-id", "content-type");
    }

    /** The headers first: a body is not read before it is known who sent it. */
    @Override
    public List<Check> checks() {
        return List.of(Check.TIMESTAMP, Check.KEY, Check.SIGNATURE, Check.FORM, Check.DECRYPTION);
    }

    @Override
    public Set<Check> passedBefore(Rejection reason) {
        return switch (reason) {
            case SIGNATURE_MISSING -> Set.of();
            case AMOUNT_NOT_EXACT -> Set.of(Check.TIMESTAMP, Check.KEY, Check.SIGNATURE, Check.DECRYPTION);
            default -> CallbackProtocol.super.passedBefore(reason);
        };
    }

    @Override
    public Claim identity(String account) {
        var ours = accounts.named(account);
        return new Claim(Map.of(Check.APP_ID, ours.appId(), Check.MERCHANT_ID, ours.mchId()));
    }

    @Override
    public Verdict verify(Delivery delivery) {
        try {
            var account = accounts.named(delivery.account());
            WeChatSignature.of(delivery::header).check(account, cryptography, delivery.body(), delivery.arrivedAt());
            var envelope = WeChatEnvelope.of(StrictJson.object(delivery.body()));
            var fact = WeChatFacts.notified(envelope.eventType(), envelope.decrypted(account, cryptography));
            return new Verdict.Genuine(fact, envelope.id().orElse(null));
        } catch (NotBelieved because) {
            return because.verdict();
        } catch (RuntimeException unforeseen) {
            // Only its kind: its message could quote the delivery.
            LOG.warn("Delivery {} could not be verified: {}", delivery.id(), unforeseen.getClass());
            return Verdict.Rejected.because(Rejection.UNPARSABLE);
        }
    }

    @Override
    public Reply reply(Answer answer) {
        return switch (answer) {
            case SUCCESS -> Reply.of(200, JSON, "{\"code\":\"SUCCESS\"}");
            case MISMATCH, MALFORMED -> failure(400, answer);
            case NOT_GENUINE -> failure(401, answer);
            case UNKNOWN_PAYMENT -> failure(404, answer);
            case OUR_FAULT -> failure(503, answer);
        };
    }

    private static Reply failure(int status, Answer answer) {
        return Reply.of(status, JSON, "{\"code\":\"FAIL\",\"message\":\"%s\"}".formatted(answer.name()));
    }

    @Override
    public String content(Delivery delivery) {
        var content = StrictJson.empty();
        try {
            var body = StrictJson.object(delivery.body());
            content.set("envelope", body);
            var account = accounts.named(delivery.account());
            content.set("resource", WeChatEnvelope.of(body).decrypted(account, cryptography));
        } catch (RuntimeException unreadable) {
            LOG.debug("Delivery {} is readable only in part: {}", delivery.id(), unreadable.getClass());
        }
        return StrictJson.pretty(content);
    }
}
