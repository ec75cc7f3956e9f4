package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.callback.Replay.Change;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a replay changes, taken apart for the reader's language. */
class ChangeLineTests {

    @ParameterizedTest
    @CsvSource({
        "payment P01 state,       payment, P01,   state,       payment",
        "payment P01 fulfilment,  payment, P01,   fulfilment,  fulfilment",
        "payment P01 reason,      payment, P01,   reason,      REASON",
        "payment P01 paid at,     payment, P01,   paid_at,     TIME",
        "payment P01 transaction, payment, P01,   transaction, TEXT",
        "payment P01 refunded,    payment, P01,   refunded,    TEXT",
        "refund R-9,              refund,  R-9,   state,       refund",
        "something new,           other,   something new, state, TEXT",
    })
    void everyChangeHasAThingANumberAndAValue(String what, String thing, String number, String value, String look) {
        var line = ChangeLine.of(List.of(new Change(what, "a", "b"))).getFirst();

        assertThat(line).isEqualTo(new ChangeLine(thing, number, value, "a", "b"));
        assertThat(line.look()).isEqualTo(look);
    }

    @Test
    void everyKindOfChangeHasWordsInBothLanguages() {
        for (var bundle : List.of("/messages.properties", "/messages_zh_CN.properties")) {
            for (var value : List.of("state", "fulfilment", "reason", "transaction", "paid_at", "refunded")) {
                assertThat(Words.of(bundle)).containsKey("change.payment." + value);
            }
            assertThat(Words.of(bundle)).containsKeys("change.refund.state", "change.other.state");
        }
    }
}
