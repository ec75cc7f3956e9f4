package io.tallyhook.wallet.audit.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Something that is not as it should be.
 *
 * @param kind stable, such as {@code booking-changed}
 * @param block in which it was found
 * @param journal the booking's number
 * @param shard where the booking lies, if that is still known
 * @param sentence what is wrong, for people
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Finding(
        String kind,
        @Nullable Long block,
        @Nullable Long journal,
        @Nullable Integer shard,
        String sentence) {

    static Finding of(String kind, String sentence) {
        return new Finding(kind, null, null, null, sentence);
    }

    static Finding ofBlock(String kind, long block, String sentence) {
        return new Finding(kind, block, null, null, "Block %d %s".formatted(block, sentence));
    }
}
