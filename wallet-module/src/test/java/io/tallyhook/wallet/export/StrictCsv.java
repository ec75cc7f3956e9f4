package io.tallyhook.wallet.export;

import java.util.ArrayList;
import java.util.List;

/** Reads CSV as RFC 4180 has it, with every field quoted; anything else is an error. */
final class StrictCsv {

    private final String text;
    private int at;

    private StrictCsv(String text) {
        this.text = text;
    }

    static List<List<String>> read(String text) {
        if (!text.startsWith("\uFEFF")) {
            throw new IllegalArgumentException("no byte order mark");
        }
        var csv = new StrictCsv(text.substring(1));
        var rows = new ArrayList<List<String>>();
        while (csv.at < csv.text.length()) {
            rows.add(csv.row());
        }
        return rows;
    }

    private List<String> row() {
        var fields = new ArrayList<String>();
        fields.add(field());
        while (text.startsWith(",", at)) {
            at++;
            fields.add(field());
        }
        expect("\r\n");
        return fields;
    }

    private String field() {
        expect("\"");
        var field = new StringBuilder();
        while (true) {
            if (text.startsWith("\"\"", at)) {
                field.append('"');
                at += 2;
            } else if (text.charAt(at) == '"') {
                at++;
                return field.toString();
            } else {
                field.append(text.charAt(at++));
            }
        }
    }

    private void expect(String wanted) {
        if (!text.startsWith(wanted, at)) {
            throw new IllegalArgumentException(
                    "not %s at %d".formatted(wanted.codePoints().boxed().toList(), at));
        }
        at += wanted.length();
    }
}
