package io.tallyhook.payment;

import io.tallyhook.payment.asking.PendingPayments;
import io.tallyhook.payment.provider.PaymentGateway;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Opens a payment in three steps: book the intent, ask the provider outside of any transaction, book the answer. What is
 * paid at once is one step, see {@link PayAtOnce}.
 */
@Component
class OpenPayment {

    private final TransactionTemplate transaction;
    private final PaymentRows rows;
    private final PaymentWriter writer;
    private final PendingPayments pending;
    private final Channels channels;
    private final PayAtOnce payAtOnce;
    private final Set<Purpose> purposes;
    private final PaymentSettings settings;
    private final Clock clock;

    OpenPayment(
            PlatformTransactionManager transactions,
            PaymentRows rows,
            PaymentWriter writer,
            PendingPayments pending,
            Channels channels,
            PayAtOnce payAtOnce,
            Set<Purpose> purposes,
            PaymentSettings settings,
            Clock clock) {
        this.transaction = new TransactionTemplate(transactions);
        this.rows = rows;
        this.writer = writer;
        this.pending = pending;
        this.channels = channels;
        this.payAtOnce = payAtOnce;
        this.purposes = purposes;
        this.settings = settings;
        this.clock = clock;
    }

    Payment open(RequestId id, PaymentRequest asked, Runnable stillPayable) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("A payment must not be opened in a transaction: it calls the provider");
        }
        if (!purposes.contains(asked.purpose())) {
            throw new IllegalArgumentException("No module declares the purpose " + asked.purpose());
        }
        var request = asked.through(channels.require(asked.channel()));
        var outTradeNo = id.number('P');
        return channels.instant(request.channel().provider())
                .map(method -> payAtOnce.pay(outTradeNo, request, method, stillPayable))
                .orElseGet(() -> toBePaid(outTradeNo, request, stillPayable));
    }

    private Payment toBePaid(String outTradeNo, PaymentRequest request, Runnable stillPayable) {
        var gateway =
                channels.gateway(request.channel().provider(), request.channel().method());
        gateway.ifPresent(provider -> provider.check(order(outTradeNo, request, null)));
        var payment =
                rows.find(outTradeNo).orElseGet(() -> book(outTradeNo, request, gateway.isPresent(), stillPayable));
        if (gateway.isEmpty()
                || payment.state().wasPaid()
                || !payment.payParams().isEmpty()) {
            return payment;
        }
        if (payment.state() == PaymentState.CLOSED) {
            throw neverOrdered(payment);
        }
        return prepare(gateway.get(), payment, order(outTradeNo, request, payment.expiresAt()));
    }

    private Payment book(String outTradeNo, PaymentRequest request, boolean asksSomebody, Runnable stillPayable) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        transaction.executeWithoutResult(status -> {
            writer.insert(outTradeNo, request, now, expiry(request.channel(), now));
            pending.await(outTradeNo, asksSomebody);
            stillPayable.run();
        });
        return rows.find(outTradeNo).orElseThrow();
    }

    private static @Nullable Instant expiry(PaymentRequest.Channel channel, Instant now) {
        if (channel.expiresIn() != null) {
            return now.plus(channel.expiresIn());
        }
        return channel.method().equals(Channels.EXTERNAL) ? null : now.plus(PaymentSettings.DEFAULT_EXPIRY);
    }

    private Payment prepare(PaymentGateway gateway, Payment payment, PaymentGateway.Order order) {
        try {
            writer.keepPayParams(payment.outTradeNo(), gateway.prepare(order));
            return rows.find(payment.outTradeNo()).orElseThrow();
        } catch (ProviderRefused e) {
            pending.close(payment.outTradeNo());
            throw Refusal.of(
                            HttpStatus.BAD_GATEWAY,
                            "provider-refused",
                            "%s refused the payment (%s: %s). It is closed; change the request and open another."
                                    .formatted(payment.provider(), e.code(), e.getMessage()))
                    .with("outTradeNo", payment.outTradeNo())
                    .with("providerCode", e.code());
        } catch (ProviderUnclear e) {
            throw Refusal.of(
                            HttpStatus.GATEWAY_TIMEOUT,
                            "provider-unclear",
                            "%s gave no clear answer (%s). The payment %s stays pending; repeat the request with the same Idempotency-Key."
                                    .formatted(payment.provider(), e.getMessage(), payment.outTradeNo()))
                    .with("outTradeNo", payment.outTradeNo());
        }
    }

    /** The repeat of a request that the provider refused must not look as if it had worked. */
    private static Refusal neverOrdered(Payment payment) {
        return Refusal.conflict(
                        "payment-closed",
                        "Payment %s was refused by %s or closed before it could be ordered there. Open another with a new Idempotency-Key."
                                .formatted(payment.outTradeNo(), payment.provider()))
                .with("outTradeNo", payment.outTradeNo());
    }

    private PaymentGateway.Order order(String outTradeNo, PaymentRequest request, @Nullable Instant expiresAt) {
        var channel = request.channel();
        return new PaymentGateway.Order(
                channel.knownAccount(),
                channel.method(),
                outTradeNo,
                request.amount(),
                shortened(request.description()),
                expiresAt,
                settings.callbackUrl(channel.provider(), channel.knownAccount()),
                channel.fields());
    }

    /** Providers take at most 127 characters; a cut never leaves half a character. */
    private static String shortened(String description) {
        return description.codePoints().limit(127).mapToObj(Character::toString).collect(Collectors.joining());
    }
}
