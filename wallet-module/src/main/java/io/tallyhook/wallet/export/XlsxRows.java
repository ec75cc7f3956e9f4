package io.tallyhook.wallet.export;

import io.tallyhook.payment.Money;
import io.tallyhook.wallet.books.Books;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/**
 * A workbook, sheet after sheet. A spreadsheet keeps 15 digits of a number, so that whatever is no amount and no count is
 * text; texts are written where they stand, for a table of them would have to be kept in memory to the end.
 */
final class XlsxRows implements Rows {

    /** What a sheet can have, less its head. */
    static final int ROWS_PER_SHEET = 1_048_575;

    private static final int FLUSH_EVERY = 500;
    private static final int LONGEST_TEXT = 32_767;
    private static final String AMOUNT = "#,##0.00";
    private static final String MOMENT = "yyyy-mm-dd hh:mm:ss";
    private static final String DAY = "yyyy-mm-dd";

    private final List<Column> columns;
    private final Words words;
    private final Workbook book;
    private final String name;
    private final int rowsPerSheet;
    private int sheets;
    private int row;
    private Worksheet sheet;

    XlsxRows(String name, List<Column> columns, Words words, OutputStream out, int rowsPerSheet) {
        this.name = name;
        this.columns = columns;
        this.words = words;
        this.book = new Workbook(out, "Tallyhook", "1.0");
        this.rowsPerSheet = rowsPerSheet;
        this.sheet = nextSheet();
    }

    @Override
    public void row(List<? extends @Nullable Object> cells) {
        advance();
        for (int i = 0; i < columns.size(); i++) {
            cell(i, cells.get(i));
        }
        if (row % FLUSH_EVERY == 0) {
            carefully(sheet::flush);
        }
    }

    @Override
    public void end(List<@Nullable Money> totals, long rows) {
        advance();
        for (int i = 0; i < columns.size(); i++) {
            cell(i, totals.get(i));
        }
        text(0, words.say("export.total") + " (" + rows + ")");
        sheet.range(row, 0, row, columns.size() - 1).style().bold().merge().set();
        finishSheet(row - 1);
    }

    /** Writes the sheet that says what the file is, and ends the file. */
    void finish(Map<String, String> facts) {
        sheet = book.newWorksheet(words.say("export.info"));
        row = -1;
        facts.forEach((key, value) -> {
            row++;
            text(0, words.say("export.info." + key));
            text(1, value);
            sheet.style(row, 0).bold().set();
        });
        sheet.width(0, 24);
        sheet.width(1, 72);
        carefully(sheet::finish);
        carefully(book::finish);
    }

    private void advance() {
        if (row == rowsPerSheet) {
            finishSheet(row);
            sheet = nextSheet();
        }
        row++;
    }

    private Worksheet nextSheet() {
        sheets++;
        var next = book.newWorksheet(sheets == 1 ? name : name + " " + sheets);
        row = 0;
        next.freezePane(0, 1);
        for (int i = 0; i < columns.size(); i++) {
            next.inlineString(0, i, head(columns.get(i)));
            next.width(i, width(columns.get(i)));
        }
        next.range(0, 0, 0, columns.size() - 1)
                .style()
                .bold()
                .fillColor("E7EEF0")
                .set();
        return next;
    }

    /** The filter reaches over the lines, not over their total. */
    private void finishSheet(int lastLine) {
        sheet.setAutoFilter(0, 0, Math.max(lastLine, 0), columns.size() - 1);
        carefully(sheet::finish);
    }

    private String head(Column column) {
        var head = words.say("export.column." + column.key());
        return column.type() == Column.Type.TIME ? head + " (UTC+08:00)" : head;
    }

    private static int width(Column column) {
        return switch (column.type()) {
            case TEXT -> 30;
            case NUMBER, DAY -> 12;
            case TIME -> 20;
            case MONEY -> 18;
        };
    }

    private void cell(int column, @Nullable Object cell) {
        switch (cell) {
            case Money amount -> styled(column, BigDecimal.valueOf(amount.minorUnits(), 2));
            case Instant moment -> {
                sheet.value(row, column, LocalDateTime.ofInstant(moment, Books.BEIJING));
                sheet.style(row, column).format(MOMENT).set();
            }
            case LocalDate day -> {
                sheet.value(row, column, day);
                sheet.style(row, column).format(DAY).set();
            }
            case Number number -> sheet.value(row, column, number);
            case null -> {}
            default -> text(column, cell.toString());
        }
    }

    private void styled(int column, BigDecimal amount) {
        sheet.value(row, column, amount);
        sheet.style(row, column).format(AMOUNT).set();
    }

    private void text(int column, String text) {
        sheet.inlineString(row, column, printable(text));
    }

    /** What XML cannot hold would make the whole file unreadable. */
    private static String printable(String text) {
        var shown = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
        return shown.codePoints()
                .map(point -> allowed(point) ? point : 0xFFFD)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean allowed(int point) {
        return point == '\t'
                || point == '\n'
                || (point >= 0x20 && point < 0xD800)
                || (point >= 0xE000 && point < 0xFFFE)
                || point >= 0x10000;
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void carefully(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
