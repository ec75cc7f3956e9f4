package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

import io.tallyhook.access.login.People;
import io.tallyhook.access.login.Person;
import jakarta.servlet.http.Cookie;
import java.io.UnsupportedEncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** Letting a second person in, and shutting somebody out. */
@AdminTest
class PeoplePageIntegrationTests {

    private static final String PEOPLE = "/admin/people";
    private static final Pattern ONE_TIME = Pattern.compile("[2-9a-z]{5}(-[2-9a-z]{5}){3}");

    private final MockMvcTester http;
    private final People people;
    private final JdbcClient jdbc;

    PeoplePageIntegrationTests(MockMvcTester http, People people, JdbcClient jdbc) {
        this.http = http;
        this.people = people;
        this.jdbc = jdbc;
    }

    @AfterEach
    void forgetFailures() {
        jdbc.sql("DELETE FROM access.login_throttle").update();
    }

    @Test
    void whoIsAddedSignsInOnceWithTheShownPasswordAndChoosesAnother() throws UnsupportedEncodingException {
        var password = added("Lan.Chen");

        assertThat(get(PEOPLE))
                .bodyText()
                .contains("lan.chen", "Not signed in yet")
                .doesNotContain(password);
        var session = signIn("lan.chen", password);
        assertThat(visit(session)).hasRedirectedUrl("/admin/password");

        choose(session, "a-lake-in-the-evening-7");
        assertThat(visit(signIn("lan.chen", "a-lake-in-the-evening-7"))).hasStatusOk();
        assertThat(person("lan.chen").state()).isEqualTo("ACTIVE");
        assertThat(person("lan.chen").addedBy()).contains("mei");
    }

    @Test
    void aNameIsNeverGivenOutAgain() throws UnsupportedEncodingException {
        added("once");
        assertThat(post(PEOPLE, "name", "ONCE")).hasStatus(422).bodyText().contains("is, or was, somebody’s");
        post(PEOPLE + "/deactivate", "name", "once");
        assertThat(post(PEOPLE, "name", "once")).hasStatus(422);
        for (var wrong : List.of("", " ", "-x", "a b", "<b>", "x".repeat(65), "名字")) {
            assertThat(post(PEOPLE, "name", wrong)).as(wrong).hasStatus(422);
        }
    }

    @Test
    void aNewOneTimePasswordIsOnlyForWhoHasNotSignedIn() throws UnsupportedEncodingException {
        var first = people.add("late", "jun").orElseThrow();
        var second = oneTime(post(PEOPLE + "/invite", "name", "late"));
        assertThat(second).isNotEqualTo(first);
        assertThat(person("late").addedBy())
                .as("who saw the password that counts")
                .contains("mei");
        assertThat(login("late", first)).hasRedirectedUrl("/admin/login?error");
        choose(signIn("late", second), "a-lake-in-the-morning-7");

        assertThat(post(PEOPLE + "/invite", "name", "late")).hasStatus(422);
        assertThat(post(PEOPLE + "/invite", "name", "mei")).hasStatus(422);
        assertThat(visit(signIn("late", "a-lake-in-the-morning-7"))).hasStatusOk();
    }

    @Test
    void whoIsShutOutIsOutAtOnceAndStaysOut() throws UnsupportedEncodingException {
        var session = chosen("gone", "a-lake-in-the-winter-7");
        assertThat(visit(session)).hasStatusOk();

        post(PEOPLE + "/deactivate", "name", "gone");

        assertThat(visit(session)).hasStatus3xxRedirection();
        assertThat(login("gone", "a-lake-in-the-winter-7")).hasRedirectedUrl("/admin/login?error");
        assertThat(person("gone").deactivatedBy()).contains("mei");
        assertThat(get(PEOPLE)).bodyText().contains("Shut out");
    }

    @Test
    void aSessionThatSurvivedTheDeactivationEndsAtItsNextRequest() throws UnsupportedEncodingException {
        var session = chosen("halfway", "a-lake-in-the-autumn-7");
        // As if the login had been half way when the sessions were deleted.
        jdbc.sql(
                        "UPDATE access.admin_user SET deactivated_at = now(), deactivated_by = 'mei' WHERE username = 'halfway'")
                .update();

        assertThat(visit(session)).hasStatus3xxRedirection();
        assertThat(http.get().uri("/v3/api-docs").cookie(session).exchange()).hasStatus(401);
        assertThat(http.post()
                        .uri(PEOPLE)
                        .cookie(session)
                        .with(csrf())
                        .param("name", "friend")
                        .exchange())
                .hasStatus3xxRedirection();
        assertThat(people.all()).extracting(Person::username).doesNotContain("friend");
    }

    @Test
    void nobodyShutsOutThemselves() {
        assertThat(flash(post(PEOPLE + "/deactivate", "name", "mei")).tone()).isEqualTo("bad");
        assertThat(flash(post(PEOPLE + "/deactivate", "name", " MEI ")).tone()).isEqualTo("bad");
        assertThat(person("mei").active()).isTrue();
        assertThat(flash(post(PEOPLE + "/deactivate", "name", "nobody-of-this-name"))
                        .tone())
                .isEqualTo("bad");
    }

    @Test
    void ofTwoWhoShutOutEachOtherAtTheSameMomentOneStays() throws Exception {
        for (int round = 0; round < 10; round++) {
            var one = "one-" + round;
            var other = "other-" + round;
            people.add(one, "mei");
            people.add(other, "mei");
            var start = new CountDownLatch(1);
            try (var both = Executors.newFixedThreadPool(2)) {
                var tries = new ArrayList<Future<Boolean>>();
                for (var pair : List.of(List.of(one, other), List.of(other, one))) {
                    tries.add(both.submit(() -> {
                        start.await();
                        return people.deactivate(pair.getFirst(), pair.getLast());
                    }));
                }
                start.countDown();
                assertThat(tries.getFirst().get() ^ tries.getLast().get()).isTrue();
            }
            assertThat(person(one).active() ^ person(other).active()).isTrue();
        }
    }

    @Test
    void nobodyElseManagesPeople() {
        for (var path : List.of(PEOPLE, PEOPLE + "/invite", PEOPLE + "/deactivate")) {
            assertThat(http.post().uri(path).param("name", "x").with(csrf()).exchange())
                    .as("nobody: " + path)
                    .hasStatus3xxRedirection();
            assertThat(http.post()
                            .uri(path)
                            .param("name", "x")
                            .with(user("mei").roles("ADMIN"))
                            .exchange())
                    .as("no token: " + path)
                    .hasStatus(403);
            assertThat(http.post()
                            .uri(path)
                            .param("name", "x")
                            .with(csrf())
                            .with(user("new").roles("NEW_PASSWORD"))
                            .exchange())
                    .as("one-time password: " + path)
                    .hasStatus(403);
            assertThat(http.post()
                            .uri(path)
                            .param("name", "x")
                            .header("Authorization", "Bearer some-key")
                            .with(csrf())
                            .exchange())
                    .as("API key: " + path)
                    .hasStatus3xxRedirection();
        }
        assertThat(http.get().uri(PEOPLE).exchange()).hasStatus3xxRedirection();
        assertThat(people.all()).extracting(Person::username).doesNotContain("x");
    }

    private String added(String name) throws UnsupportedEncodingException {
        return oneTime(post(PEOPLE, "name", name));
    }

    private static String oneTime(MvcTestResult result) throws UnsupportedEncodingException {
        assertThat(result).hasStatusOk();
        var found = ONE_TIME.matcher(result.getResponse().getContentAsString());
        assertThat(found.find()).as("a password on the page").isTrue();
        return found.group();
    }

    /** Somebody with a password of their own, signed in. */
    private Cookie chosen(String name, String password) throws UnsupportedEncodingException {
        choose(signIn(name, added(name)), password);
        return signIn(name, password);
    }

    private void choose(Cookie session, String password) {
        assertThat(http.post()
                        .uri("/admin/password")
                        .cookie(session)
                        .with(csrf())
                        .param("chosen", password)
                        .param("repeated", password)
                        .exchange())
                .hasRedirectedUrl("/admin/login?changed");
    }

    private Cookie signIn(String name, String password) {
        return Objects.requireNonNull(login(name, password).getResponse().getCookie("tallyhook"));
    }

    private MvcTestResult login(String name, String password) {
        return http.post()
                .uri("/admin/login")
                .with(csrf())
                .param("username", name)
                .param("password", password)
                .exchange();
    }

    private MvcTestResult visit(Cookie session) {
        return http.get().uri(PEOPLE).cookie(session).exchange();
    }

    private Person person(String name) {
        return people.all().stream()
                .filter(one -> one.username().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Flash flash(MvcTestResult result) {
        return (Flash)
                Objects.requireNonNull(result.getMvcResult().getFlashMap().get("flash"));
    }

    private MvcTestResult get(String uri) {
        return http.get().uri(uri).with(user("mei").roles("ADMIN")).exchange();
    }

    private MvcTestResult post(String uri, String name, String value) {
        return http.post()
                .uri(uri)
                .param(name, value)
                .with(user("mei").roles("ADMIN"))
                .with(csrf())
                .exchange();
    }
}
