package io.tallyhook.wallet.export;

/**
 * One column of a list.
 *
 * @param key of its name: {@code export.column.<key>}
 * @param totalled whether the last line has its sum
 */
record Column(String key, Type type, boolean totalled) {

    /** What its cells hold. */
    enum Type {
        /** A text, or nothing. */
        TEXT,
        /** A whole number. */
        NUMBER,
        /** A day of the books. */
        DAY,
        /** A moment, shown in Beijing time. */
        TIME,
        /** An amount of money, or nothing. */
        MONEY
    }

    static Column text(String key) {
        return new Column(key, Type.TEXT, false);
    }

    static Column number(String key) {
        return new Column(key, Type.NUMBER, false);
    }

    static Column day(String key) {
        return new Column(key, Type.DAY, false);
    }

    static Column time(String key) {
        return new Column(key, Type.TIME, false);
    }

    static Column money(String key) {
        return new Column(key, Type.MONEY, false);
    }

    static Column total(String key) {
        return new Column(key, Type.MONEY, true);
    }
}
