package io.tallyhook.wallet.books;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tallyhook.payment.Refusal;
import org.springframework.http.HttpStatus;

/** Cursors of a user's statement. */
class StatementCursorFuzzTests {

    @FuzzTest
    void aCursorCanBeWrittenAgainOrIsRefused(byte[] bytes) {
        try {
            var cursor = StatementCursor.of(Purse.AVAILABLE, new String(bytes, UTF_8));
            assertThat(StatementCursor.of(Purse.AVAILABLE, cursor.text())).isEqualTo(cursor);
        } catch (Refusal asItShould) {
            assertThat(asItShould.status()).isEqualTo(HttpStatus.BAD_REQUEST);
        }
    }
}
