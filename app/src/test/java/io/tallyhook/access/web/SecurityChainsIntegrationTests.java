package io.tallyhook.access.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import io.tallyhook.access.AccessTest;
import io.tallyhook.access.ApiKeys;
import io.tallyhook.access.Scope;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Who gets through where, and above all who does not. */
@AccessTest
class SecurityChainsIntegrationTests {

    private static final String BOOTSTRAP = "Bearer " + AccessTest.BOOTSTRAP_KEY;

    @Autowired
    MockMvcTester mvc;

    @Autowired
    ApiKeys keys;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    ApiScopes scopes;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    // --- the merchant API

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/orders/a;b", "/api/v1//orders", "/api/v1/../orders"})
    void aPathWithTwoMeaningsIsRefusedAsAProblem(String path) {
        var answer = rawly(path);
        assertThat(answer).hasStatus(400).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    @Test
    void aPageWithTwoMeaningsIsRefusedAsAPage() {
        var answer = rawly("/admin/callbacks;x");
        assertThat(answer).hasStatus(400);
        assertThat(answer.getResponse().getContentType()).isNotEqualTo(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    }

    /** A path as it came over the wire: a builder of addresses would tidy it up. */
    private MvcTestResult rawly(String path) {
        return mvc.perform(get(URI.create("http://localhost")).with(request -> {
            request.setRequestURI(path);
            request.setServletPath(path);
            return request;
        }));
    }

    @Test
    void withoutAKeyTheApiAnswers401AsAProblem() {
        var answer = mvc.get().uri("/api/v1/orders/probe").exchange();
        assertThat(answer)
                .hasStatus(401)
                .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
                .hasHeader("WWW-Authenticate", "Bearer realm=\"tallyhook\"");
        assertThat(answer).bodyJson().extractingPath("$.type").isEqualTo("urn:tallyhook:problem:unauthorized");
        assertThat(answer).bodyJson().extractingPath("$.instance").isEqualTo("/api/v1/orders/probe");
        assertThat(answer).bodyJson().extractingPath("$.status").isEqualTo(401);
        assertThat(answer.getResponse().getCookies()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer ",
                "Bearer \u0081\u00ff",
                "Bearer thk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void aWrongKeyIsRefused(String header) {
        var answer = mvc.get()
                .uri("/api/v1/orders/probe")
                .header("Authorization", header)
                .exchange();
        assertThat(answer).hasStatus(401);
        assertThat(answer.getResponse().getHeader("WWW-Authenticate")).contains("invalid_token");
    }

    @Test
    void aPersonsLoginOpensNoApi() {
        assertThat(mvc.get().uri("/api/v1/orders/probe").with(user("ada").roles("ADMIN")))
                .hasStatus(401);
    }

    @Test
    void aKeyOpensNoPage() {
        assertThat(mvc.get().uri("/admin/keys").header("Authorization", BOOTSTRAP))
                .hasStatus(302);
    }

    @Test
    void aScopeOpensItsCallsAndNoOthers() {
        var reader = "Bearer " + keys.issue("reader", Set.of(Scope.ORDERS_READ), "ada");
        var others = "Bearer " + keys.issue("others", EnumSet.complementOf(EnumSet.of(Scope.ORDERS_READ)), "ada");
        assertThat(mvc.get().uri("/api/v1/orders/probe").header("Authorization", reader))
                .hasStatusOk();
        var answer = mvc.get()
                .uri("/api/v1/orders/probe")
                .header("Authorization", others)
                .exchange();
        assertThat(answer).hasStatus(403).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(answer).bodyJson().extractingPath("$.detail").asString().contains("orders:read");
        assertThat(mvc.put().uri("/api/v1/orders/probe").header("Authorization", reader))
                .hasStatus(403);
    }

    @Test
    void aControllerCanAskForAScope() {
        var raw = "Bearer " + keys.issue("raw", Set.of(Scope.ORDERS_READ, Scope.CALLBACKS_RAW), "ada");
        var plain = "Bearer " + keys.issue("plain", Set.of(Scope.ORDERS_READ), "ada");
        assertThat(mvc.get().uri("/api/v1/orders/probe").header("Authorization", raw))
                .hasBodyTextEqualTo("true");
        assertThat(mvc.get().uri("/api/v1/orders/probe").header("Authorization", plain))
                .hasBodyTextEqualTo("false");
    }

    @Test
    void aCallWithoutARuleIs404EvenWithEveryScope() {
        var answer = mvc.get()
                .uri("/api/v1/nothing")
                .header("Authorization", BOOTSTRAP)
                .exchange();
        assertThat(answer).hasStatus(404).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    @Test
    void anUnmappedCallIsAProblemToo() {
        var answer = mvc.get()
                .uri("/api/v1/orders/x/y/z")
                .accept(MediaType.TEXT_HTML)
                .header("Authorization", BOOTSTRAP)
                .exchange();
        assertThat(answer).hasStatus(404).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(answer).bodyJson().extractingPath("$.instance").isEqualTo("/api/v1/orders/x/y/z");
    }

    @Test
    void aFaultOfOurOwnIsAProblemThatTellsNoSecrets() {
        var answer = mvc.post()
                .uri("/api/v1/orders/probe/599")
                .header("Authorization", BOOTSTRAP)
                .header("Idempotency-Key", "fault")
                .content("{}")
                .exchange();
        assertThat(answer).hasStatus(500).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(answer).bodyText().doesNotContain("as asked", "Exception");
    }

    @Test
    void theDescriptionNamesTheKeyTheIdempotencyKeyAndProblems() {
        var answer =
                mvc.get().uri("/v3/api-docs").header("Authorization", BOOTSTRAP).exchange();
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.components.securitySchemes.apiKey.scheme")
                .isEqualTo("bearer");
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.paths")
                .asMap()
                .allSatisfy((path, item) -> assertThat(path).asString().startsWith("/api/v1/"));
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.components.schemas.Problem.properties.type")
                .isNotNull();
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.paths[*].post.parameters[?(@.name == 'Idempotency-Key')].required")
                .asArray()
                .isNotEmpty()
                .containsOnly(true);
    }

    @Test
    void theDescriptionShowsTheFieldsOfAMethodWhereTheyStand() {
        var answer =
                mvc.get().uri("/v3/api-docs").header("Authorization", BOOTSTRAP).exchange();

        assertThat(answer)
                .bodyJson()
                .extractingPath("$.components.schemas.PayWith.additionalProperties.type")
                .isEqualTo("string");
        assertThat(answer).bodyJson().doesNotHavePath("$.components.schemas.PayWith.properties.fields");
    }

    @Test
    void everyMappedCallOfTheApiHasAScope() {
        var without = new ArrayList<String>();
        for (var route : routes("/api/")) {
            var method = route.substring(0, route.indexOf(' '));
            var path = route.substring(route.indexOf(' ') + 1).replaceAll("\\{[^}]*}", "x");
            if (scopes.required(method, path).isEmpty()) {
                without.add(route);
            }
        }
        assertThat(without)
                .as("calls that nobody may call, for ApiScopes has no rule")
                .isEmpty();
    }

    // --- metrics, description, health

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/prometheus", "/v3/api-docs", "/swagger-ui/index.html"})
    void metricsAndDescriptionNeedAKeyOrALogin(String path) {
        assertThat(mvc.get().uri(path)).hasStatus(401);
        assertThat(mvc.get().uri(path).accept(MediaType.TEXT_HTML)).hasStatus(302);
        assertThat(mvc.get().uri(path).header("Authorization", BOOTSTRAP)).hasStatusOk();
        assertThat(mvc.get().uri(path).with(user("ada").roles("ADMIN"))).hasStatusOk();
        assertThat(mvc.get().uri(path).with(user("new").roles("NEW_PASSWORD"))).hasStatus(403);
    }

    @Test
    void metricsNeedTheirScope() {
        var key = "Bearer " + keys.issue("orders", Set.of(Scope.ORDERS_READ), "ada");
        assertThat(mvc.get().uri("/actuator/prometheus").header("Authorization", key))
                .hasStatus(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"})
    void healthIsOpenAndSaysNoMoreThanItMust(String path) {
        assertThat(mvc.get().uri(path)).hasStatusOk().bodyText().contains("UP").doesNotContain("PostgreSQL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/actuator", "/actuator/env", "/actuator/beans", "/error", "/nothing", "/.env", "/h2-console"})
    void everythingElseIsNotThere(String path) {
        assertThat(mvc.get().uri(path)).hasStatus(404);
        assertThat(mvc.post().uri(path)).hasStatus(404);
    }

    // --- pages

    @Test
    void everyPageNeedsALogin() {
        assertThat(routes("/admin")).isNotEmpty();
        for (var route : routes("/admin")) {
            if (route.startsWith("GET ") && !route.equals("GET /admin/login")) {
                var path = route.substring(4).replaceAll("\\{[^}]*}", "1");
                assertThat(mvc.get().uri(path)).as(route).hasStatus(302).hasHeader("Location", "/admin/login");
                assertThat(mvc.get().uri(path).with(user("new").roles("NEW_PASSWORD")))
                        .as(route)
                        .satisfies(answer -> assertThat(answer.getResponse().getRedirectedUrl() != null
                                        || path.equals("/admin/password"))
                                .isTrue());
            }
        }
    }

    @Test
    void everyPostOfThePagesNeedsItsCsrfToken() {
        var posts = routes("/admin").stream()
                .filter(route -> !route.startsWith("GET "))
                .toList();
        assertThat(posts).contains("POST /admin/keys", "POST /admin/password");
        for (var route : posts) {
            var method = HttpMethod.valueOf(route.substring(0, route.indexOf(' ')));
            var path = route.substring(route.indexOf(' ') + 1).replaceAll("\\{[^}]*}", "1");
            assertThat(mvc.method(method).uri(path).with(user("ada").roles("ADMIN")))
                    .as(route)
                    .hasStatus(403);
        }
        assertThat(mvc.post().uri("/admin/logout").with(user("ada").roles("ADMIN")))
                .hasStatus(403);
        assertThat(mvc.post().uri("/admin/login").param("username", "ada").param("password", AccessTest.PASSWORD))
                .hasStatus(403);
    }

    @Test
    void pagesAllowNothingFromElsewhereAndAreNotKept() {
        for (var path : List.of("/admin/login", "/admin/keys", "/admin/nothing")) {
            var answer = mvc.get().uri(path).with(user("ada").roles("ADMIN")).exchange();
            assertThat(answer)
                    .hasHeader("Content-Security-Policy", PageHeaders.CONTENT_SECURITY_POLICY)
                    .hasHeader("X-Content-Type-Options", "nosniff")
                    .hasHeader("X-Frame-Options", "DENY")
                    .hasHeader("Referrer-Policy", "same-origin");
            assertThat(answer.getResponse().getHeader("Cache-Control")).contains("no-store");
        }
    }

    @Test
    void thePolicyAllowsNoInlineCode() {
        assertThat(PageHeaders.CONTENT_SECURITY_POLICY)
                .startsWith("default-src 'self'")
                .doesNotContain("unsafe", "http:", "*");
    }

    @Test
    void filesArePublicAndMayBeKept() {
        assertThat(mvc.get().uri("/assets/app.css"))
                .hasStatusOk()
                .headers()
                .hasValue("Cache-Control", "max-age=31536000, public");
    }

    @Test
    void htmxIsSentToTheLoginAsAWholePage() {
        var answer = mvc.get().uri("/admin/keys").header("HX-Request", "true").exchange();
        assertThat(answer).hasStatus(401).hasHeader("HX-Redirect", "/admin/login");
    }

    /** Everything mapped below a path, as {@code METHOD /path/{variable}}. */
    private List<String> routes(String prefix) {
        var routes = new ArrayList<String>();
        for (var mapping : mappings.getHandlerMethods().keySet()) {
            for (var path : mapping.getPatternValues()) {
                if (path.startsWith(prefix)) {
                    var methods = mapping.getMethodsCondition().getMethods();
                    (methods.isEmpty() ? EnumSet.of(RequestMethod.GET, RequestMethod.POST) : methods)
                            .forEach(method -> routes.add(method + " " + path));
                }
            }
        }
        return routes;
    }
}
