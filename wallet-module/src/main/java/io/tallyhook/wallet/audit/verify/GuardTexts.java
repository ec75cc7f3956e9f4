package io.tallyhook.wallet.audit.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether functions and triggers say what this version has installed: a guard that stands in its place and does nothing is worse
 * than none.
 */
final class GuardTexts {

    private static final String FUNCTIONS = """
            SELECT p.proname AS name, l.lanname AS language, p.prosecdef AS as_its_owner, p.prosrc AS body,
                   (SELECT coalesce(string_agg(setting, ', ' ORDER BY setting), '') FROM unnest(p.proconfig) setting) AS settings
            FROM pg_proc p
            JOIN pg_language l  ON l.oid = p.prolang
            JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'wallet'
            ORDER BY p.proname, p.oid
            """;

    /** Those of a partition must be as those of its table. */
    private static final String TRIGGERS = """
            SELECT c.relname AS name, coalesce(parent.relname, c.relname) || '.' || t.tgname AS trigger,
                   pg_get_triggerdef(t.oid) AS definition
            FROM pg_trigger t
            JOIN pg_class c          ON c.oid = t.tgrelid
            JOIN pg_namespace n      ON n.oid = c.relnamespace AND n.nspname = 'wallet'
            LEFT JOIN pg_inherits i  ON i.inhrelid = c.oid
            LEFT JOIN pg_class parent ON parent.oid = i.inhparent
            WHERE NOT t.tgisinternal
            ORDER BY c.relname, t.tgname
            """;

    private final Connection connection;
    private final Migrations migrations;

    GuardTexts(Connection connection, Migrations migrations) {
        this.connection = connection;
        this.migrations = migrations;
    }

    /** @return how many functions say what they should */
    long check(Findings findings) throws SQLException {
        triggers(findings);
        return functions(findings);
    }

    private long functions(Findings findings) throws SQLException {
        var expected = new HashMap<>(migrations.functions());
        long whole = 0;
        for (var installed : installed().entrySet()) {
            var text = expected.remove(installed.getKey());
            if (text != null && text.equals(installed.getValue())) {
                whole++;
            } else {
                findings.add(Finding.of(
                        "function-changed",
                        "The function wallet.%s %s"
                                .formatted(
                                        installed.getKey(),
                                        text == null
                                                ? "is none of this version's"
                                                : "does not say what this version has installed")));
            }
        }
        expected.keySet().stream()
                .sorted()
                .forEach(name -> findings.add(
                        Finding.of("function-changed", "The function wallet.%s is not there".formatted(name))));
        return whole;
    }

    /** Of two with one name, the text of both: that is never what is expected. */
    private Map<String, String> installed() throws SQLException {
        var functions = new HashMap<String, String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(FUNCTIONS)) {
            while (rows.next()) {
                var said = Migrations.said(
                        rows.getString("language"),
                        rows.getBoolean("as_its_owner"),
                        "[%s]".formatted(rows.getString("settings")),
                        rows.getString("body"));
                functions.merge(rows.getString("name"), said, String::concat);
            }
        }
        return functions;
    }

    private void triggers(Findings findings) throws SQLException {
        var expected = migrations.triggers();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(TRIGGERS)) {
            while (rows.next()) {
                var trigger = rows.getString("trigger");
                if (!Migrations.trigger(rows.getString("definition")).equals(expected.get(trigger))) {
                    findings.add(Finding.of(
                            "trigger-changed",
                            "The trigger %s on wallet.%s is not the one that this version has installed"
                                    .formatted(trigger.replaceFirst(".*\\.", ""), rows.getString("name"))));
                }
            }
        }
    }
}
