package io.tallyhook.payment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.http.HttpStatus;

/** What stands in addresses and fields: cursors, search terms, names of users, amounts in yuan. */
class ApiTextFuzzTests {

    private static final List<Consumer<String>> READERS = List.of(
            text -> assertThat(Paging.of(1, text).cursorOr(7)).isInstanceOf(Long.class),
            text -> assertThat(SearchTerm.text("q", text)).isEqualTo(text).doesNotContain("\0"),
            text -> assertThat(new UserId(text).shard()).isBetween(0, UserId.SHARDS - 1));

    @FuzzTest
    void aTextIsTakenAsItIsOrRefused(byte[] bytes) {
        var text = new String(bytes, UTF_8);
        for (var reader : READERS) {
            try {
                reader.accept(text);
            } catch (Refusal asItShould) {
                assertThat(asItShould.status()).isEqualTo(HttpStatus.BAD_REQUEST);
            }
        }
        try {
            assertThat(new BigDecimal(Money.yuan(text).plain())).isEqualByComparingTo(text);
        } catch (ArithmeticException | NumberFormatException asItShould) {
            assertThat(asItShould).hasNoCause();
        }
    }
}
