package io.tallyhook.wallet.export;

import io.tallyhook.payment.Money;
import io.tallyhook.wallet.books.Books;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values (RFC 4180) as spreadsheets read them without damage: a byte order mark so that Chinese stays
 * Chinese, everything quoted, and a text that could be taken for a formula has an apostrophe in front.
 */
final class CsvRows implements Rows {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx");
    private static final String FORMULA_BEGINNINGS = "=+-@\t\r";

    private final List<Column> columns;
    private final Words words;
    private final Writer out;

    CsvRows(List<Column> columns, Words words, OutputStream out) {
        this.columns = columns;
        this.words = words;
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 15);
        write("\uFEFF");
        line(heads());
    }

    @Override
    public void row(List<? extends @Nullable Object> cells) {
        var fields = new ArrayList<String>(columns.size() * 2);
        for (int i = 0; i < columns.size(); i++) {
            add(fields, columns.get(i).type(), cells.get(i));
        }
        line(fields);
    }

    @Override
    public void end(List<@Nullable Money> totals, long rows) {
        var fields = new ArrayList<String>(columns.size() * 2);
        for (int i = 0; i < columns.size(); i++) {
            add(fields, columns.get(i).type(), totals.get(i));
        }
        fields.set(0, words.say("export.total") + " (" + rows + ")");
        line(fields);
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A moment and an amount take two columns each. */
    private List<String> heads() {
        var heads = new ArrayList<String>();
        for (var column : columns) {
            var name = words.say("export.column." + column.key());
            heads.add(name);
            switch (column.type()) {
                case TIME -> heads.add(name + " " + words.say("export.offset"));
                case MONEY -> heads.add(name + " " + words.say("export.fen"));
                case TEXT, NUMBER, DAY -> {}
            }
        }
        return heads;
    }

    private static void add(List<String> fields, Column.Type type, @Nullable Object cell) {
        switch (cell) {
            case Money amount -> {
                fields.add(amount.plain());
                fields.add(Long.toString(amount.minorUnits()));
            }
            case Instant moment -> {
                var beijing = ZonedDateTime.ofInstant(moment, Books.BEIJING);
                fields.add(TIME.format(beijing));
                fields.add(OFFSET.format(beijing));
            }
            case String text -> fields.add(harmless(text));
            case null -> {
                fields.add("");
                if (type == Column.Type.MONEY || type == Column.Type.TIME) {
                    fields.add("");
                }
            }
            default -> fields.add(cell.toString());
        }
    }

    private static String harmless(String text) {
        return !text.isEmpty() && FORMULA_BEGINNINGS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }

    private void line(List<String> fields) {
        for (int i = 0; i < fields.size(); i++) {
            write(i == 0 ? "\"" : ",\"");
            write(fields.get(i).replace("\"", "\"\""));
            write("\"");
        }
        write("\r\n");
    }

    private void write(String text) {
        try {
            out.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
