package io.tallyhook.database;

import io.tallyhook.admin.Banner;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Says on every page that this is the try-it mode. */
@Component
@ConditionalOnProperty(name = "spring.datasource.url", havingValue = "false", matchIfMissing = true)
class TryItBanner implements Banner {

    @Override
    public Optional<Notice> notice() {
        return Optional.of(Notice.of("banner.tryIt"));
    }
}
