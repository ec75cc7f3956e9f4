package io.tallyhook.admin;

/**
 * A text held against another one: what both begin with, what only this one has, what both end with. Two numbers that
 * differ in one digit of many are told apart at a glance.
 */
record MarkedText(String before, String differing, String after) {

    static MarkedText of(String text, String other) {
        int shorter = Math.min(text.length(), other.length());
        int start = 0;
        while (start < shorter && text.charAt(start) == other.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < shorter - start
                && text.charAt(text.length() - 1 - end) == other.charAt(other.length() - 1 - end)) {
            end++;
        }
        if (cutsAPair(text, start)) {
            start--;
        }
        if (cutsAPair(text, text.length() - end)) {
            end--;
        }
        return new MarkedText(
                text.substring(0, start),
                text.substring(start, text.length() - end),
                text.substring(text.length() - end));
    }

    public String whole() {
        return before + differing + after;
    }

    /** Whether a cut here would split a character that Java stores in two. */
    private static boolean cutsAPair(String text, int at) {
        return at > 0 && at < text.length() && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
    }
}
