package io.tallyhook.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

/** When the sandbox is on by itself, and where it is reached. */
class TryItDefaultsTests {

    private static final String SANDBOX = "tallyhook.sandbox.enabled";

    @Test
    void withNothingConfiguredTheSandboxIsOnAndListensOnLoopbackOnly() {
        var environment = after(Map.of());

        assertThat(environment.getProperty(SANDBOX)).isEqualTo("true");
        assertThat(environment.getProperty("server.address")).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.datasource.url",
                "tallyhook.providers.wechat.main.app-id",
                "tallyhook.providers.alipay.x.app-id"
            })
    void aDatabaseOrAnAccountTurnsItOff(String property) {
        var environment = after(Map.of(property, "something"));

        assertThat(environment.getProperty(SANDBOX)).isEqualTo("false");
        assertThat(environment.getProperty("server.address")).isNull();
    }

    @Test
    void anAccountInTheEnvironmentOfTheProcessTurnsItOffToo() {
        var environment = new MockEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        "process", Map.of("TALLYHOOK_PROVIDERS_WECHAT_MAIN_APP_ID", "wx1")));
        new TryItDefaults().postProcessEnvironment(environment, new SpringApplication());

        assertThat(environment.getProperty(SANDBOX)).isEqualTo("false");
    }

    @Test
    void whatSomebodySaysWins() {
        assertThat(after(Map.of(SANDBOX, "false")).getProperty("server.address"))
                .isNull();
        var open = after(Map.of("server.address", "0.0.0.0", "tallyhook.public-url", "https://pay.example.com"));
        assertThat(open.getProperty("server.address")).isEqualTo("0.0.0.0");
        assertThat(open.getProperty("tallyhook.public-url")).isEqualTo("https://pay.example.com");
    }

    /** A payment bought on another port than 8080 would else never hear that it is paid. */
    @ParameterizedTest
    @CsvSource({
        "'', 8080, http://localhost:8080",
        "'', 9090, http://localhost:9090",
        "0.0.0.0, 9090, http://localhost:9090",
        "127.0.0.1, 9090, http://localhost:9090",
        "192.0.2.7, 9090, http://192.0.2.7:9090"
    })
    void ourOwnAddressFollowsThePort(String address, String port, String expected) {
        assertThat(after(Map.of("server.address", address, "server.port", port)).getProperty("tallyhook.public-url"))
                .isEqualTo(expected);
    }

    @Test
    void aPortOfChanceIsNotGuessed() {
        assertThat(after(Map.of("server.port", "0")).getProperty("tallyhook.public-url"))
                .isNull();
    }

    private static ConfigurableEnvironment after(Map<String, Object> configured) {
        var environment = new MockEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("configured", configured));
        new TryItDefaults().postProcessEnvironment(environment, new SpringApplication());
        return environment;
    }
}
