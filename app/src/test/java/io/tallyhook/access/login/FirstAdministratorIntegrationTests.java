package io.tallyhook.access.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.access.SettableClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.FreshDatabase;

/** The first start, further starts, and the way back for somebody who is locked out. */
class FirstAdministratorIntegrationTests {

    private static final Pattern ONE_TIME = Pattern.compile("one-time password {4}(\\S+)");

    private final SettableClock clock = new SettableClock();
    private final PasswordEncoder encoder = QuickPasswords.encoder();
    private final MockEnvironment environment = new MockEnvironment();
    private final DriverManagerDataSource database =
            new DriverManagerDataSource(FreshDatabase.create(), "postgres", "postgres");
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final Administrators administrators = new Administrators(jdbc, clock);
    private final LoginThrottle throttle = new LoginThrottle(jdbc, clock);
    private final PasswordLogin login = new PasswordLogin(administrators, throttle, encoder, clock);

    @BeforeEach
    void migrate() {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/access")
                .placeholders(Map.of("runtimeRole", "postgres"))
                .load()
                .migrate();
    }

    @Test
    void withoutConfigurationAOneTimePasswordIsToldOnceAndWorks() {
        environment.setProperty("local.server.port", "8123");
        var told = start("admin", null);
        assertThat(told).contains("http://localhost:8123/admin", "user name            admin");
        var password = oneTimeIn(told);
        assertThat(login.check("admin", password, "127.0.0.1"))
                .get()
                .satisfies(person -> assertThat(person.mustChangePassword()).isTrue());
        assertThat(start("admin", null)).as("the second start says nothing").isEmpty();
        assertThat(login.check("admin", password, "127.0.0.1")).isPresent();
    }

    @Test
    void theAddressIsThePublicOneWhereThereIsOne() {
        environment.setProperty("tallyhook.public-url", "https://pay.example.com/");
        assertThat(start("admin", null)).contains("https://pay.example.com/admin");
    }

    @Test
    void theConfiguredAdministratorIsMadeAndNothingIsPrinted() {
        assertThat(start("Grace", "a long enough password")).isEmpty();
        assertThat(login.check("grace", "a long enough password", "127.0.0.1"))
                .get()
                .satisfies(person -> assertThat(person.mustChangePassword()).isFalse());
    }

    @Test
    void onceThereIsAnAdministratorTheConfigurationIsIgnored() {
        start("grace", "a long enough password");
        start("mallory", "another long password");
        start("grace", "another long password");
        assertThat(login.check("mallory", "another long password", "127.0.0.1")).isEmpty();
        assertThat(login.check("grace", "another long password", "127.0.0.1")).isEmpty();
        assertThat(login.check("grace", "a long enough password", "127.0.0.1")).isPresent();
    }

    @Test
    void anUnusableConfigurationStopsTheStartWithItsName() {
        assertThatThrownBy(() -> start("admin", "")).hasMessageContaining("tallyhook.admin.password");
        assertThatThrownBy(() -> start("admin", "x".repeat(73))).hasMessageContaining("tallyhook.admin.password");
        assertThatThrownBy(() -> start(" ", "a long enough password")).hasMessageContaining("tallyhook.admin.username");
        assertThat(administrators.none()).isTrue();
    }

    @Test
    void instancesThatStartTogetherMakeOneAdministrator() throws Exception {
        Callable<String> instance = () -> {
            run("admin", "a long enough password");
            return "";
        };
        try (var pool = Executors.newFixedThreadPool(8)) {
            for (var done : pool.invokeAll(
                    List.of(instance, instance, instance, instance, instance, instance, instance, instance))) {
                done.get();
            }
        }
        assertThat(jdbc.sql("SELECT count(*) FROM access.admin_user")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void resetGivesANewOneTimePasswordEndsSessionsAndLiftsTheLock() {
        start("grace", "a long enough password");
        jdbc.sql("""
                        INSERT INTO access.session
                        VALUES ('a', 'b', 0, 0, 1800, 9999999999999, 'grace')""").update();
        for (int guess = 0; guess < 5; guess++) {
            login.check("grace", "wrong", "10.0.0." + guess);
        }
        var oneTime = new ResetAdmin(administrators, throttle, encoder, clock).reset();
        assertThat(oneTime.username()).isEqualTo("grace");
        assertThat(login.check("grace", "a long enough password", "10.0.1.1")).isEmpty();
        assertThat(login.check("grace", oneTime.password(), "10.0.1.2")).isPresent();
        assertThat(jdbc.sql("SELECT count(*) FROM access.session")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    /** Who has forgotten the password has tried often, and from his own address. */
    @Test
    void resetLetsThoseInAgainWhoTriedTooOftenFromTheirOwnAddress() {
        start("grace", "a long enough password");
        for (int guess = 0; guess < 12; guess++) {
            clock.forward(Duration.ofMinutes(2));
            login.check("grace", "wrong", "10.0.0.1");
        }
        assertThat(login.check("grace", "a long enough password", "10.0.0.1")).isEmpty();

        var oneTime = new ResetAdmin(administrators, throttle, encoder, clock).reset();

        assertThat(login.check("grace", oneTime.password(), "10.0.0.1")).isPresent();
    }

    @Test
    void resetOnTheHostFindsTheDatabaseAndTellsThePassword() {
        start("grace", "a long enough password");
        var console = console(() -> assertThat(ResetAdmin.run(Nothing.class, arguments(database.getUrl())))
                .isTrue());
        assertThat(login.check("grace", oneTimeIn(console), "127.0.0.1")).isPresent();
    }

    @Test
    void resetOfADatabaseWithoutTallyhookSaysWhatToDo() {
        assertThat(ResetAdmin.run(Nothing.class, arguments(FreshDatabase.create())))
                .isFalse();
    }

    /** The database is configured here, so that nothing has to find it. */
    static class Nothing {}

    private static String[] arguments(@Nullable String url) {
        return new String[] {
            "reset-admin",
            "--spring.datasource.url=" + url,
            "--spring.datasource.username=postgres",
            "--spring.datasource.password=postgres"
        };
    }

    @Test
    void resetMakesAnAdministratorWhereThereIsNone() {
        var oneTime = new ResetAdmin(administrators, throttle, encoder, clock).reset();
        assertThat(login.check("admin", oneTime.password(), "127.0.0.1")).isPresent();
    }

    /** Starts the application's part in question, and answers what it printed. */
    private String start(String username, @Nullable String password) {
        return console(() -> run(username, password));
    }

    /** What is printed for the person at the console meanwhile. */
    private static String console(Runnable running) {
        var printed = new ByteArrayOutputStream();
        var console = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            running.run();
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("  ") || line.startsWith("=="))
                .collect(java.util.stream.Collectors.joining("\n"));
    }

    private void run(String username, @Nullable String password) {
        var transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        new FirstAdministrator(administrators, encoder, transaction, clock, environment, username, password)
                .run(new DefaultApplicationArguments());
    }

    private static String oneTimeIn(String told) {
        var matcher = ONE_TIME.matcher(told);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }
}
