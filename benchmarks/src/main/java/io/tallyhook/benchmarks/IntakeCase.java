package io.tallyhook.benchmarks;

import io.tallyhook.benchmarks.OpenPayments.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Callbacks of one kind, sent again and again. What is told of it are medians over its rounds. */
final class IntakeCase {

    private static final int SENDINGS = 3;

    private final Purpose purpose;
    private final Provider provider;
    private final double aim;
    private final List<Round> rounds = new ArrayList<>();
    private Optional<Answers> atHalfLoad = Optional.empty();

    IntakeCase(Purpose purpose, Provider provider, double aim) {
        this.purpose = purpose;
        this.provider = provider;
        this.aim = aim;
    }

    String name() {
        return provider.name() + " " + purpose.name().toLowerCase(Locale.ROOT);
    }

    /** Unmeasured, so that compilers and caches are warm. Repeats do for the most part, and need not be signed. */
    void warmUp(Ground ground, int count) {
        var callbacks = ground.signed(count, purpose, provider);
        for (int n = 0; n < SENDINGS; n++) {
            var _ = ground.send(callbacks);
        }
        ground.awaitFulfilment();
    }

    void measure(Ground ground, Effort effort, ThreeStatements plain) {
        var callbacks = ground.signed(effort.callbacks(), purpose, provider);
        plain.prepare();
        ground.settle();
        var beside = ground.measure(plain, effort.round());
        ground.settle();
        rounds.add(ground.measure(beside, callbacks));
    }

    void measureHalfLoad(Ground ground, Effort effort) {
        var callbacks = ground.signed(effort.callbacks(), purpose, provider);
        ground.settle();
        double half = median(round -> round.answers().perSecond()) / 2;
        atHalfLoad = Optional.of(ground.send(callbacks, half));
        ground.awaitFulfilment();
    }

    double median(ToDoubleFunction<Round> figure) {
        return Case.median(rounds.stream().mapToDouble(figure).toArray());
    }

    List<Round> rounds() {
        return rounds;
    }

    double aim() {
        return aim;
    }

    /** Milliseconds, at half of the rate that it can take. */
    double atHalfLoad(double share) {
        return atHalfLoad.map(answers -> answers.milliseconds(share)).orElse(Double.NaN);
    }

    /** Whether everything was acknowledged at once, which it must be as long as the queue is longer than the line. */
    long unanswered() {
        return rounds.stream()
                .mapToLong(round -> round.answers().again().size()
                        + round.answers().refused().size())
                .sum();
    }
}
