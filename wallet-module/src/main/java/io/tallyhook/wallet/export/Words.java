package io.tallyhook.wallet.export;

/** Says things in the language of the person who gets the file. */
@FunctionalInterface
public interface Words {

    /** @param key such as {@code export.column.bookedAt} or {@code account.2204.01} */
    String say(String key);
}
