package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTests {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.01, 1",
        "0.1, 10",
        "0.10, 10",
        "19.99, 1999",
        "19.990, 1999",
        "-0.01, -1",
        "007.5, 750",
        "100000000.00, 10000000000",
        "92233720368547758.07, 9223372036854775807",
        // What binary floating point gets wrong.
        "4.35, 435",
        "1.005000, ",
        "0.285, ",
        "1023.29, 102329"
    })
    void yuan_become_fen_exactly_or_not_at_all(String yuan, Long fen) {
        if (fen == null) {
            assertThatThrownBy(() -> Money.yuan(yuan)).isInstanceOf(ArithmeticException.class);
        } else {
            assertThat(Money.yuan(yuan)).isEqualTo(Money.fen(fen));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1,00",
                "1e3",
                "1E3",
                "+1",
                "1.",
                ".5",
                "0x10",
                "１９",
                "1 ",
                " 1",
                "NaN",
                "--1",
                "1.2.3",
                "100000000000000000000.00"
            })
    void what_is_not_a_plain_decimal_number_is_refused(String text) {
        assertThatThrownBy(() -> Money.yuan(text)).isInstanceOf(NumberFormatException.class);
    }

    @Test
    void more_yuan_than_a_long_holds_are_refused() {
        assertThatThrownBy(() -> Money.yuan("92233720368547758.08")).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void arithmetic_that_overflows_throws_instead_of_turning_around() {
        var most = Money.fen(Long.MAX_VALUE);

        assertThatThrownBy(() -> most.plus(Money.fen(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Money.fen(Long.MIN_VALUE).minus(Money.fen(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> most.times(2)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void different_currencies_are_never_mixed() {
        var yuan = Money.fen(1);
        var dollar = Money.of(1, "USD");

        assertThat(yuan).isNotEqualTo(dollar);
        assertThatThrownBy(() -> yuan.plus(dollar)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> yuan.minus(dollar)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> yuan.compareTo(dollar)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_amount_is_written_with_the_digits_of_its_currency() {
        assertThat(Money.fen(1999)).hasToString("19.99 CNY");
        assertThat(Money.fen(5).plain()).isEqualTo("0.05");
        assertThat(Money.fen(-1).plain()).isEqualTo("-0.01");
        assertThat(Money.of(1999, "JPY").plain()).isEqualTo("1999");
        assertThat(Money.fen(Money.MAX_MINOR_UNITS).plain()).isEqualTo("100000000.00");
    }
}
