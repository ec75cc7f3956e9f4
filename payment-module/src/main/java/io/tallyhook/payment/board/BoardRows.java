package io.tallyhook.payment.board;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.callback.Figures.Count;
import io.tallyhook.payment.policy.CreditToWallet;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** Reads the board: each kind from its sources, put together in the order of time. */
@Repository
class BoardRows {

    /** Beyond this nobody reads the number, only that it is large. */
    static final int MOST = 1_000;

    private final JdbcClient jdbc;
    private final BoardSettings settings;
    private final CreditToWallet credit;

    BoardRows(JdbcClient jdbc, BoardSettings settings, CreditToWallet credit) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.credit = credit;
    }

    /** Oldest first. */
    Page<BoardLine> page(BoardFilter filter, Paging paging) {
        var rows = bound(sql(filter), Place.of(paging.cursor()), filter, paging.limit() + 1)
                .query(this::line)
                .list();
        return Page.of(rows, paging.limit(), Place::behind);
    }

    /** The statement of {@link #page}. */
    static String sql(BoardFilter filter) {
        var sources = filter.kind() == null ? Arrays.asList(BoardSource.values()) : BoardSource.of(filter.kind());
        return """
                SELECT l.*, policy.asked, policy.detail AS policy_detail
                FROM (%s) l
                LEFT JOIN LATERAL (
                  SELECT CASE WHEN d.result = 'ASKS' THEN CASE WHEN d.detail IS NULL THEN d.why ELSE 'FAILED' END END AS asked,
                         d.detail
                  FROM payment.policy_decision d
                  WHERE d.out_trade_no = l.out_trade_no
                    AND d.reason = CASE l.cause WHEN 'OTHER_AMOUNT' THEN 'OTHER_AMOUNT' ELSE l.fulfilment_reason END
                  ORDER BY d.id DESC LIMIT 1) policy ON true
                ORDER BY l.since, l.id
                LIMIT :limit
                """.formatted(union(sources));
    }

    Count count(BoardKind kind) {
        var sql = "SELECT count(*) FROM (SELECT FROM (%s) line LIMIT :limit) counted"
                .formatted(union(BoardSource.of(kind)));
        var nothing = new BoardFilter(kind, null, null);
        long n = bound(sql, Place.of(null), nothing, MOST + 1).query(Long.class).single();
        return new Count(Math.min(n, MOST), n > MOST);
    }

    private static String union(List<BoardSource> sources) {
        return sources.stream().map(BoardSource::page).collect(Collectors.joining(" UNION ALL "));
    }

    private StatementSpec bound(String sql, Place from, BoardFilter filter, int limit) {
        return jdbc.sql(sql)
                .param("since", Timestamp.from(from.since()))
                .param("id", from.id())
                .param("purpose", filter.purpose())
                .param("number", filter.outTradeNo())
                .param("limit", limit)
                .param("handOutWithin", settings.handOutWithin().toSeconds())
                .param("unwindWithin", settings.unwindWithin().toSeconds())
                .param("refundWithin", settings.refundWithin().toSeconds());
    }

    private BoardLine line(ResultSet row, int number) throws SQLException {
        var detail = row.getString("detail");
        var cause = Cause.valueOf(row.getString("cause"));
        return new BoardLine(
                row.getString("id"),
                BoardKind.valueOf(row.getString("kind")),
                cause,
                since(row),
                row.getString("out_trade_no"),
                row.getString("purpose"),
                row.getString("reference"),
                new UserId(row.getString("user_id")),
                Money.of(row.getLong("at_stake"), row.getString("currency")),
                row.getString("refund_no"),
                row.getString("callback_id"),
                detail == null ? row.getString("policy_detail") : detail,
                Stream.of(row.getString("expected"), row.getString("actual"))
                        .filter(Objects::nonNull)
                        .toList(),
                row.getString("asked"),
                possible(cause));
    }

    private List<Repair> possible(Cause cause) {
        return cause.repairs().stream()
                .filter(repair -> repair != Repair.CREDIT_TO_WALLET || credit.isPossible())
                .toList();
    }

    private static Instant since(ResultSet row) throws SQLException {
        return row.getTimestamp("since").toInstant();
    }
}
