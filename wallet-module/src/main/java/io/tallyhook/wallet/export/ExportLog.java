package io.tallyhook.wallet.export;

import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who took what. Written before the first line leaves, so that an export that breaks off is there too. */
@Repository
class ExportLog {

    private final JdbcClient jdbc;
    private final Clock clock;

    ExportLog(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    long begin(Extract extract, Format format, String by) {
        return Objects.requireNonNull(jdbc.sql("""
                        INSERT INTO wallet.export_log (what, filter, format, exported_by, started_at)
                        VALUES (:what, :filter, :format, :by, :now) RETURNING export_id
                        """)
                .param("what", extract.what())
                .param("filter", extract.filter())
                .param("format", format.name())
                .param("by", by)
                .param("now", Timestamp.from(clock.instant()))
                .query(Long.class)
                .single());
    }

    void end(long exportId, long rows, byte[] sha256) {
        jdbc.sql("""
                        UPDATE wallet.export_log SET finished_at = :now, rows = :rows, sha256 = :sha256
                        WHERE export_id = :exportId
                        """)
                .param("now", Timestamp.from(clock.instant()))
                .param("rows", rows)
                .param("sha256", sha256)
                .param("exportId", exportId)
                .update();
    }

    Page<ExportRecord> page(Paging paging) {
        var rows = jdbc.sql(
                        "SELECT * FROM wallet.export_log WHERE export_id < :before ORDER BY export_id DESC LIMIT :limit")
                .param("before", paging.cursorOr(Long.MAX_VALUE))
                .param("limit", paging.limit() + 1)
                .query(ExportLog::exported)
                .list();
        return Page.of(rows, paging.limit(), one -> Long.toString(one.exportId()));
    }

    private static ExportRecord exported(ResultSet row, int number) throws SQLException {
        return new ExportRecord(
                row.getLong("export_id"),
                row.getString("what"),
                row.getString("filter"),
                row.getString("format"),
                row.getString("exported_by"),
                row.getTimestamp("started_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("finished_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getObject("rows", Long.class)),
                Optional.ofNullable(row.getBytes("sha256")).map(HexFormat.of()::formatHex));
    }
}
