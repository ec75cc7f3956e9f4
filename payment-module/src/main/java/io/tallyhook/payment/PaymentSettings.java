package io.tallyhook.payment;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of payments as a whole.
 *
 * @param publicUrl base of every address that a provider calls
 */
@ConfigurationProperties("tallyhook")
public record PaymentSettings(
        @DefaultValue("http://localhost:8080") URI publicUrl) {

    /** How long a payment may be paid if nobody says otherwise. */
    static final Duration DEFAULT_EXPIRY = Duration.ofSeconds(7200);

    /** Where this provider shall call us for this account. */
    public URI callbackUrl(String provider, String account) {
        var base = publicUrl.toString();
        return URI.create("%s/callbacks/%s/%s"
                .formatted(base.endsWith("/") ? base.substring(0, base.length() - 1) : base, provider, account));
    }
}
