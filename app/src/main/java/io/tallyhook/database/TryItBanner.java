package io.tallyhook.database;

import io.tallyhook.admin.Banner;
import io.tallyhook.payment.provider.LiveAccounts;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says on every page that this is no installation for everyday work, and whether real money is moved all the same. */
@Component
class TryItBanner implements Banner {

    private final boolean embedded;
    private final boolean sandbox;
    private final LiveAccounts liveAccounts;

    TryItBanner(
            Environment environment,
            @Value("${tallyhook.sandbox.enabled:false}") boolean sandbox,
            LiveAccounts liveAccounts) {
        this.embedded = !environment.containsProperty("spring.datasource.url");
        this.sandbox = sandbox;
        this.liveAccounts = liveAccounts;
    }

    @Override
    public Optional<Notice> notice() {
        if (embedded) {
            return Optional.of(Notice.of(liveAccounts.exist() ? "banner.embeddedLive" : "banner.tryIt"));
        }
        return sandbox ? Optional.of(Notice.of("banner.sandbox")) : Optional.empty();
    }
}
