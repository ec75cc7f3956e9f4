package io.tallyhook.payment.provider;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How we call one provider. Every call is remote, has a time limit and is made outside of transactions. What the
 * provider answers is verified; an answer that is not proved genuine counts as no answer.
 */
public interface PaymentGateway {

    /** The provider's name, as in {@link CallbackProtocol#provider()}. */
    String provider();

    /** The methods that can be ordered through us, without {@code external}. */
    Set<String> methods();

    /**
     * Checks what can be checked without a call.
     *
     * @throws Refusal (400) naming the field of the order that the method lacks or does not know; (409, {@code
     *     account-cannot-order}) if the account has no keys to call with
     */
    void check(Order order);

    /**
     * Orders a payment. Repeating it with the same order is harmless.
     *
     * @return what the payer's device needs, by name, such as {@code codeUrl}
     * @throws Refusal (409, {@code account-cannot-order}) if the account has no keys to call with
     * @throws ProviderRefused if the provider has definitely refused
     * @throws ProviderUnclear if it is not known what has become of the order
     */
    Map<String, String> prepare(Order order);

    /**
     * Asks for the truth.
     *
     * @return what the provider says; empty if it knows no such payment
     * @throws Refusal (409, {@code account-cannot-order}) if the account has no keys to call with
     * @throws ProviderUnclear if it gives no usable answer
     */
    Optional<Fact> query(String account, String outTradeNo);

    /**
     * Closes an unpaid payment, so that it cannot be paid any more.
     *
     * @throws Refusal (409, {@code account-cannot-order}) if the account has no keys to call with
     * @throws ProviderUnclear if it is not known whether it is closed
     */
    Closing close(String account, String outTradeNo);

    /**
     * Checks without a call whether this account can ask for refunds.
     *
     * @throws Refusal (409) {@code account-cannot-order} if it has no keys to call with, {@code account-not-configured} if there
     *     is no such account any more
     */
    void checkRefunds(String account);

    /**
     * Asks for money to be given back. Repeating it with the same order gives back once.
     *
     * @throws ProviderRefused if the provider has definitely refused: nothing was given back, and nothing will be
     * @throws ProviderUnclear if it is not known what has become of it
     */
    RefundAnswer refund(RefundOrder order);

    /**
     * Asks what has become of a refund.
     *
     * @return where it stands; empty if the provider has not taken it, as far as it knows
     * @throws ProviderUnclear if it gives no usable answer
     */
    Optional<RefundAnswer> queryRefund(RefundOrder order);

    /**
     * What is ordered.
     *
     * @param description what the payer reads
     * @param notifyUrl where the provider shall call us
     * @param fields what only the method needs, such as {@code openid}
     */
    record Order(
            String account,
            String method,
            String outTradeNo,
            Money amount,
            String description,
            @Nullable Instant expiresAt,
            URI notifyUrl,
            Map<String, String> fields) {}

    /** How an attempt to close ended. */
    enum Closing {
        /** It cannot be paid any more; also if the provider never heard of it. */
        CLOSED,
        /** Too late: it is paid. */
        ALREADY_PAID
    }

    /** The provider has understood and definitely refused. */
    final class ProviderRefused extends RuntimeException {

        private final String code;

        /** @param code the provider's own error code */
        public ProviderRefused(String code, String message) {
            super(message);
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** No usable answer: time-out, connection trouble, an error of the provider, or an answer that is not genuine. */
    final class ProviderUnclear extends RuntimeException {

        public ProviderUnclear(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
