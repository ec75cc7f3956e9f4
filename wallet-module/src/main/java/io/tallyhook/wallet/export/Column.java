package io.tallyhook.wallet.export;

/**
 * One column of a list, as its lines become a file.
 *
 * @param key of its name: {@code export.column.<key>}
 * @param totalled whether the last line has its sum
 */
public record Column(String key, Type type, boolean totalled) {

    /** What its cells hold. */
    public enum Type {
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

    public static Column text(String key) {
        return new Column(key, Type.TEXT, false);
    }

    public static Column number(String key) {
        return new Column(key, Type.NUMBER, false);
    }

    public static Column day(String key) {
        return new Column(key, Type.DAY, false);
    }

    public static Column time(String key) {
        return new Column(key, Type.TIME, false);
    }

    public static Column money(String key) {
        return new Column(key, Type.MONEY, false);
    }

    public static Column total(String key) {
        return new Column(key, Type.MONEY, true);
    }
}
