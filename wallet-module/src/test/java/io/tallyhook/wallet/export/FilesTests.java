package io.tallyhook.wallet.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Money;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;

/** The two kinds of files, with texts that want to be something else. */
class FilesTests {

    private static final List<String> HOSTILE = List.of(
            "=HYPERLINK(\"http://x\",\"y\")",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "say \"hi\", twice\r\nand again",
            "</c><script>",
            "汉字 \uD83D\uDE00",
            "bell \u0007 and \uFFFF",
            "0012345678901234567890");

    private static final List<Column> COLUMNS =
            List.of(Column.text("t"), Column.time("at"), Column.day("day"), Column.number("n"), Column.total("m"));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aCsvFileIsReadBackAsItWasWritten() {
        var rows = StrictCsv.read(csv());

        assertThat(rows).hasSize(HOSTILE.size() + 2).allMatch(row -> row.size() == 7);
        assertThat(rows.getFirst())
                .containsExactly("[t]", "[at]", "[at] export.offset", "[day]", "[n]", "[m]", "[m] export.fen");
        assertThat(rows.get(1).subList(1, 7))
                .containsExactly(
                        "2026-01-01 00:00:00",
                        "+08:00",
                        "2026-01-01",
                        "7",
                        "-92233720368547758.07",
                        "-9223372036854775807");
        assertThat(rows.get(2).subList(1, 7)).containsExactly("", "", "", "", "", "");
    }

    @Test
    void noTextInACsvFileCanBeTakenForAFormula() {
        var texts = StrictCsv.read(csv()).stream().skip(1).map(List::getFirst).toList();

        assertThat(texts.subList(0, 5)).allMatch(text -> text.startsWith("'"));
        assertThat(texts.subList(0, HOSTILE.size()).stream().map(text -> text.replaceFirst("^'", "")))
                .containsExactlyElementsOf(HOSTILE);
    }

    @Test
    void theLastLineHasTheTotalsAndTheNumberOfLines() {
        assertThat(StrictCsv.read(csv()).getLast())
                .containsExactly("export.total (10)", "", "", "", "", "-92233720368547758.07", "-9223372036854775807");
    }

    @Test
    void aCsvFileHasNoLineEndButCrLf() {
        assertThat(csv().replace("\r\n", "")).doesNotContain("\n").doesNotContain("\r");
    }

    @Test
    void aWorkbookHasAmountsAsNumbersAndTextsAsTexts() {
        var sheets = xlsx(100);
        var rows = sheets.rows(1);

        assertThat(sheets.names()).containsExactly("List", "export.info");
        assertThat(rows).hasSize(HOSTILE.size() + 2);
        assertThat(rows.get(1).get(4)).isEqualTo(new Sheets.Cell("n", "-92233720368547758.07"));
        assertThat(rows.get(1).get(3)).isEqualTo(new Sheets.Cell("n", "7"));
        var texts =
                rows.subList(1, 1 + HOSTILE.size()).stream().map(List::getFirst).toList();
        assertThat(texts).allMatch(cell -> cell.type().equals("inlineStr"));
        assertThat(texts.get(0).value()).isEqualTo(HOSTILE.get(0));
        assertThat(texts.get(8).value()).isEqualTo("bell \uFFFD and \uFFFD");
        assertThat(texts.get(9).value()).isEqualTo("0012345678901234567890");
        assertThat(sheets.xml(1)).doesNotContain("<f>").contains("<autoFilter ref=\"A1:E11\"", "state=\"frozen\"");
        assertThat(String.valueOf(sheets.parts().get("xl/styles.xml"))).contains("#,##0.00");
    }

    @Test
    void aWorkbookEndsWithASheetThatSaysWhatItIs() {
        var info = xlsx(100).rows(2);

        assertThat(info.getFirst()).extracting(Sheets.Cell::value).containsExactly("export.info.by", "mei");
    }

    @Test
    void whatDoesNotFitOnASheetGoesOnOnTheNext() {
        var sheets = xlsx(4);

        assertThat(sheets.names()).containsExactly("List", "List 2", "List 3", "export.info");
        assertThat(sheets.rows(1)).hasSize(5);
        assertThat(sheets.rows(2)).hasSize(5);
        assertThat(sheets.rows(3)).as("head, two lines, and the total").hasSize(4);
        assertThat(sheets.rows(3).getLast().getFirst().value()).isEqualTo("export.total (10)");
    }

    @Test
    void aSheetWithItsHeadIsAsLongAsASpreadsheetCanRead() {
        assertThat(XlsxRows.ROWS_PER_SHEET + 1).isEqualTo(Worksheet.MAX_ROWS);
    }

    private String csv() {
        write(new CsvRows(COLUMNS, FilesTests::word, out));
        return out.toString(StandardCharsets.UTF_8);
    }

    private Sheets xlsx(int rowsPerSheet) {
        var rows = new XlsxRows("List", COLUMNS, FilesTests::word, out, rowsPerSheet);
        write(rows);
        rows.finish(Map.of("by", "mei"));
        return Sheets.of(out.toByteArray());
    }

    private static void write(Rows target) {
        var rows = new Counted(COLUMNS, List.of(target));
        for (int i = 0; i < HOSTILE.size(); i++) {
            rows.row(
                    i == 0
                            ? List.of(
                                    HOSTILE.get(i),
                                    Instant.parse("2025-12-31T16:00:00.999Z"),
                                    LocalDate.parse("2026-01-01"),
                                    7L,
                                    Money.fen(-Long.MAX_VALUE))
                            : Arrays.asList(HOSTILE.get(i), null, null, null, null));
        }
        rows.end();
    }

    private static String word(String key) {
        return key.startsWith("export.column.") ? "[" + key.substring(14) + "]" : key;
    }
}
