package io.tallyhook.access.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import io.tallyhook.access.AccessTest;
import io.tallyhook.access.SettableClock;
import jakarta.servlet.http.Cookie;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** Signing in, being kept out, and what a session is worth. */
@AccessTest
class LoginIntegrationTests {

    private static final String COOKIE = "tallyhook";

    @Autowired
    MockMvcTester mvc;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    SettableClock clock;

    @Autowired
    LoginThrottle throttle;

    @Autowired
    Administrators administrators;

    @Autowired
    PasswordEncoder encoder;

    private String usualHash = "";

    @BeforeEach
    void remember() {
        usualHash = administrators.find(AccessTest.USERNAME).orElseThrow().passwordHash();
    }

    @AfterEach
    void startAnew() {
        clock.reset();
        jdbc.sql("DELETE FROM access.login_throttle").update();
        jdbc.sql("DELETE FROM access.session").update();
        administrators.changePassword(AccessTest.USERNAME, usualHash, null);
    }

    @Test
    void aPersonSignsInWorksAndSignsOut() {
        var session = signIn("ADA", AccessTest.PASSWORD);
        assertThat(mvc.get().uri("/admin/keys").cookie(session)).hasStatusOk();

        assertThat(mvc.post().uri("/admin/logout").cookie(session).with(csrf()))
                .hasStatus(302)
                .hasHeader("Location", "/admin/login?logout");
        assertThat(mvc.get().uri("/admin/keys").cookie(session)).hasStatus(302);
    }

    @Test
    void theSessionCookieIsOutOfReachOfScriptsAndOtherSites() {
        var plain = sessionCookie(login(AccessTest.USERNAME, AccessTest.PASSWORD, "10.0.0.1"));
        assertThat(plain.isHttpOnly()).isTrue();
        assertThat(plain.getAttribute("SameSite")).isEqualTo("Lax");
        assertThat(plain.getSecure()).isFalse();

        var overTls = mvc.get().uri("/admin/login").secure(true).exchange();
        assertThat(sessionCookie(overTls).getSecure()).isTrue();
    }

    @Test
    void theSessionGetsANewNameAtLogin() {
        var before = sessionCookie(mvc.get().uri("/admin/login").exchange());
        var answer = mvc.post()
                .uri("/admin/login")
                .cookie(before)
                .with(csrf())
                .param("username", AccessTest.USERNAME)
                .param("password", AccessTest.PASSWORD)
                .exchange();
        assertThat(sessionCookie(answer).getValue()).isNotEqualTo(before.getValue());
        assertThat(mvc.get().uri("/admin/keys").cookie(before)).hasStatus(302);
    }

    @Test
    void aMadeUpSessionNameIsNotTakenOver() {
        var madeUp = new Cookie(COOKIE, "MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw");
        var answer = mvc.get().uri("/admin/login").cookie(madeUp).exchange();
        assertThat(sessionCookie(answer).getValue()).isNotEqualTo(madeUp.getValue());
    }

    @Test
    void aBusySessionEndsAfterTwelveHours() {
        var session = signIn(AccessTest.USERNAME, AccessTest.PASSWORD);
        clock.forward(Duration.ofHours(12).minusMinutes(1));
        assertThat(mvc.get().uri("/admin/keys").cookie(session)).hasStatusOk();
        clock.forward(Duration.ofMinutes(2));
        assertThat(mvc.get().uri("/admin/keys").cookie(session))
                .hasStatus(302)
                .hasHeader("Location", "/admin/login?expired");
    }

    @Test
    void aQuietSessionEndsAfterHalfAnHour() {
        var session = signIn(AccessTest.USERNAME, AccessTest.PASSWORD);
        assertThat(jdbc.sql("SELECT max(max_inactive_interval) FROM access.session")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1800);
        jdbc.sql(
                        "UPDATE access.session SET last_access_time = last_access_time - 1860000, expiry_time = expiry_time - 1860000")
                .update();
        assertThat(mvc.get().uri("/admin/keys").cookie(session))
                .hasStatus(302)
                .hasHeader("Location", "/admin/login?expired");
    }

    @Test
    void unknownUserAndWrongPasswordGetTheSameAnswer() {
        var unknown = login("nobody", "some long password", "10.0.0.2");
        var wrong = login(AccessTest.USERNAME, "some long password", "10.0.0.3");
        assertThat(unknown).hasStatus(302).hasHeader("Location", "/admin/login?error");
        assertThat(wrong).hasStatus(302).hasHeader("Location", "/admin/login?error");
        assertThat(unknown.getResponse().getHeaderNames())
                .containsExactlyInAnyOrderElementsOf(wrong.getResponse().getHeaderNames());
    }

    @Test
    void unknownUserAndWrongPasswordTakeSimilarTime() {
        login(AccessTest.USERNAME, "warming up the hash", "10.0.1.1");
        long known = Long.MAX_VALUE;
        long unknown = Long.MAX_VALUE;
        // By turns, and the fastest of each: whatever else the machine does then slows both.
        for (int round = 0; round < 5; round++) {
            known = Math.min(known, timeOfLogin(AccessTest.USERNAME));
            unknown = Math.min(unknown, timeOfLogin("nobody"));
        }
        assertThat((double) unknown / known).isBetween(0.4, 2.5);
    }

    @Test
    void afterTenFailuresEvenTheRightPasswordIsRefusedForHalfAnHour() {
        for (int failure = 1; failure <= 10; failure++) {
            assertThat(throttle.admits(AccessTest.USERNAME, "10.1.0." + failure))
                    .isTrue();
            clock.forward(Duration.ofMinutes(2));
        }
        clock.forward(Duration.ofMinutes(26));
        assertThat(login(AccessTest.USERNAME, AccessTest.PASSWORD, "10.1.1.1"))
                .hasHeader("Location", "/admin/login?error");
        clock.forward(Duration.ofMinutes(3));
        assertThat(login(AccessTest.USERNAME, AccessTest.PASSWORD, "10.1.1.1")).hasHeader("Location", "/admin");
    }

    @Test
    void delaysGrowFromTheFourthFailureOn() {
        for (int failure = 1; failure <= 4; failure++) {
            assertThat(throttle.admits("grow", "10.2.0." + failure)).isTrue();
        }
        assertThat(throttle.admits("grow", "10.2.0.5")).isFalse();
        clock.forward(Duration.ofSeconds(3));
        assertThat(throttle.admits("grow", "10.2.0.6")).isTrue();
        clock.forward(Duration.ofSeconds(3));
        assertThat(throttle.admits("grow", "10.2.0.7"))
                .as("the next delay is four seconds")
                .isFalse();
    }

    @Test
    void anAddressThatTriesManyNamesIsHeldToo() {
        int admitted = 0;
        for (int name = 0; name < 20; name++) {
            admitted += throttle.admits("name" + name, "10.3.0.1") ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(4);
        assertThat(throttle.admits("another", "10.3.0.2")).isTrue();
    }

    @Test
    void addressesOfOneIpv6NetworkCountAsOne() {
        int admitted = 0;
        for (int host = 1; host <= 20; host++) {
            admitted += throttle.admits("six" + host, "2001:db8:1:2::" + host) ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(4);
    }

    @Test
    void parallelGuessesDoNotBeatTheCounter() throws Exception {
        var admitted = new AtomicInteger();
        var guesses = new ArrayList<Callable<Void>>();
        for (int guess = 0; guess < 64; guess++) {
            var address = "10.4.0." + guess;
            guesses.add(() -> {
                admitted.addAndGet(throttle.admits("parallel", address) ? 1 : 0);
                return null;
            });
        }
        try (var pool = Executors.newFixedThreadPool(32)) {
            for (var done : pool.invokeAll(guesses)) {
                done.get();
            }
        }
        assertThat(admitted).hasValue(4);
    }

    @Test
    void aSuccessWipesTheCount() {
        for (int failure = 0; failure < 3; failure++) {
            login(AccessTest.USERNAME, "wrong password", "10.5.0.1");
        }
        signIn(AccessTest.USERNAME, AccessTest.PASSWORD);
        assertThat(jdbc.sql("SELECT count(*) FROM access.login_throttle WHERE subject = 'user:ada'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void oldCountsAreForgotten() {
        throttle.admits("old", "10.6.0.1");
        clock.forward(Duration.ofHours(25));
        throttle.forgetOld();
        assertThat(jdbc.sql("SELECT count(*) FROM access.login_throttle")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void aOneTimePasswordOpensNothingButTheNewPassword() {
        var oneTime = giveOneTimePassword();
        var session = signIn(AccessTest.USERNAME, oneTime.password());
        assertThat(mvc.get().uri("/admin/keys").cookie(session)).hasHeader("Location", "/admin/password");
        assertThat(mvc.post().uri("/admin/keys").cookie(session).with(csrf())).hasStatus(403);

        assertThat(change(session, "", "a new and better password", "a new and better password"))
                .hasHeader("Location", "/admin/login?changed");
        assertThat(mvc.get().uri("/admin/password").cookie(session))
                .as("all sessions end")
                .hasStatus(302);
        assertThat(login(AccessTest.USERNAME, oneTime.password(), "10.7.0.1"))
                .hasHeader("Location", "/admin/login?error");
        var next = signIn(AccessTest.USERNAME, "a new and better password");
        assertThat(mvc.get().uri("/admin/keys").cookie(next)).hasStatusOk();
    }

    @Test
    void aOneTimePasswordIsGoodForADay() {
        var oneTime = giveOneTimePassword();
        clock.forward(OneTimePassword.LIFE);
        assertThat(login(AccessTest.USERNAME, oneTime.password(), "10.8.0.1"))
                .hasHeader("Location", "/admin/login?error");
    }

    @Test
    void badNewPasswordsAreRefusedAndChangeNothing() {
        var session = signIn(AccessTest.USERNAME, AccessTest.PASSWORD);
        assertThat(change(session, AccessTest.PASSWORD, "short", "short")).hasStatus(422);
        assertThat(change(session, AccessTest.PASSWORD, "Password1234!", "Password1234!"))
                .hasStatus(422);
        assertThat(change(session, AccessTest.PASSWORD, "one good password", "another good one"))
                .hasStatus(422);
        assertThat(change(session, AccessTest.PASSWORD, AccessTest.PASSWORD, AccessTest.PASSWORD))
                .hasStatus(422);
        assertThat(change(session, "not the current one", "a new and better password", "a new and better password"))
                .hasStatus(422);
        assertThat(mvc.get().uri("/admin/keys").cookie(session)).hasStatusOk();
    }

    @Test
    void aNewPasswordEndsTheOtherSessionsOfThePerson() {
        var desk = signIn(AccessTest.USERNAME, AccessTest.PASSWORD);
        var phone = signIn(AccessTest.USERNAME, AccessTest.PASSWORD);
        change(desk, AccessTest.PASSWORD, "a new and better password", "a new and better password");
        assertThat(mvc.get().uri("/admin/keys").cookie(phone)).hasStatus(302);
    }

    @Test
    void afterTheLoginAPersonLandsOnThePageAskedFor() {
        var session = sessionCookie(mvc.get().uri("/admin/keys").exchange());
        var answer = mvc.post()
                .uri("/admin/login")
                .cookie(session)
                .with(csrf())
                .param("username", AccessTest.USERNAME)
                .param("password", AccessTest.PASSWORD)
                .exchange();
        assertThat(answer.getResponse().getRedirectedUrl()).contains("/admin/keys");
    }

    private OneTimePassword giveOneTimePassword() {
        var oneTime = OneTimePassword.fresh(AccessTest.USERNAME, clock.instant());
        administrators.changePassword(oneTime.username(), Passwords.hash(encoder, oneTime.password()), oneTime.until());
        return oneTime;
    }

    private MvcTestResult change(Cookie session, String current, String chosen, String repeated) {
        return mvc.post()
                .uri("/admin/password")
                .cookie(session)
                .with(csrf())
                .param("current", current)
                .param("chosen", chosen)
                .param("repeated", repeated)
                .exchange();
    }

    private Cookie signIn(String username, String password) {
        var answer = login(username, password, "10.9.0.1");
        assertThat(answer).hasStatus(302).hasHeader("Location", "/admin");
        return sessionCookie(answer);
    }

    private MvcTestResult login(String username, String password, String address) {
        return mvc.post()
                .uri("/admin/login")
                .with(request -> {
                    request.setRemoteAddr(address);
                    return request;
                })
                .with(csrf())
                .param("username", username)
                .param("password", password)
                .exchange();
    }

    private long timeOfLogin(String username) {
        startAnew();
        long start = System.nanoTime();
        login(username, "some long password", "10.0.2.1");
        return System.nanoTime() - start;
    }

    private static Cookie sessionCookie(MvcTestResult answer) {
        return Objects.requireNonNull(answer.getResponse().getCookie(COOKIE));
    }
}
