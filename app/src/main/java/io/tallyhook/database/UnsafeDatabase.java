package io.tallyhook.database;

/** The database must not be used for money. */
class UnsafeDatabase extends RuntimeException {

    private final String setting;

    UnsafeDatabase(String setting, String sentence) {
        super(sentence);
        this.setting = setting;
    }

    /** The name of what is wrong. */
    String setting() {
        return setting;
    }
}
