package io.tallyhook.access.login;

import java.time.Clock;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.modulith.NamedInterface;
import org.springframework.security.crypto.password.PasswordEncoder;

/** The way back for a locked-out administrator, on the host: a new one-time password for an administrator. */
@NamedInterface("reset-admin")
public final class ResetAdmin {

    private final Administrators administrators;
    private final LoginThrottle throttle;
    private final PasswordEncoder encoder;
    private final Clock clock;

    ResetAdmin(Administrators administrators, LoginThrottle throttle, PasswordEncoder encoder, Clock clock) {
        this.administrators = administrators;
        this.throttle = throttle;
        this.encoder = encoder;
        this.clock = clock;
    }

    /**
     * Starts only what is needed to reach the database (no web server, no schedules), tells the password and ends.
     *
     * @param database a configuration that finds the database as the application does
     * @return whether there was such a database; if not, the console says what to do
     */
    public static boolean run(Class<?> database, String... arguments) {
        var application = new SpringApplication(Needs.class, database);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setDefaultProperties(Map.of(
                "tallyhook.embedded-database.visiting", "true",
                "logging.level.root", "warn",
                "spring.main.banner-mode", "off"));
        try (var context = application.run(arguments)) {
            var environment = context.getEnvironment();
            context.getBean(ResetAdmin.class).reset().tell(System.out, address(environment));
            return true;
        } catch (BadSqlGrammarException noSuchTable) {
            System.err.println("""
                    Tallyhook has never run on this database, so there is no administrator in it. Start it once; or say which
                    database you mean, with the same --tallyhook.data-dir or --spring.datasource.url that it runs with.""");
            return false;
        }
    }

    /** Takes the administrator who has been there longest, and makes one if there is none. */
    OneTimePassword reset() {
        var username = administrators.first().orElse(FirstAdministrator.USERNAME);
        var oneTime = OneTimePassword.fresh(username, clock.instant());
        var hash = Passwords.hash(encoder, oneTime.password());
        if (!administrators.changePassword(username, hash, oneTime.until())) {
            administrators.createFirst(username, hash, oneTime.until());
        }
        throttle.forgiveAll();
        return oneTime;
    }

    private static String address(ConfigurableEnvironment environment) {
        var fallback = "http://localhost:" + environment.getProperty("server.port", "8080");
        return environment.getProperty("tallyhook.public-url", fallback).replaceFirst("/+$", "") + "/admin";
    }

    /** Not annotated as a configuration, so that the whole application does not find it. */
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        JdbcClientAutoConfiguration.class
    })
    @Import({Administrators.class, LoginThrottle.class, ResetAdmin.class})
    static final class Needs {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        PasswordEncoder passwordEncoder() {
            return Passwords.encoder();
        }
    }
}
