package io.tallyhook.wallet.audit.verify;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * All rows that the chain covers, each as one text that is the same on every server and under every setting. The texts are
 * built here, not by a function of the database.
 */
final class SealedRows {

    /** How many rows are in memory at a time. */
    private static final int FETCHED = 2000;

    private static final String SELECT = """
            SELECT xid, journal_id AS number, NULL::bigint AS amount,
                   'R' || ROW(shard, kind, request_key, encode(sha256, 'hex'), outcome, journal_id, %s, xid)::text AS part
            FROM wallet.request WHERE %s
            UNION ALL
            SELECT xid, journal_id, NULL, 'J' || ROW(acct_date - DATE '2000-01-01', shard, journal_id, kind, request_key,
                   reference, currency, %s, %s, xid, regards, actor, memo)::text
            FROM wallet.journal WHERE %s
            UNION ALL
            SELECT xid, journal_id, amount, 'P' || ROW(acct_date - DATE '2000-01-01', shard, journal_id, line, account_id,
                   amount, seq, balance, xid)::text
            FROM wallet.posting WHERE %s
            UNION ALL
            SELECT xid, journal_id, NULL, 'U' || ROW(shard, journal_id, lot_id, origin, principal, bonus, held_principal,
                   held_bonus, xid)::text
            FROM wallet.lot_use WHERE %s
            UNION ALL
            SELECT xid, lot_id, NULL, 'L' || ROW(shard, lot_id, owner_id, request_key, channel, principal, bonus, %s, xid)::text
            FROM wallet.wallet_lot WHERE %s
            UNION ALL
            SELECT xid, hold_id, NULL, 'H' || ROW(shard, hold_id, owner_id, hold_no, reference, principal, bonus, %s, xid)::text
            FROM wallet.hold WHERE %s
            UNION ALL
            SELECT xid, -owner_id, NULL, 'O' || ROW(shard, owner_id, user_id, %s, xid)::text
            FROM wallet.owner WHERE %s
            UNION ALL
            SELECT xid, -owner_id, NULL, 'A' || ROW(account_id, shard, gl_code, owner_id, channel, currency, %s, xid)::text
            FROM wallet.account WHERE %s
            """;

    private final Connection connection;

    SealedRows(Connection connection) {
        this.connection = connection;
    }

    /**
     * A row.
     *
     * @param number of the booking it belongs to; negative: of an owner's wallet; zero: the platform's accounts
     * @param table the first letter of the text: which table it is from
     * @param amount of a posting; else zero
     */
    record Row(long xid, long number, char table, long amount, byte[] sha256) {}

    /** What is done with each row. */
    @FunctionalInterface
    interface Reader {
        void read(Row row);
    }

    /** A moment as microseconds since 1970, or as infinity. */
    static String moment(String column) {
        return "CASE WHEN isfinite(%1$s) THEN (extract(epoch FROM %1$s) * 1000000)::numeric(30, 0)::text ELSE %1$s::text END"
                .formatted(column);
    }

    /** Reads the rows of all transactions from one number up to, and without, another; in no order. */
    void read(long fromXid, long uptoXid, Reader reader) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setFetchSize(FETCHED);
            try (var rows = statement.executeQuery(
                    select("xid >= '%d'::bigint AND xid < '%d'::bigint".formatted(fromXid, uptoXid)))) {
                while (rows.next()) {
                    reader.read(row(rows));
                }
            }
        }
    }

    private static String select(String window) {
        return SELECT.formatted(
                moment("asked_at"),
                window,
                moment("event_at"),
                moment("booked_at"),
                window,
                window,
                window,
                moment("expires_at"),
                window,
                moment("expires_at"),
                window,
                moment("opened_at"),
                window,
                moment("opened_at"),
                window);
    }

    private static Row row(ResultSet row) throws SQLException {
        var text = row.getString("part");
        return new Row(
                row.getLong("xid"),
                row.getLong("number"),
                text.charAt(0),
                row.getLong("amount"),
                Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
