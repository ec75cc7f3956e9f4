package io.tallyhook.payment.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import tallyhook.testing.Chaos;

/**
 * Money that goes back, asking and policies, in stories of 250 steps at a bank with a ledger of its own: the real classes over a
 * store in memory. A story that goes wrong says its seed and its last steps.
 */
class BankSimulationTests {

    private static final int STEPS = 500_000;
    private static final int ENOUGH_FOR_A_FLAW = 400;

    private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

    /** Thousands of failures are told otherwise. */
    @BeforeEach
    void silence() {
        logging.setLogLevel("io.tallyhook.payment", LogLevel.OFF);
    }

    @AfterEach
    void speakAgain() {
        logging.setLogLevel("io.tallyhook.payment", null);
    }

    @Test
    void whateverIsLostKilledOrMeanwhileTheBankAndWeAgreeOnEveryFenInTheEnd() {
        var seeds = new SplittableRandom(Chaos.seed("BankSimulation"));
        long began = System.nanoTime();
        long end = began + Chaos.lasting(Duration.ZERO).toNanos();
        var sights = new BankSights();
        long steps = 0;
        while (steps < STEPS || System.nanoTime() < end) {
            BankPlay.inMemory(seeds.nextLong(), (Flaw) null).tell(sights);
            steps += BankPlay.STEPS;
        }
        System.out.printf(
                "BankSimulation: %,d steps in %d ms%n",
                steps, Duration.ofNanos(System.nanoTime() - began).toMillis());
        assertThat(sights.seen())
                .contains(
                        "CONFIRMED",
                        "LATE",
                        "REFUND_CONFIRMED",
                        "REFUND_FAILED",
                        "MISMATCH",
                        "DUPLICATE",
                        "IGNORED",
                        "CLOSED",
                        "PARTIALLY_REFUNDED",
                        "REFUNDED",
                        "killed",
                        "meanwhile",
                        "refused",
                        "approved",
                        "rejected",
                        "stuck",
                        "refund SUCCEEDED by the bank",
                        "refund FAILED",
                        "policy LATE REOPEN DONE",
                        "policy LATE REFUND DONE",
                        "policy SURPLUS REFUND DONE",
                        "policy SURPLUS ASK ASKS",
                        "policy CANCELLED_BEFORE REFUND DONE",
                        "policy CANCELLED_BEFORE ASK ASKS",
                        "policy LATE CREDIT_TO_WALLET DONE",
                        "policy SURPLUS CREDIT_TO_WALLET DONE",
                        "policy CANCELLED_BEFORE CREDIT_TO_WALLET DONE",
                        "credited",
                        "proposed to give up",
                        "does not give up",
                        "given up, FAILED",
                        "given up, SUCCEEDED",
                        "gone after all",
                        "contradiction",
                        "told that it failed, of what was paid out",
                        "module credit",
                        "module wallet take",
                        "module wallet takeWhatIsLeft",
                        "module wallet giveBack",
                        "module wallet settle",
                        "fulfilment REVERSED",
                        "fulfilment CANCELLED",
                        "module takeWhatIsLeft",
                        "module giveBack",
                        "module settle");
    }

    @Test
    void aSeedTellsTheSameStoryEachTime() {
        var first = BankPlay.inMemory(42, (Flaw) null).log();
        assertThat(first)
                .hasSizeGreaterThan(BankPlay.STEPS)
                .isEqualTo(BankPlay.inMemory(42, (Flaw) null).log());
        assertThat(first).isNotEqualTo(BankPlay.inMemory(43, (Flaw) null).log());
    }

    /** A simulation that finds nothing proves nothing. */
    @ParameterizedTest
    @EnumSource
    void whatIsFlawedIsCaughtAndTheSeedRepeatsIt(Flaw flaw) {
        var seeds = new ArrayList<Long>();
        for (long seed = 0; seed < ENOUGH_FOR_A_FLAW && seeds.isEmpty(); seed++) {
            var play = BankPlay.inMemory(seed, flaw);
            if (catchThrowable(() -> play.tell(new BankSights())) != null) {
                seeds.add(seed);
            }
        }
        assertThat(seeds).as("a seed that finds %s", flaw).isNotEmpty();
        var play = BankPlay.inMemory(seeds.getFirst(), flaw);
        var once = catchThrowable(() -> play.tell(new BankSights()));
        assertThatThrownBy(() -> play.tell(new BankSights()))
                .hasMessage(Objects.requireNonNull(once).getMessage())
                .hasMessageContaining("seed " + seeds.getFirst());
    }
}
