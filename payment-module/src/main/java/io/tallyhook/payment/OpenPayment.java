package io.tallyhook.payment;

import io.tallyhook.payment.provider.PaymentGateway;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Opens a payment in three steps: book the intent, ask the provider outside of any transaction, book the answer. */
@Component
class OpenPayment {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final PaymentRows rows;
    private final Channels channels;
    private final Set<Purpose> purposes;
    private final PaymentSettings settings;
    private final JsonMapper json;
    private final Clock clock;

    OpenPayment(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            PaymentRows rows,
            Channels channels,
            Set<Purpose> purposes,
            PaymentSettings settings,
            JsonMapper json,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.rows = rows;
        this.channels = channels;
        this.purposes = purposes;
        this.settings = settings;
        this.json = json;
        this.clock = clock;
    }

    Payment open(RequestId id, PaymentRequest request, Runnable stillPayable) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("A payment must not be opened in a transaction: it calls the provider");
        }
        if (!purposes.contains(request.purpose())) {
            throw new IllegalArgumentException("No module declares the purpose " + request.purpose());
        }
        channels.require(request.channel());
        var outTradeNo = id.number('P');
        var gateway =
                channels.gateway(request.channel().provider(), request.channel().method());
        gateway.ifPresent(provider -> provider.check(order(outTradeNo, request, null)));
        var payment = rows.find(outTradeNo).orElseGet(() -> book(outTradeNo, request, stillPayable));
        if (gateway.isEmpty()
                || payment.state() != PaymentState.PENDING
                || !payment.payParams().isEmpty()) {
            return payment;
        }
        return prepare(gateway.get(), payment, order(outTradeNo, request, payment.expiresAt()));
    }

    private Payment book(String outTradeNo, PaymentRequest request, Runnable stillPayable) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var channel = request.channel();
        transaction.executeWithoutResult(status -> {
            jdbc.sql("""
                            INSERT INTO payment.payment
                              (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description,
                               amount, currency, created_at, expires_at, method_fields)
                            VALUES (:outTradeNo, :purpose, :reference, :userId, :shard, :provider, :account, :method,
                               :description, :amount, :currency, :createdAt, :expiresAt, :fields::jsonb)
                            ON CONFLICT (out_trade_no) DO NOTHING
                            """)
                    .param("outTradeNo", outTradeNo)
                    .param("purpose", request.purpose().code())
                    .param("reference", request.reference())
                    .param("userId", request.userId().value())
                    .param("shard", request.userId().shard())
                    .param("provider", channel.provider())
                    .param("account", channel.account())
                    .param("method", channel.method())
                    .param("description", request.description())
                    .param("amount", request.amount().minorUnits())
                    .param("currency", request.amount().currency().getCurrencyCode())
                    .param("createdAt", Timestamp.from(now))
                    .param("expiresAt", expiry(channel, now))
                    .param("fields", json.writeValueAsString(channel.fields()))
                    .update();
            stillPayable.run();
        });
        return rows.find(outTradeNo).orElseThrow();
    }

    private static @Nullable Timestamp expiry(PaymentRequest.Channel channel, Instant now) {
        if (channel.expiresIn() != null) {
            return Timestamp.from(now.plus(channel.expiresIn()));
        }
        return channel.method().equals(Channels.EXTERNAL)
                ? null
                : Timestamp.from(now.plus(PaymentSettings.DEFAULT_EXPIRY));
    }

    private Payment prepare(PaymentGateway gateway, Payment payment, PaymentGateway.Order order) {
        try {
            keep(payment.outTradeNo(), gateway.prepare(order));
            return rows.find(payment.outTradeNo()).orElseThrow();
        } catch (ProviderRefused e) {
            jdbc.sql("""
                            UPDATE payment.payment
                            SET state = 'CLOSED', closed_at = now(), version = version + 1
                            WHERE out_trade_no = :outTradeNo AND state = 'PENDING'
                            """).param("outTradeNo", payment.outTradeNo()).update();
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

    private void keep(String outTradeNo, Map<String, String> payParams) {
        jdbc.sql("UPDATE payment.payment SET pay_params = :payParams::jsonb WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .param("payParams", json.writeValueAsString(payParams))
                .update();
    }

    private PaymentGateway.Order order(String outTradeNo, PaymentRequest request, @Nullable Instant expiresAt) {
        var channel = request.channel();
        return new PaymentGateway.Order(
                channel.account(),
                channel.method(),
                outTradeNo,
                request.amount(),
                shortened(request.description()),
                expiresAt,
                settings.callbackUrl(channel.provider(), channel.account()),
                channel.fields());
    }

    /** Providers take at most 127 characters; a cut never leaves half a character. */
    private static String shortened(String description) {
        return description.codePoints().limit(127).mapToObj(Character::toString).collect(Collectors.joining());
    }
}
