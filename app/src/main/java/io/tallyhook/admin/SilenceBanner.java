package io.tallyhook.admin;

import io.tallyhook.payment.asking.Silences;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Says on every page that callbacks do not come although they should, until they come; to those who are signed in. */
@Component
class SilenceBanner implements Banner {

    private final Silences silences;
    private final Alarms alarms;

    SilenceBanner(Silences silences, Alarms alarms) {
        this.silences = silences;
        this.alarms = alarms;
    }

    @Override
    public Optional<Notice> notice() {
        return alarms.told("Silence", this::alarm);
    }

    private Optional<Notice> alarm() {
        return silences.now().isEmpty()
                ? Optional.empty()
                : Optional.of(Notice.alarm("banner.silence").linkedTo("/admin#silent", "banner.silence.which"));
    }
}
