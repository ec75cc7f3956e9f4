package io.tallyhook.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide shows the code that the tests compile and run, and all of it. */
class ExtendingGuideTests {

    private static final Path ROOT = Path.of("../..");
    private static final Path MODULE = ROOT.resolve("examples/tickets-module");

    /** A file's name in the text, then what is in it. */
    private static final Pattern SHOWN = Pattern.compile(
            "^`(examples/tickets-module/[^`]+)`\n\n```\\w+\n(.*?)```$", Pattern.MULTILINE | Pattern.DOTALL);

    @Test
    void everyFileIsShownAsItIs() throws IOException {
        for (var shown : shown().entrySet()) {
            assertThat(shown.getValue())
                    .as("docs/extending.md shows %s", shown.getKey())
                    .isEqualTo(Files.readString(ROOT.resolve(shown.getKey())));
        }
    }

    @Test
    void nothingThatTheModuleNeedsIsLeftOut() throws IOException {
        assertThat(shown().keySet()).containsAll(files());
    }

    @Test
    void thePomIsThatOfTheOtherModulesWithoutWhatOnlyTheyNeed() throws IOException {
        assertThat(Files.readString(MODULE.resolve("pom.xml")))
                .contains("<artifactId>payment-module</artifactId>")
                .doesNotContain("orders-module", "wallet-module", "membership-module");
    }

    private static List<String> files() throws IOException {
        try (var files = Files.walk(MODULE.resolve("src/main"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, String> shown() throws IOException {
        var shown = new TreeMap<String, String>();
        SHOWN.matcher(Files.readString(ROOT.resolve("docs/extending.md")))
                .results()
                .forEach(match -> shown.put(match.group(1), match.group(2)));
        assertThat(shown).isNotEmpty();
        return shown;
    }
}
