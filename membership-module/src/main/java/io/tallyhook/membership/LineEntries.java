package io.tallyhook.membership;

import io.tallyhook.payment.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads the lines of grants, and what stands of them. */
@Repository
class LineEntries {

    private static final String ENTRIES = """
            SELECT g.kind, coalesce(g.purchase_no, r.purchase_no) AS purchase_no,
                   coalesce(g.out_trade_no, g.refund_of) AS out_trade_no,
                   g.plan_code, g.plan_name, g.starts_at, g.ends_at, g.granted_at
            FROM membership.membership_grant g
            LEFT JOIN membership.refund r
              ON r.out_trade_no = g.refund_of AND r.refund_no = g.refund_no AND r.way = g.refund_way
            """;

    private final JdbcClient jdbc;

    LineEntries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What stands of the latest grants of a user, oldest first. */
    List<Grant> of(UserId userId) {
        var latest = jdbc.sql(ENTRIES + """
                        JOIN membership.member m ON m.id = g.member_id
                        WHERE m.user_id = :userId
                        ORDER BY g.seq DESC
                        LIMIT :limit
                        """)
                .param("userId", userId.value())
                .param("limit", Membership.MAX_GRANTS)
                .query(LineEntries::entry)
                .list();
        return Layout.of(latest.reversed()).grants();
    }

    /** The line from the grant of this payment on. */
    Layout since(String outTradeNo) {
        return Layout.of(jdbc.sql(ENTRIES + """
                        JOIN membership.membership_grant first
                          ON first.member_id = g.member_id AND first.out_trade_no = :outTradeNo
                        WHERE g.seq >= first.seq
                        ORDER BY g.seq
                        """)
                .param("outTradeNo", outTradeNo)
                .query(LineEntries::entry)
                .list());
    }

    /** The end of the line that this payment's grant is in. */
    Instant end(String outTradeNo) {
        return jdbc.sql("""
                        SELECT last.ends_at
                        FROM membership.membership_grant g
                        JOIN membership.membership_grant last ON last.member_id = g.member_id
                        WHERE g.out_trade_no = :outTradeNo
                        ORDER BY last.seq DESC
                        LIMIT 1
                        """)
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> row.getTimestamp(1).toInstant())
                .single();
    }

    private static LineEntry entry(ResultSet row, int number) throws SQLException {
        return new LineEntry(
                LineEntry.Kind.valueOf(row.getString("kind")),
                row.getString("purchase_no"),
                row.getString("out_trade_no"),
                row.getString("plan_code"),
                row.getString("plan_name"),
                row.getTimestamp("starts_at").toInstant(),
                row.getTimestamp("ends_at").toInstant(),
                row.getTimestamp("granted_at").toInstant());
    }
}
