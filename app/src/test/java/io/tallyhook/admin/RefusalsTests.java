package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.i18n.LocaleContextHolder;

/** Whatever a module refuses is refused in the reader's language. */
class RefusalsTests {

    /** A refusal is made of a stable type and an English sentence. */
    private static final Pattern TYPE =
            Pattern.compile("Refusal\\s*\\.\\s*(?:conflict|of)\\(\\s*(?:HttpStatus\\.\\w+,\\s*)?\"([a-z-]+)\"");

    private static final Pattern HAN = Pattern.compile("\\p{IsHan}");

    private final Refusals refusals = new Refusals(ResultsTests.messages());

    @AfterEach
    void noLanguage() {
        LocaleContextHolder.resetLocaleContext();
    }

    @Test
    void every_type_of_refusal_in_the_modules_has_a_chinese_sentence() throws IOException {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        var types = new TreeSet<String>();
        for (var module : Set.of("payment", "orders", "wallet", "membership")) {
            types.addAll(types(Path.of("../%s-module/src/main/java".formatted(module))));
        }

        assertThat(types).hasSizeGreaterThan(50);
        assertThat(types)
                .allSatisfy(type -> assertThat(refusals.sentence(Refusal.conflict(type, "English")))
                        .as(type)
                        .containsPattern(HAN));
    }

    @Test
    void an_english_reader_gets_the_sentence_with_its_values_and_what_nobody_knows_is_said_as_it_came() {
        LocaleContextHolder.setLocale(Locale.ENGLISH);
        assertThat(refusals.sentence(Refusal.conflict("own-refund", "You asked for F01.")))
                .isEqualTo("You asked for F01.");

        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertThat(refusals.sentence(Refusal.conflict("nobody-knows-this", "It is full moon.")))
                .isEqualTo("It is full moon.");
    }

    private static Set<String> types(Path sources) throws IOException {
        var types = new TreeSet<String>();
        try (var files = Files.walk(sources)) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                TYPE.matcher(Files.readString(file)).results().forEach(found -> types.add(found.group(1)));
            }
        }
        return types;
    }
}
