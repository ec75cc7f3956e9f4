package io.tallyhook.payment.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.HandedOut.Grant;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What contradicts what, and when everything is looked at. */
class ContradictionTests {

    private static final Instant NOW = Instant.parse("2026-03-01T04:00:00Z");

    @ParameterizedTest(name = "grant {0}, payment {1} {2} unwinding {3}: {4}")
    @CsvSource(
            nullValues = "-",
            value = {
                "GRANTED, -,                  -,         false, HANDED_OUT_UNPAID",
                "GRANTED, PENDING,            NONE,      false, HANDED_OUT_UNPAID",
                "GRANTED, CLOSED,             NONE,      false, HANDED_OUT_UNPAID",
                "GRANTED, PAID,               SUCCEEDED, false, -",
                "GRANTED, PARTIALLY_REFUNDED, SUCCEEDED, false, -",
                "GRANTED, REFUNDED,           REVERSED,  false, REFUNDED_BUT_GRANTED",
                "GRANTED, REFUNDED,           CANCELLED, false, REFUNDED_BUT_GRANTED",
                "GRANTED, REFUNDED,           SUCCEEDED, true,  -",
                "TAKEN,   -,                  -,         false, -",
                "TAKEN,   REFUNDED,           REVERSED,  false, -",
                "TAKEN,   PAID,               SUCCEEDED, false, -",
                "-,       PAID,               SUCCEEDED, false, UNKNOWN_TO_MODULE",
                "-,       PAID,               PENDING,   false, -",
                "-,       PAID,               PARKED,    false, -",
                "-,       REFUNDED,           REVERSED,  false, -",
                "-,       PENDING,            NONE,      false, -",
                "-,       -,                  -,         false, -"
            })
    void between(
            @Nullable String grant,
            @Nullable PaymentState state,
            @Nullable FulfilmentState fulfilment,
            boolean unwinding,
            @Nullable Contradiction expected) {
        var granted =
                grant == null ? null : new Grant("P1", "O1", "user-1", Money.fen(100), NOW, grant.equals("GRANTED"));
        var payment = state == null || fulfilment == null
                ? null
                : new Standing("P1", "GOODS", "O1", "user-1", Money.fen(100), state, fulfilment, NOW, unwinding);

        assertThat(Contradiction.between(granted, payment)).isEqualTo(Optional.ofNullable(expected));
    }

    /** 19:30 UTC is half past three at night in Beijing. */
    @ParameterizedTest(name = "last {0}, now {1}: {2}")
    @CsvSource({
        "2026-02-28T19:30:00Z, 2026-03-01T19:30:00Z, true",
        "2026-03-01T19:05:00Z, 2026-03-01T19:30:00Z, false",
        "2026-02-28T19:30:00Z, 2026-03-01T10:00:00Z, false",
        "2026-02-26T19:30:00Z, 2026-03-01T10:00:00Z, true"
    })
    void everything_is_looked_at_once_a_night(Instant last, Instant now, boolean full) {
        assertThat(Inspection.isFull(Optional.of(last), now)).isEqualTo(full);
    }

    @Test
    void everything_is_looked_at_the_first_time() {
        assertThat(Inspection.isFull(Optional.empty(), NOW)).isTrue();
    }
}
