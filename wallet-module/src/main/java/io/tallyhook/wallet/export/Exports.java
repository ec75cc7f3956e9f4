package io.tallyhook.wallet.export;

import io.tallyhook.payment.LongStatements;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.books.Books;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Lists as files. A file is written while its lines are read, all of them from one snapshot, so that it may be of any
 * length, and its total is the total at one moment. Every export is in the log before its first line leaves.
 *
 * <p>Must not be called in a transaction.
 */
@Component
public class Exports {

    /** Each keeps a connection for as long as somebody downloads. */
    private static final int AT_ONCE = 2;

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xxx").withZone(Books.BEIJING);

    private final Lists lists;
    private final ExportLog log;
    private final LongStatements longStatements;
    private final JdbcClient jdbc;
    private final TransactionTemplate snapshot;
    private final Semaphore running = new Semaphore(AT_ONCE);

    Exports(
            Lists lists,
            ExportLog log,
            LongStatements longStatements,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.lists = lists;
        this.log = log;
        this.longStatements = longStatements;
        this.jdbc = jdbc;
        this.snapshot = new TransactionTemplate(transactions);
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.snapshot.setReadOnly(true);
    }

    /**
     * Writes a list.
     *
     * @param by who takes it
     * @throws Refusal 503 if others are being written; then nothing is written
     */
    public void write(Extract extract, Format format, String by, Words words, OutputStream out) {
        if (!running.tryAcquire()) {
            throw Refusal.of(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "exports-busy",
                    "%d exports are being written already. Try again when one is done.".formatted(AT_ONCE));
        }
        try {
            long exportId = log.begin(extract, format, by);
            var digest = sha256();
            var rows = snapshot.execute(status -> written(extract, format, by, words, out, digest));
            log.end(exportId, rows == null ? 0 : rows.rows(), rows == null ? new byte[0] : rows.sha256());
        } finally {
            running.release();
        }
    }

    /** Who took what, newest first. */
    public Page<ExportRecord> log(Paging paging) {
        return log.page(paging);
    }

    private record Written(long rows, byte[] sha256) {}

    private record Moment(Instant at, long block) {}

    private Written written(
            Extract extract, Format format, String by, Words words, OutputStream out, MessageDigest digest) {
        var moment = takeTime();
        var columns = Lists.columns(extract);
        // The hash is that of the CSV file in any case, so that a workbook can be held against it.
        var target = format == Format.CSV ? out : OutputStream.nullOutputStream();
        var csv = new CsvRows(columns, words, new DigestOutputStream(target, digest));
        if (format == Format.CSV) {
            var rows = new Counted(columns, List.of(csv));
            lists.read(extract, words, rows);
            rows.end();
            return new Written(rows.rows(), digest.digest());
        }
        var book =
                new XlsxRows(words.say("export.what." + extract.what()), columns, words, out, XlsxRows.ROWS_PER_SHEET);
        var rows = new Counted(columns, List.of(csv, book));
        lists.read(extract, words, rows);
        rows.end();
        var written = new Written(rows.rows(), digest.digest());
        book.finish(facts(extract, by, moment, written));
        return written;
    }

    /** A person's line may be slow, and a list long; hence more time than any other statement has. */
    private Moment takeTime() {
        longStatements.allow(Duration.ofMinutes(30));
        jdbc.sql("SET LOCAL idle_in_transaction_session_timeout = '2min'").update();
        return jdbc.sql("SELECT now(), (SELECT coalesce(max(block_no), 0) FROM wallet.block)")
                .query((row, number) -> new Moment(row.getTimestamp(1).toInstant(), row.getLong(2)))
                .single();
    }

    private static Map<String, String> facts(Extract extract, String by, Moment moment, Written written) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("filter", extract.filter());
        facts.put("asOf", MOMENT.format(moment.at()));
        facts.put("block", Long.toString(moment.block()));
        facts.put("rows", Long.toString(written.rows()));
        facts.put("sha256", HexFormat.of().formatHex(written.sha256()));
        facts.put("by", by);
        return facts;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
