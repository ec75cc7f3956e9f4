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
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads payments for people and modules. */
@Repository
class PaymentRows {

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    /** With conditions to be filled in. */
    static final String NEWEST = """
            SELECT * FROM payment.payment p
            WHERE %s
            ORDER BY created_at DESC, out_trade_no DESC
            LIMIT :limit
            """;

    static final String BEHIND = """
            (created_at, out_trade_no) <
            (SELECT created_at, out_trade_no FROM payment.payment WHERE out_trade_no = :cursor)""";

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
        var limits = limits(filter).by("cursor", paging.cursor(), BEHIND);
        var rows = limits.on(jdbc.sql(NEWEST.formatted(limits.sql())))
                .param("limit", paging.limit() + 1)
                .query(this::payment)
                .list();
        return Page.of(rows, paging.limit(), Payment::outTradeNo);
    }

    /** Which rows of payments fit a filter. States are written out: rare ones have indexes of their own. */
    static Limits limits(PaymentFilter filter) {
        var limits = new Limits()
                .by("number", filter.number(), "(out_trade_no = :number OR provider_transaction_id = :number)")
                .by("purpose", filter.purpose(), "purpose = :purpose")
                .by("provider", filter.provider(), "provider = :provider")
                .by("userId", filter.userId(), "user_id = :userId")
                .by("reference", filter.reference(), "reference = :reference")
                .by("from", timestamp(filter.from()), "created_at >= :from")
                .by("to", timestamp(filter.to()), "created_at < :to");
        if (filter.state() != null) {
            limits.by("state = '%s'".formatted(filter.state().name()));
        }
        return filter.fulfilment() == null ? limits : limits.by(is(filter.fulfilment()));
    }

    private static String is(FulfilmentState fulfilment) {
        var is = "fulfilment = '%s'".formatted(fulfilment.name());
        return switch (fulfilment) {
            case PENDING, FAILED -> is + " AND due_at IS NOT NULL";
            case NONE, SUCCEEDED, PARKED, CANCELLED, REVERSED -> is;
        };
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
