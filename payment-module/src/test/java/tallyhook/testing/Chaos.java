package tallyhook.testing;

import java.time.Duration;

/** How long and from which seed the random tests run: shortly in the build, for minutes by {@code ./dev chaos NAME}. */
public final class Chaos {

    private Chaos() {}

    /** {@code -Dtallyhook.test.seed=…} repeats a run. */
    public static long seed(String test) {
        long seed = Long.getLong("tallyhook.test.seed", System.nanoTime());
        System.out.printf("%s: -Dtallyhook.test.seed=%d%n", test, seed);
        return seed;
    }

    /** Whether this is a long run. */
    public static boolean isLong() {
        return seconds() > 0;
    }

    /** How long a test may go on, where it has no number of rounds. */
    public static Duration lasting(Duration inTheBuild) {
        return isLong() ? Duration.ofSeconds(seconds()) : inTheBuild;
    }

    private static long seconds() {
        return Long.getLong("tallyhook.chaos.seconds", 0);
    }
}
