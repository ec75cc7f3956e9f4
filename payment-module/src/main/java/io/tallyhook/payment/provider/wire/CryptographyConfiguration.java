package io.tallyhook.payment.provider.wire;

import io.tallyhook.payment.provider.wire.CryptographySettings.Choice;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CryptographySettings.class)
class CryptographyConfiguration {

    private static final Logger log = LoggerFactory.getLogger(CryptographyConfiguration.class);

    @Bean
    Cryptography cryptography(CryptographySettings settings) {
        var chosen = choose(settings.provider(), Cryptography::corretto);
        log.info("Callbacks are verified by {}", chosen.name());
        return chosen;
    }

    /** A start never fails for it: the JDK gives the same answers, only later. */
    static Cryptography choose(Choice choice, Supplier<Optional<Cryptography>> corretto) {
        if (choice == Choice.JDK) {
            return Cryptography.jdk();
        }
        var fast = corretto.get();
        if (fast.isEmpty() && choice == Choice.CORRETTO) {
            log.warn(
                    "tallyhook.crypto.provider=corretto, but its native library does not load on {} {}; the JDK does it",
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"));
        }
        return fast.orElse(Cryptography.jdk());
    }
}
