package io.tallyhook.access.login;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.env.Environment;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Makes the first administrator on the first start: the configured one, or one with a one-time password. */
@Component
class FirstAdministrator implements ApplicationRunner {

    static final String USERNAME = "admin";

    private static final Logger LOG = LoggerFactory.getLogger(FirstAdministrator.class);

    private final Administrators administrators;
    private final PasswordEncoder encoder;
    private final TransactionOperations transaction;
    private final Clock clock;
    private final Environment environment;
    private final String username;
    private final @Nullable String password;

    FirstAdministrator(
            Administrators administrators,
            PasswordEncoder encoder,
            TransactionOperations transaction,
            Clock clock,
            Environment environment,
            @Value("${tallyhook.admin.username:" + USERNAME + "}") String username,
            @Value("${tallyhook.admin.password:#{null}}") @Nullable String password) {
        this.administrators = administrators;
        this.encoder = encoder;
        this.transaction = transaction;
        this.clock = clock;
        this.environment = environment;
        this.username = checkedName(username);
        this.password = password == null ? null : checked(password);
    }

    @Override
    public void run(ApplicationArguments arguments) {
        boolean configured = environment.containsProperty("tallyhook.admin.username") || password != null;
        if (!administrators.none()) {
            if (configured) {
                LOG.info("There is an administrator already: tallyhook.admin.* is ignored");
            }
        } else if (password != null) {
            createConfigured(password);
        } else {
            createWithOneTimePassword();
        }
    }

    private void createConfigured(String chosen) {
        if (Passwords.objection(chosen, username).isPresent()) {
            LOG.warn("tallyhook.admin.password is short or easy to guess; change it on /admin/password");
        }
        if (administrators.createFirst(username, Passwords.hash(encoder, chosen), null)) {
            LOG.info("The administrator {} was made as configured", username);
        }
    }

    /** Told before the commit: an administrator whose password nobody saw would be worse than a password without one. */
    private void createWithOneTimePassword() {
        var oneTime = OneTimePassword.fresh(username, clock.instant());
        var hash = Passwords.hash(encoder, oneTime.password());
        transaction.executeWithoutResult(status -> {
            if (administrators.createFirst(username, hash, oneTime.until())) {
                oneTime.tell(System.out, address());
            }
        });
    }

    private String address() {
        var port = environment.getProperty("local.server.port", environment.getProperty("server.port", "8080"));
        var base = environment.getProperty("tallyhook.public-url", "http://localhost:" + port);
        return base.replaceFirst("/+$", "") + "/admin";
    }

    private static String checkedName(String name) {
        var normalised = Administrators.normalised(name);
        if (normalised.isEmpty() || normalised.length() > 64) {
            throw new IllegalStateException("tallyhook.admin.username must have 1 to 64 characters.");
        }
        return normalised;
    }

    private static String checked(String password) {
        if (password.isBlank() || password.getBytes(StandardCharsets.UTF_8).length > Passwords.LONGEST_BYTES) {
            throw new IllegalStateException(
                    "tallyhook.admin.password must have 1 to %d bytes in UTF-8 and not be blank."
                            .formatted(Passwords.LONGEST_BYTES));
        }
        return password;
    }
}
