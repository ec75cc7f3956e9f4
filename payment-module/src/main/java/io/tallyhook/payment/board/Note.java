package io.tallyhook.payment.board;

import io.tallyhook.payment.Refusal;

/** What a person says about a repair, for those who read it later. */
final class Note {

    private static final int LONGEST = 200;

    private Note() {}

    /** @throws Refusal 400 with the rule if it says nothing, too much, or cannot be shown in a line */
    static String of(String field, String said, String rule) {
        var text = said.strip();
        if (text.isEmpty() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.badField(field, rule);
        }
        return text;
    }
}
