package io.tallyhook.payment;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Writes what we decide ourselves about a payment: that it is opened, and how it can be paid. */
@Repository
class PaymentWriter {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    PaymentWriter(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** @return false if there is one with this number, because the same request was faster; then nothing is done */
    boolean insert(String outTradeNo, PaymentRequest request, Instant now, @Nullable Instant expiresAt) {
        var channel = request.channel();
        int inserted = jdbc.sql("""
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
                .param("account", channel.knownAccount())
                .param("method", channel.method())
                .param("description", request.description())
                .param("amount", request.amount().minorUnits())
                .param("currency", request.amount().currency().getCurrencyCode())
                .param("createdAt", Timestamp.from(now))
                .param("expiresAt", expiresAt == null ? null : Timestamp.from(expiresAt))
                .param("fields", json.writeValueAsString(channel.fields()))
                .update();
        return inserted == 1;
    }

    void keepPayParams(String outTradeNo, Map<String, String> payParams) {
        jdbc.sql("UPDATE payment.payment SET pay_params = :payParams::jsonb WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .param("payParams", json.writeValueAsString(payParams))
                .update();
    }
}
