package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every page has its words in both languages. */
class MessagesTests {

    private static final Path RESOURCES = Path.of("src/main/resources");
    /** A key in a template: {@code #{…}} with a name in it; keys from variables are not seen here. */
    private static final Pattern USED = Pattern.compile("#\\{([a-zA-Z0-9._-]+)");

    private static final String CHINESE = "_zh_CN.properties";

    private final Properties english = bundles(name -> !name.endsWith(CHINESE));
    private final Properties chinese = bundles(name -> name.endsWith(CHINESE));

    @Test
    void bothLanguagesHaveTheSameKeys() {
        assertThat(chinese.stringPropertyNames()).containsExactlyInAnyOrderElementsOf(english.stringPropertyNames());
    }

    @Test
    void noKeyStandsTwiceInABundle() throws IOException {
        try (var files = Files.newDirectoryStream(RESOURCES, "messages*.properties")) {
            for (var file : files) {
                var keys = Files.readAllLines(file).stream()
                        .filter(line -> line.matches("[\\w.-]+\\s*=.*"))
                        .map(line -> line.substring(0, line.indexOf('=')).strip())
                        .toList();
                assertThat(keys).as(file.toString()).isNotEmpty().doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void everyKeyThatATemplateUsesExists() throws IOException {
        assertThat(english.stringPropertyNames()).containsAll(used());
    }

    @Test
    void noTextIsEmpty() {
        assertThat(english.values())
                .allSatisfy(text -> assertThat((String) text).isNotBlank());
        assertThat(chinese.values())
                .allSatisfy(text -> assertThat((String) text).isNotBlank());
    }

    @Test
    void bothLanguagesTakeTheSameArguments() {
        for (var key : english.stringPropertyNames()) {
            assertThat(arguments(chinese.getProperty(key))).as(key).isEqualTo(arguments(english.getProperty(key)));
        }
    }

    @Test
    void textsWithArgumentsCanBeFormatted() {
        for (var key : english.stringPropertyNames()) {
            if (!arguments(english.getProperty(key)).isEmpty()) {
                assertThat(new MessageFormat(english.getProperty(key), Locale.ENGLISH)
                                .format(new Object[] {7, 7, 7, 7, 7, 7}))
                        .as(key)
                        .contains("7")
                        .doesNotContain("{");
            }
        }
    }

    private static Set<String> used() throws IOException {
        var used = new TreeSet<String>();
        try (var files = Files.walk(RESOURCES.resolve("templates"))) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".html")).toList()) {
                // What Thymeleaf drops, <!--/* … */-->, is for people.
                var text = Files.readString(file).replaceAll("(?s)<!--/\\*.*?\\*/-->", "");
                var matcher = USED.matcher(text);
                while (matcher.find()) {
                    used.add(matcher.group(1));
                }
            }
        }
        return used;
    }

    private static Set<String> arguments(String text) {
        var arguments = new TreeSet<String>();
        var matcher = Pattern.compile("\\{(\\d)").matcher(text);
        while (matcher.find()) {
            arguments.add(matcher.group(1));
        }
        return arguments;
    }

    /** All bundles of a language together: a module may bring its own. */
    private static Properties bundles(Predicate<String> language) {
        var properties = new Properties();
        try (var files = Files.newDirectoryStream(RESOURCES, "messages*.properties")) {
            for (var file : files) {
                if (language.test(file.toString())) {
                    try (var reader = Files.newBufferedReader(file)) {
                        properties.load(reader);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
