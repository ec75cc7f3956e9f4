package io.tallyhook.payment;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads payments for people and modules. */
@Repository
class PaymentRows {

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    /** Which rows {@code p} of payments fit a filter, with what {@link #limitedBy} fills in. */
    static final String FITS = """
                          (:number::text IS NULL OR out_trade_no = :number OR provider_transaction_id = :number)
                          AND (:state::text      IS NULL OR state = :state)
                          AND (:fulfilment::text IS NULL OR fulfilment = :fulfilment)
                          AND (:purpose::text    IS NULL OR purpose = :purpose)
                          AND (:provider::text   IS NULL OR provider = :provider)
                          AND (:userId::text     IS NULL OR user_id = :userId)
                          AND (:reference::text  IS NULL OR reference = :reference)
                          AND (:from::timestamptz IS NULL OR created_at >= :from)
                          AND (:to::timestamptz   IS NULL OR created_at < :to)""";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    PaymentRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    Optional<Payment> find(String outTradeNo) {
        return jdbc.sql("SELECT * FROM payment.payment WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .query(this::payment)
                .optional();
    }

    List<Payment> of(String purpose, String reference) {
        return jdbc.sql("""
                        SELECT * FROM payment.payment
                        WHERE purpose = :purpose AND reference = :reference
                        ORDER BY created_at, out_trade_no
                        """)
                .param("purpose", purpose)
                .param("reference", reference)
                .query(this::payment)
                .list();
    }

    boolean anyOutsideAccount(String account, Collection<String> except) {
        return jdbc.sql("""
                        SELECT EXISTS (SELECT 1 FROM payment.payment
                                       WHERE account <> :account AND provider <> ALL (:except))
                        """)
                .param("account", account)
                .param("except", except.toArray(String[]::new))
                .query((row, number) -> row.getBoolean(1))
                .single();
    }

    /** Newest first; the cursor is the last payment's number, which sorts by time. */
    Page<Payment> search(PaymentFilter filter, Paging paging) {
        SearchTerm.text("cursor", paging.cursor());
        var rows = limitedBy(filter, jdbc.sql("""
                        SELECT * FROM payment.payment p
                        WHERE %s
                          AND (:cursor::text IS NULL
                               OR (created_at, out_trade_no) <
                                  (SELECT created_at, out_trade_no FROM payment.payment WHERE out_trade_no = :cursor))
                        ORDER BY created_at DESC, out_trade_no DESC
                        LIMIT :limit
                        """.formatted(FITS)))
                .param("cursor", paging.cursor())
                .param("limit", paging.limit() + 1)
                .query(this::payment)
                .list();
        return Page.of(rows, paging.limit(), Payment::outTradeNo);
    }

    static StatementSpec limitedBy(PaymentFilter filter, StatementSpec statement) {
        return statement
                .param("number", filter.number())
                .param("state", filter.state() == null ? null : filter.state().name())
                .param(
                        "fulfilment",
                        filter.fulfilment() == null ? null : filter.fulfilment().name())
                .param("purpose", filter.purpose())
                .param("provider", filter.provider())
                .param("userId", filter.userId())
                .param("reference", filter.reference())
                .param("from", timestamp(filter.from()))
                .param("to", timestamp(filter.to()));
    }

    private Payment payment(ResultSet row, int number) throws SQLException {
        var reason = row.getString("fulfilment_reason");
        var payParams = row.getString("pay_params");
        return new Payment(
                row.getString("out_trade_no"),
                row.getString("purpose"),
                row.getString("reference"),
                new UserId(row.getString("user_id")),
                row.getString("provider"),
                row.getString("account"),
                row.getString("method"),
                PaymentState.valueOf(row.getString("state")),
                FulfilmentState.valueOf(row.getString("fulfilment")),
                reason == null ? null : ParkingReason.valueOf(reason),
                row.getString("fulfilment_error"),
                row.getInt("attempts"),
                Money.of(row.getLong("amount"), row.getString("currency")),
                received(row),
                row.getLong("refunded_amount"),
                row.getString("provider_transaction_id"),
                row.getTimestamp("created_at").toInstant(),
                instant(row.getTimestamp("paid_at")),
                instant(row.getTimestamp("expires_at")),
                instant(row.getTimestamp("due_at")),
                instant(row.getTimestamp("closed_at")),
                instant(row.getTimestamp("fulfilled_at")),
                row.getString("credited_as"),
                payParams == null ? Map.of() : json.readValue(payParams, TEXTS));
    }

    private static Money received(ResultSet row) throws SQLException {
        var other = row.getObject("received_amount", Long.class);
        return Money.of(other == null ? row.getLong("amount") : other, row.getString("currency"));
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
