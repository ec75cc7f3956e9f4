package io.tallyhook.payment;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The shop's own name of a user: 1 to 64 characters of {@code 0-9 A-Z a-z _ . @ : -}.
 *
 * @param value the shop's text
 */
public record UserId(String value) {

    /** What a user id may look like, for bean validation of request bodies. */
    public static final String PATTERN = "[0-9A-Za-z_.@:-]{1,64}";

    /** How many shards the rows of users are spread over. */
    public static final int SHARDS = 1024;

    private static final Pattern SHAPE = Pattern.compile(PATTERN);

    /** @throws Refusal (400) if the text is not a user id */
    public UserId {
        if (!SHAPE.matcher(value).matches()) {
            throw Refusal.badField("userId", "must be 1 to 64 characters of 0-9 A-Z a-z _ . @ : -");
        }
    }

    /** Where this user's money rows live: CRC-32 of the UTF-8 text modulo {@value #SHARDS}. */
    public int shard() {
        var crc = new CRC32();
        crc.update(value.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % SHARDS);
    }

    @Override
    public String toString() {
        return value;
    }
}
