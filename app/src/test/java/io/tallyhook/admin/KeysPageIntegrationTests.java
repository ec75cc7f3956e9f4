package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

import io.tallyhook.access.ApiKey;
import io.tallyhook.access.ApiKeys;
import io.tallyhook.access.Scope;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** Keys made, shown once and revoked; and what makes no key. */
@AdminTest
class KeysPageIntegrationTests {

    private static final Pattern KEY = Pattern.compile("thk_[A-Za-z0-9_-]{43}");

    private final MockMvcTester http;
    private final ApiKeys keys;

    KeysPageIntegrationTests(MockMvcTester http, ApiKeys keys) {
        this.http = http;
        this.keys = keys;
    }

    @Test
    void aKeyIsShownOnceAndDoesWhatItsScopesSay() throws Exception {
        var made = make("  web shop ", "orders:read", "orders:write", "everything:write");

        assertThat(made).hasStatusOk();
        var shown = KEY.matcher(made.getResponse().getContentAsString());
        assertThat(shown.find()).isTrue();
        assertThat(keys.caller(shown.group()).orElseThrow().scopes())
                .containsExactlyInAnyOrder(Scope.ORDERS_READ, Scope.ORDERS_WRITE);
        assertThat(named("web shop").orElseThrow().createdBy()).isEqualTo("mei");
        var later =
                http.get().uri("/admin/keys").with(user("mei").roles("ADMIN")).exchange();
        assertThat(later.getResponse().getContentAsString())
                .contains("web shop")
                .doesNotContainPattern(KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a\nINFO forged a line", "nul\0", "\u0085x\u0085y"})
    void aNameThatIsNoneOrNoLineMakesNoKeyAndSaysWhy(String name) {
        var before = keys.all();

        assertThat(make(name, "orders:read")).hasStatus(422).bodyText().contains("Give the key a name");

        assertThat(keys.all()).isEqualTo(before);
    }

    @Test
    void oneHundredCharactersAreTheMost() {
        assertThat(make("x".repeat(100), "orders:read")).hasStatusOk();
        assertThat(make("y".repeat(101), "orders:read"))
                .hasStatus(422)
                .bodyText()
                .contains("Give the key a name of at most 100 characters");
        assertThat(named("x".repeat(100))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "everything:write", "ORDERS_READ"})
    void withoutAScopeThatExistsThereIsNoKey(String scope) {
        assertThat(make("no scope", scope)).hasStatus(422).bodyText().contains("Choose at least one scope");

        assertThat(named("no scope")).isEmpty();
    }

    @Test
    void aKeyIsRevokedOnce() {
        var key = keys.issue("to be revoked", Set.of(Scope.ORDERS_READ), "mei");
        var id = named("to be revoked").orElseThrow().id();

        assertThat(post("/admin/keys/%d/revoke".formatted(id))).hasRedirectedUrl("/admin/keys");
        assertThat(keys.caller(key)).isEmpty();
        var again = post("/admin/keys/%d/revoke".formatted(id));
        assertThat(again.getMvcResult().getFlashMap().get("flash"))
                .extracting("key")
                .isEqualTo("keys.notThere");
    }

    private Optional<ApiKey> named(String name) {
        return keys.all().stream().filter(key -> key.name().equals(name)).findFirst();
    }

    private MvcTestResult make(String name, String... scopes) {
        return http.post()
                .uri("/admin/keys")
                .param("name", name)
                .param("scope", scopes)
                .with(user("mei").roles("ADMIN"))
                .with(csrf())
                .exchange();
    }

    private MvcTestResult post(String uri) {
        return http.post()
                .uri(uri)
                .with(user("mei").roles("ADMIN"))
                .with(csrf())
                .exchange();
    }
}
