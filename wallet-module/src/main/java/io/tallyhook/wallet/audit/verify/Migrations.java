package io.tallyhook.wallet.audit.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * What the ledger's functions and triggers say in this version, read from the migrations that it carries. So nobody has to keep a
 * list of them that could be forgotten when one changes.
 */
final class Migrations {

    private static final String FILES = "classpath:db/migration/wallet/V*.sql";
    private static final Pattern VERSION = Pattern.compile("V([0-9]+)__.*");

    private static final Pattern FUNCTION =
            Pattern.compile("(?s)(?:CREATE(?: OR REPLACE)? FUNCTION wallet\\.(\\w+)\\((.*?)"
                    + "\\sAS \\$\\$(.*?)\\$\\$|DROP FUNCTION wallet\\.(\\w+))");
    private static final Pattern TRIGGER = Pattern.compile(
            "(?:CREATE TRIGGER (\\w+)\\s[^;%]*? ON wallet\\.(\\w+)\\s[^;%]*?EXECUTE FUNCTION wallet\\.\\w+\\(\\)"
                    + "|DROP TRIGGER (\\w+) ON wallet\\.(\\w+))");
    private static final Pattern SETTING = Pattern.compile("SET (\\w+) = ([\\w, ]+?)(?= SET | AS |\\s*$)");
    private static final Pattern TRIGGER_PARTS = Pattern.compile(
            "(?s)CREATE TRIGGER (\\w+)\\s+(BEFORE|AFTER)\\s+([\\w ,\\n]+?)\\s+ON wallet\\.\\w+\\s+(.*)");

    private static final Pattern ROWS_DIFFER = Pattern.compile("\\(([^()]*)\\)\\s+is distinct from\\s+\\(([^()]*)\\)");

    private final List<String> texts;

    private Migrations(List<String> texts) {
        this.texts = texts;
    }

    static Migrations ofThisVersion() {
        try {
            var files = new PathMatchingResourcePatternResolver(Migrations.class.getClassLoader()).getResources(FILES);
            return new Migrations(Arrays.stream(files)
                    .sorted(Comparator.comparingInt(Migrations::version))
                    .map(Migrations::text)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int version(Resource file) {
        var name = VERSION.matcher(Objects.requireNonNull(file.getFilename()));
        if (!name.matches()) {
            throw new IllegalStateException("%s has no version".formatted(file));
        }
        return Integer.parseInt(name.group(1));
    }

    private static String text(Resource file) {
        try {
            return file.getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What each function says, by its name. */
    Map<String, String> functions() {
        var functions = new HashMap<String, String>();
        for (var text : texts) {
            FUNCTION.matcher(text).results().forEach(found -> {
                if (found.group(4) == null) {
                    functions.put(found.group(1), function(found));
                } else {
                    functions.remove(found.group(4));
                }
            });
        }
        return functions;
    }

    private static String function(MatchResult found) {
        var head = found.group(2);
        var settings = new TreeSet<String>();
        SETTING.matcher(head).results().forEach(setting -> settings.add(setting.group(1) + "=" + setting.group(2)));
        return said(
                head.replaceFirst("(?s).*LANGUAGE (\\w+).*", "$1"),
                head.contains("SECURITY DEFINER"),
                settings.toString(),
                found.group(3));
    }

    /** All that decides what a function does, as one text. */
    static String said(String language, boolean asItsOwner, String settings, String body) {
        return "%s %s %s %s".formatted(language, asItsOwner, settings, body.replace("\r\n", "\n"));
    }

    /** When each trigger fires and what it calls, by table and name with a dot between. */
    Map<String, String> triggers() {
        var triggers = new HashMap<String, String>();
        for (var text : texts) {
            TRIGGER.matcher(text).results().forEach(found -> {
                if (found.group(3) == null) {
                    triggers.put(found.group(2) + "." + found.group(1), trigger(found.group()));
                } else {
                    triggers.remove(found.group(4) + "." + found.group(3));
                }
            });
        }
        return triggers;
    }

    /**
     * A trigger without its table, written one way whether a person or the database has written it: which events, then the rest
     * without what does not matter.
     */
    static String trigger(String definition) {
        var parts = TRIGGER_PARTS.matcher(definition);
        if (!parts.matches()) {
            throw new IllegalStateException("Not a trigger: " + definition);
        }
        var events = new TreeSet<>(List.of(bare(parts.group(3)).strip().split("\\s+or\\s+")));
        return "%s %s %s %s"
                .formatted(parts.group(1), parts.group(2), events, bare(parts.group(4)))
                .replaceAll("[\\s()]", "");
    }

    private static String bare(String sql) {
        var plain = sql.toLowerCase(Locale.ROOT).replaceAll("::\\w+", "");
        return ROWS_DIFFER.matcher(plain).replaceAll(Migrations::columnsDiffer);
    }

    /** The database keeps the comparison of two rows as one of each column. */
    private static String columnsDiffer(MatchResult rows) {
        var before = rows.group(1).split(",");
        var after = rows.group(2).split(",");
        return IntStream.range(0, before.length)
                .mapToObj(column -> "%s is distinct from %s".formatted(before[column], after[column]))
                .collect(Collectors.joining(" or "));
    }
}
