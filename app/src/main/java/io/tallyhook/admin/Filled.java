package io.tallyhook.admin;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the fields of filter forms, which send an empty text for "no limit" and may carry anything when typed by hand. */
final class Filled {

    private Filled() {}

    /** The text without blanks around it, or nothing. */
    static @Nullable String text(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** The constant with this name; nothing for a name that does not exist. */
    static <E extends Enum<E>> Optional<E> constant(Class<E> type, @Nullable String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(name))
                .findFirst();
    }
}
