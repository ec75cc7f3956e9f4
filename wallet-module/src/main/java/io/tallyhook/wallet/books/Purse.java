package io.tallyhook.wallet.books;

import java.util.Arrays;
import java.util.List;

/** The accounts that a user has, each with a numbered statement of its own. */
public enum Purse {
    /** Paid for and free to spend. */
    PRINCIPAL("2204.01"),
    /** Given on top and free to spend. */
    BONUS("2204.11"),
    /** Principal that is set aside. */
    HELD_PRINCIPAL("2204.02"),
    /** Bonus that is set aside. */
    HELD_BONUS("2204.12"),
    /** What the user owes us, after money that was spent already had been taken back from us. */
    DEBT("1221.01");

    /** What the user himself calls his balance. */
    public static final List<Purse> AVAILABLE = List.of(PRINCIPAL, BONUS);

    private final String code;

    Purse(String code) {
        this.code = code;
    }

    /** The code in the chart of accounts. */
    public String code() {
        return code;
    }

    /**
     * Whose code this is.
     *
     * @throws IllegalArgumentException if it is no user's
     */
    public static Purse of(String code) {
        return Arrays.stream(values())
                .filter(purse -> purse.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No user has an account of the code " + code));
    }
}
