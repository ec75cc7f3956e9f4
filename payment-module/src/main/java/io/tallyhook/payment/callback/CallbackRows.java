package io.tallyhook.payment.callback;

import io.tallyhook.payment.Limits;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.Comparison;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Delivery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads the callback log. */
@Repository
class CallbackRows {

    private static final String LINE = """
            id, received_at, provider, account, outcome, reason, out_trade_no, provider_transaction_id,
            notification_id, reply_status, duration_us""";

    /** A payment that is called about more often than this has another problem. */
    private static final int MOST_SIBLINGS = 50;

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<List<Comparison>> COMPARISONS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json;

    CallbackRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** A stored delivery, as it can be verified again. */
    record Stored(CallbackLine line, Delivery delivery, List<Comparison> differences) {}

    Stored get(String callbackId) {
        return jdbc.sql("SELECT %s, differences, headers, body FROM payment.callback WHERE id = :id".formatted(LINE))
                .param("id", id(callbackId))
                .query(this::stored)
                .optional()
                .orElseThrow(() -> Refusal.notFound("callback", callbackId));
    }

    Page<CallbackLine> search(CallbackFilter filter, Paging paging) {
        var limits = limits(filter).by("cursor", paging.cursor() == null ? null : cursor(paging.cursor()), """
                (received_at, id) < (SELECT received_at, id FROM payment.callback WHERE id = :cursor)""");
        var rows = limits.on(jdbc.sql("""
                        SELECT %s FROM payment.callback
                        WHERE %s
                        ORDER BY received_at DESC, id DESC
                        LIMIT :limit
                        """.formatted(LINE, limits.sql())))
                .param("limit", paging.limit() + 1)
                .query(CallbackRows::line)
                .list();
        return Page.of(rows, paging.limit(), line -> line.callbackId().toString());
    }

    /** Outcomes are written out: what wants a look has an index of its own. */
    private static Limits limits(CallbackFilter filter) {
        var limits = new Limits()
                .by("outTradeNo", filter.outTradeNo(), "out_trade_no = :outTradeNo")
                .by("number", filter.number(), """
                        (out_trade_no = :number OR provider_transaction_id = :number OR notification_id = :number)""")
                .by("provider", filter.provider(), "provider = :provider")
                .by("from", timestamp(filter.from()), "received_at >= :from")
                .by("to", timestamp(filter.to()), "received_at < :to");
        return filter.outcomes().isEmpty()
                ? limits
                : limits.by(filter.outcomes().stream()
                        .map(Outcome::name)
                        .sorted()
                        .collect(Collectors.joining("', '", "outcome IN ('", "')")));
    }

    /** The other deliveries of the same notification; of the same payment if it names none. */
    List<CallbackLine> siblings(CallbackLine line) {
        if (line.notificationId() == null && line.outTradeNo() == null) {
            return List.of();
        }
        return jdbc.sql("""
                        SELECT %s FROM payment.callback
                        WHERE provider = :provider AND account = :account AND id <> :id
                          AND CASE WHEN :notificationId::text IS NULL THEN out_trade_no = :outTradeNo
                                   ELSE notification_id = :notificationId END
                        ORDER BY received_at, id
                        LIMIT :most
                        """.formatted(LINE))
                .param("provider", line.provider())
                .param("account", line.account())
                .param("id", line.callbackId())
                .param("notificationId", line.notificationId())
                .param("outTradeNo", line.outTradeNo())
                .param("most", MOST_SIBLINGS)
                .query(CallbackRows::line)
                .list();
    }

    private Stored stored(ResultSet row, int number) throws SQLException {
        var line = line(row, number);
        var differences = row.getString("differences");
        return new Stored(
                line,
                new Delivery(
                        line.callbackId(),
                        line.receivedAt(),
                        line.provider(),
                        line.account(),
                        json.readValue(row.getString("headers"), TEXTS),
                        row.getBytes("body")),
                differences == null ? List.of() : json.readValue(differences, COMPARISONS));
    }

    private static CallbackLine line(ResultSet row, int number) throws SQLException {
        return new CallbackLine(
                row.getObject("id", UUID.class),
                row.getTimestamp("received_at").toInstant(),
                row.getString("provider"),
                row.getString("account"),
                Outcome.valueOf(row.getString("outcome")),
                row.getString("reason"),
                row.getString("out_trade_no"),
                row.getString("provider_transaction_id"),
                row.getString("notification_id"),
                row.getInt("reply_status"),
                row.getInt("duration_us"));
    }

    private static UUID id(String callbackId) {
        try {
            return UUID.fromString(callbackId);
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound("callback", callbackId);
        }
    }

    private static UUID cursor(String cursor) {
        try {
            return UUID.fromString(cursor);
        } catch (IllegalArgumentException e) {
            throw Refusal.badField("cursor", "must be the nextCursor of the page before");
        }
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }
}
