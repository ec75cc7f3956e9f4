package io.tallyhook.payment.board;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tallyhook.payment.Refusal;
import java.time.Instant;
import org.springframework.http.HttpStatus;

/** Cursors of the board. */
class PlaceFuzzTests {

    @FuzzTest
    void aCursorIsAPlaceOrRefused(byte[] bytes) {
        try {
            var place = Place.of(new String(bytes, UTF_8));
            assertThat(place.since()).isBetween(Instant.EPOCH, Instant.parse("2400-01-01T00:00:00Z"));
            assertThat(place.id()).hasSizeBetween(1, 200).doesNotContain("\0");
        } catch (Refusal asItShould) {
            assertThat(asItShould.status()).isEqualTo(HttpStatus.BAD_REQUEST);
        }
    }
}
