package io.tallyhook.admin;

import java.util.Optional;

/**
 * A line above every page that says what kind of installation this is, such as a try-it installation, or that something is
 * wrong with it. A module declares
 * a bean of this type; the pages show whatever is there and know none of the modules.
 */
@FunctionalInterface
public interface Banner {

    /** What to show now, if anything. */
    Optional<Notice> notice();

    /**
     * The line.
     *
     * @param textKey key of the sentence in the message bundles
     * @param link where it leads, if anywhere
     * @param alarming whether a person must do something
     */
    record Notice(String textKey, Optional<Link> link, boolean alarming) {

        public static Notice of(String textKey) {
            return new Notice(textKey, Optional.empty(), false);
        }

        /** A line that a person must not overlook. */
        public static Notice alarm(String textKey) {
            return new Notice(textKey, Optional.empty(), true);
        }

        public Notice linkedTo(String path, String linkTextKey) {
            return new Notice(textKey, Optional.of(new Link(path, linkTextKey)), alarming);
        }
    }

    /**
     * A link behind the sentence.
     *
     * @param path in this application, such as {@code /shop}
     * @param textKey key of the link's words in the message bundles
     */
    record Link(String path, String textKey) {}
}
