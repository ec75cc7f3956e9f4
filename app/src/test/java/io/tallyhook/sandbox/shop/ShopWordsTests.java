package io.tallyhook.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.sandbox.simulator.Misbehaviour;
import io.tallyhook.sandbox.simulator.SimulatedOrder;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ShopWordsTests {

    private static final Pattern KEY = Pattern.compile("#\\{([a-zA-Z.0-9]+)[}(]");
    private static final Pattern ARGUMENT = Pattern.compile("\\{\\d}");

    private final Properties english = words("messages-sandbox.properties");
    private final Properties chinese = words("messages-sandbox_zh_CN.properties");

    @Test
    void areCompleteInBothLanguages() {
        assertThat(chinese.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    }

    /** One message source holds both: the admin pages' words would win. */
    @Test
    void haveKeysOfTheirOwn() {
        assertThat(words("messages.properties").stringPropertyNames())
                .doesNotContainAnyElementsOf(english.stringPropertyNames());
    }

    @Test
    void takeTheSameArgumentsInBothLanguages() {
        assertThat(english.stringPropertyNames())
                .allSatisfy(key ->
                        assertThat(arguments(chinese, key)).as(key).containsExactlyInAnyOrder(arguments(english, key)));
    }

    @Test
    void containAllThatTheTemplatesAskFor() throws IOException {
        try (var templates = Files.list(Path.of("src/main/resources/templates/sandbox"))) {
            assertThat(templates)
                    .isNotEmpty()
                    .allSatisfy(template -> assertThat(KEY.matcher(Files.readString(template))
                                    .results()
                                    .map(found -> found.group(1)))
                            .as(template.toString())
                            .allMatch(english::containsKey, "has words"));
        }
    }

    @Test
    void nameEveryMisbehaviourStateAndAnswer() {
        for (var what : Misbehaviour.values()) {
            assertThat(english)
                    .containsKeys("sandbox.misbehaviour." + what, "sandbox.misbehaviour.%s.hint".formatted(what));
        }
        for (var state : SimulatedOrder.State.values()) {
            assertThat(english).containsKey("sandbox.simulator.orderState." + state);
        }
        for (var done : PayerPagesController.Done.values()) {
            assertThat(english).containsKey("sandbox.payment.done." + done);
        }
        for (var means : Means.values()) {
            assertThat(english).containsKey("sandbox.provider." + means);
        }
        for (var how : Checkout.OrderedBy.values()) {
            assertThat(english).containsKey("sandbox.checkout.how." + how);
        }
    }

    private static String[] arguments(Properties words, String key) {
        return ARGUMENT.matcher(words.getProperty(key, ""))
                .results()
                .map(found -> found.group())
                .distinct()
                .toArray(String[]::new);
    }

    private static Properties words(String name) {
        var words = new Properties();
        try (var in = Objects.requireNonNull(ShopWordsTests.class.getResourceAsStream("/" + name), name)) {
            words.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return words;
    }
}
