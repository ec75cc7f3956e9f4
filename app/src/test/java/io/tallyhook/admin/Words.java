package io.tallyhook.admin;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;

/** The words of the pages in one language. */
final class Words {

    private Words() {}

    static Properties of(String bundle) {
        var words = new Properties();
        try (var in = new InputStreamReader(
                Objects.requireNonNull(Words.class.getResourceAsStream(bundle)), StandardCharsets.UTF_8)) {
            words.load(in);
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
