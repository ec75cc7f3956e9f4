package io.tallyhook.access.login;

import java.util.Map;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Passwords are hashed as always, at the lowest cost: for tests that sign in often and are about something else. What a hash
 * must cost is said by {@link PasswordsTests}, and what a login tells by its time by {@link LoginIntegrationTests}.
 */
@TestConfiguration(proxyBeanMethods = false)
public class QuickPasswords {

    private static final int LOWEST_COST = 4;

    static PasswordEncoder encoder() {
        return new DelegatingPasswordEncoder("bcrypt", Map.of("bcrypt", new BCryptPasswordEncoder(LOWEST_COST)));
    }

    @Bean
    @Primary
    PasswordEncoder quickPasswordEncoder() {
        return encoder();
    }
}
