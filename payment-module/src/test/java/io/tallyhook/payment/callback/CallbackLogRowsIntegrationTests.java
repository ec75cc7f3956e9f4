package io.tallyhook.payment.callback;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.booking.Comparison;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Delivery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whatever stands in a message, its row can be written: one that cannot would take its whole group with it. */
@PaymentModuleTest
class CallbackLogRowsIntegrationTests {

    private final CallbackLog callbackLog;
    private final CallbackRows rows;

    CallbackLogRowsIntegrationTests(CallbackLog callbackLog, CallbackRows rows) {
        this.callbackLog = callbackLog;
        this.rows = rows;
    }

    @Test
    void nul_characters_cannot_poison_the_log() {
        var line = line("a\0b", List.of(new Comparison(Check.APP_ID, "our\0s", "their\\u0000s\0")));

        callbackLog.append(List.of(line, line("plain", List.of())));

        var stored = rows.get(line.delivery().id().toString());
        assertThat(stored.line().reason()).isEqualTo("a\uFFFDb");
        assertThat(stored.line().outTradeNo()).isEqualTo("a\uFFFDb");
        assertThat(stored.differences())
                .containsExactly(new Comparison(Check.APP_ID, "our\uFFFDs", "their\\u0000s\uFFFD"));
        assertThat(stored.delivery().body()).isEqualTo(new byte[] {0, 1, 2});
    }

    @Test
    void quotes_commas_braces_and_chinese_come_back_as_they_were() {
        var odd = "{\"a\",NULL,'b'}\\ 支付\uD83D\uDE00\n";
        var line = line(odd, List.of(new Comparison(Check.SELLER, odd, "null")));

        callbackLog.append(List.of(line));

        var stored = rows.get(line.delivery().id().toString());
        assertThat(stored.line().notificationId()).isEqualTo(odd);
        assertThat(stored.differences()).containsExactly(new Comparison(Check.SELLER, odd, "null"));
        assertThat(stored.delivery().headers()).containsEntry("user-agent", odd);
    }

    private static CallbackLog.Line line(String text, List<Comparison> differences) {
        var headers = text.indexOf('\0') < 0 ? Map.of("user-agent", text) : Map.<String, String>of();
        var delivery = new Delivery(UUID.randomUUID(), Instant.now(), "wechat", "main", headers, new byte[] {0, 1, 2});
        return new CallbackLog.Line(delivery, Outcome.MISMATCH, text, text, text, text, differences, 400, 1);
    }
}
