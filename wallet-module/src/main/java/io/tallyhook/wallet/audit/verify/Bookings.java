package io.tallyhook.wallet.audit.verify;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Says of a booking what is still known, so that a person finds it. */
final class Bookings {

    private static final String BOOKING = """
            SELECT shard, kind || ' ' || request_key || ', reference ' || reference AS name
            FROM wallet.journal WHERE journal_id = ?
            UNION ALL
            SELECT shard, kind || ' ' || request_key || ', ' || outcome FROM wallet.request
            WHERE journal_id = ? AND xid >= ? AND xid < ?
            LIMIT 1
            """;

    private static final String OWNER = "SELECT shard, user_id FROM wallet.owner WHERE owner_id = ?";

    private final Connection connection;

    Bookings(Connection connection) {
        this.connection = connection;
    }

    /** @param what happened to it, such as {@code was changed after it was sealed} */
    Finding describe(String kind, SealedBlock block, long number, String what) throws SQLException {
        try (var statement = connection.prepareStatement(number > 0 ? BOOKING : OWNER)) {
            statement.setLong(1, Math.abs(number));
            if (number > 0) {
                statement.setLong(2, number);
                statement.setLong(3, block.fromXid());
                statement.setLong(4, block.uptoXid());
            }
            try (var row = statement.executeQuery()) {
                return row.next() ? known(kind, block, number, what, row) : unknown(kind, block, number, what);
            }
        }
    }

    private static Finding known(String kind, SealedBlock block, long number, String what, ResultSet row)
            throws SQLException {
        var name = number > 0 ? "Journal %d (%s)" : "The wallet of owner %d (%s)";
        return new Finding(
                kind,
                block.number(),
                number,
                row.getInt(1),
                "%s of shard %d, block %d, %s"
                        .formatted(
                                name.formatted(Math.abs(number), row.getString(2)),
                                row.getInt(1),
                                block.number(),
                                what));
    }

    private static Finding unknown(String kind, SealedBlock block, long number, String what) {
        var name = number > 0
                ? "Journal %d".formatted(number)
                : number == 0 ? "An account of the platform" : "The wallet of owner %d".formatted(-number);
        return new Finding(
                kind, block.number(), number, null, "%s, block %d, %s".formatted(name, block.number(), what));
    }
}
