package io.tallyhook.payment.provider.alipay;

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
import io.tallyhook.payment.provider.wire.RsaSha256;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Asynchronous notifications of Alipay. They carry no signed time, so nothing here tells a repeat from a replay: only
 * that a fact is booked once protects from both.
 */
@Component
final class AlipayCallbacks implements CallbackProtocol {

    static final String PROVIDER = "alipay";

    private static final Logger LOG = LoggerFactory.getLogger(AlipayCallbacks.class);
    private static final String ONLY_SIGN_TYPE = "RSA2";

    private final AlipayAccounts accounts;
    private final Cryptography cryptography;

    AlipayCallbacks(AlipayAccounts accounts, Cryptography cryptography) {
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
        return Set.of("content-type");
    }

    @Override
    public Claim identity(String account) {
        return identity(accounts.named(account));
    }

    static Claim identity(AlipayAccount account) {
        return new Claim(Map.of(Check.APP_ID, account.appId(), Check.SELLER, account.sellerId()));
    }

    /** Alipay encrypts nothing, names no key and sends no signed time that could be trusted. */
    @Override
    public List<Check> checks() {
        return List.of(Check.FORM, Check.SIGNATURE);
    }

    /** Amounts are read last; what else is wrong with the form may have been seen before the signature. */
    @Override
    public Set<Check> passedBefore(Rejection reason) {
        return reason == Rejection.AMOUNT_NOT_EXACT
                ? Set.of(Check.SIGNATURE)
                : CallbackProtocol.super.passedBefore(reason);
    }

    @Override
    public Verdict verify(Delivery delivery) {
        try {
            var account = accounts.named(delivery.account());
            var form = AlipayForm.parse(delivery.body());
            var fields = new AlipayFields(form.texts(account.charset()));
            checkCharset(account.charset(), fields);
            checkSignature(account, form, fields);
            var claim = new Claim(Map.of(Check.APP_ID, fields.word("app_id"), Check.SELLER, fields.word("seller_id")));
            return new Verdict.Genuine(
                    AlipayFacts.trade(fields, claim, delivery.arrivedAt()),
                    fields.optionalWord("notify_id").orElse(null));
        } catch (NotBelieved because) {
            return because.verdict();
        } catch (RuntimeException unforeseen) {
            // Only its kind: its message could quote the delivery.
            LOG.warn("Delivery {} could not be verified: {}", delivery.id(), unforeseen.getClass());
            return Verdict.Rejected.because(Rejection.UNPARSABLE);
        }
    }

    /** The charset is ours to know, never the message's to choose. */
    private static void checkCharset(Charset ours, AlipayFields fields) {
        fields.optionalWord("charset")
                .filter(theirs -> !theirs.equalsIgnoreCase(ours.name()))
                .ifPresent(theirs -> {
                    throw new NotBelieved(Rejection.UNPARSABLE, "charset " + ours.name(), theirs);
                });
    }

    private void checkSignature(AlipayAccount account, AlipayForm form, AlipayFields fields) {
        var signature = fields.values().get("sign");
        if (signature == null) {
            throw new NotBelieved(Rejection.SIGNATURE_MISSING, "field sign", "no such field");
        }
        var signType = fields.optionalWord("sign_type").orElse("");
        if (!signType.equals(ONLY_SIGN_TYPE)) {
            throw new NotBelieved(Rejection.SIGNATURE_WRONG, "sign_type " + ONLY_SIGN_TYPE, signType);
        }
        if (!RsaSha256.verifies(cryptography, account.alipayPublicKey(), signature, form.signedContent())) {
            throw new NotBelieved(Rejection.SIGNATURE_WRONG);
        }
    }

    @Override
    public Reply reply(Answer answer) {
        return switch (answer) {
            case SUCCESS -> Reply.of(200, "text/plain", "success");
            case MISMATCH, UNKNOWN_PAYMENT, NOT_GENUINE, MALFORMED -> Reply.of(200, "text/plain", "fail");
            case OUR_FAULT -> Reply.of(503, "text/plain", "fail");
        };
    }

    @Override
    public String content(Delivery delivery) {
        var content = StrictJson.empty();
        try {
            var charset = accounts.find(delivery.account())
                    .map(AlipayAccount::charset)
                    .orElse(StandardCharsets.UTF_8);
            AlipayForm.parse(delivery.body()).texts(charset).forEach(content::put);
        } catch (RuntimeException unreadable) {
            LOG.debug("Delivery {} is not readable: {}", delivery.id(), unreadable.getClass());
        }
        return StrictJson.pretty(content);
    }
}
