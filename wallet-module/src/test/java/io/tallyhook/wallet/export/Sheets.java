package io.tallyhook.wallet.export;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** Reads a workbook by its XML alone, as no library of ours has written it. */
record Sheets(Map<String, String> parts) {

    /** By the directory at the end of the file, as spreadsheets read it. */
    static Sheets of(byte[] file) {
        var parts = new LinkedHashMap<String, String>();
        try {
            var path = Files.write(Files.createTempFile("sheets", ".xlsx"), file);
            try (var zip = new ZipFile(path.toFile())) {
                for (var entry : Collections.list(zip.entries())) {
                    parts.put(
                            entry.getName(),
                            new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
                }
            }
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Sheets(parts);
    }

    /** A cell: its type ({@code n} or {@code inlineStr}), and its number or text. */
    record Cell(String type, String value) {}

    List<List<Cell>> rows(int sheet) {
        var rows = new ArrayList<List<Cell>>();
        for (var row : elements(document("xl/worksheets/sheet%d.xml".formatted(sheet)), "row")) {
            rows.add(elements(row, "c").stream().map(Sheets::cell).toList());
        }
        return rows;
    }

    List<String> names() {
        return elements(document("xl/workbook.xml"), "sheet").stream()
                .map(sheet -> sheet.getAttribute("name"))
                .toList();
    }

    String xml(int sheet) {
        return String.valueOf(parts.get("xl/worksheets/sheet%d.xml".formatted(sheet)));
    }

    private static Cell cell(Element cell) {
        var type = cell.getAttribute("t");
        return new Cell(type.isEmpty() ? "n" : type, cell.getTextContent());
    }

    private Document document(String part) {
        try {
            return DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(
                            String.valueOf(parts.get(part)).getBytes(StandardCharsets.UTF_8)));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalStateException(part, e);
        }
    }

    private static List<Element> elements(Document document, String name) {
        return elements(document.getDocumentElement(), name);
    }

    private static List<Element> elements(Element parent, String name) {
        var nodes = parent.getElementsByTagNameNS("*", name);
        var found = new ArrayList<Element>();
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found;
    }
}
