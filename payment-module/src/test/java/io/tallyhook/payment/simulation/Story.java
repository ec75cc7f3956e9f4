package io.tallyhook.payment.simulation;

import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.simulation.Module.Mood;
import io.tallyhook.payment.simulation.World.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A few payments, and all that may happen to them in any order: notices that are late, lost, doubled and out of order,
 * answers that never arrive, processes that are killed between any two steps, clocks that jump, modules that fail. In the
 * end all becomes quiet, and nothing may be stuck.
 */
final class Story {

    private static final int PAYMENTS = 4;
    private static final int INSTANCES = 2;
    private static final int MOST_QUIET_ROUNDS = 40;

    private final World world;
    private final SplittableRandom random;
    private final Provider provider;
    private final Module module;
    private final List<String> numbers = new ArrayList<>();
    private final List<Terms> terms = new ArrayList<>();
    private final List<Truth> truths = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();
    private final List<Notice> unanswered = new ArrayList<>();
    private final List<Notice> acknowledged = new ArrayList<>();
    private final List<List<PaymentsConfirmed>> instances = new ArrayList<>();
    private final Sights sights;
    private final @Nullable List<String> log;

    Story(long seed, World world, int maxAttempts, Sights sights, @Nullable List<String> log) {
        this.world = world;
        this.random = new SplittableRandom(seed);
        this.provider = new Provider(random);
        this.module = new Module(world);
        this.sights = sights;
        this.log = log;
        for (int instance = 0; instance < INSTANCES; instance++) {
            instances.add(new ArrayList<>());
        }
        for (int n = 0; n < PAYMENTS; n++) {
            open(maxAttempts);
        }
    }

    private void open(int maxAttempts) {
        var asked = new Terms(
                random.nextInt(4) == 0 ? "VIP" : "GOODS",
                random.nextBoolean() ? "wechat" : "alipay",
                random.nextInt(8) == 0 ? 10_000_000_000L : 100 + random.nextInt(10_000));
        var truth = new Truth(asked.amount());
        numbers.add(world.open(asked));
        terms.add(asked);
        truths.add(truth);
        watches.add(new Watch(truth, maxAttempts));
    }

    /** Does one thing and looks at everything. */
    void step() {
        int turn = random.nextInt(100);
        if (turn < 22) {
            somethingHappensAtAProvider();
        } else if (turn < 52) {
            deliver();
        } else if (turn < 72) {
            listen();
        } else if (turn < 80) {
            say(() -> "sweep");
            world.sweep();
            hear();
        } else if (turn < 90) {
            jump();
        } else {
            rarely(turn);
        }
        lookAtAll();
    }

    private void rarely(int turn) {
        int n = random.nextInt(PAYMENTS);
        switch (turn) {
            case 90, 91, 92 -> {
                say(() -> "we close " + n);
                world.close(numbers.get(n));
                truths.get(n).closedByUs();
            }
            case 93, 94, 95, 96 -> {
                var mood = Mood.values()[random.nextInt(Mood.values().length)];
                say(() -> "the module of " + n + " is " + mood);
                module.feels(numbers.get(n), mood);
            }
            case 97, 98 -> {
                say(() -> "an instance is killed");
                oneOf(instances).clear();
            }
            default -> {
                say(() -> "a person retries " + n);
                world.retry(numbers.get(n));
                hear();
            }
        }
    }

    private void somethingHappensAtAProvider() {
        int n = random.nextInt(PAYMENTS);
        var notice = random.nextInt(30) == 0 ? provider.ofNobody() : provider.next(n, numbers.get(n), terms.get(n));
        say(() -> "at the provider: " + notice);
        unanswered.add(notice);
    }

    /** A group of what happens to be under way; some of it twice, some of it answered long ago. */
    private void deliver() {
        var group = new ArrayList<Notice>();
        int size = 1 + random.nextInt(4);
        while (group.size() < size && !(unanswered.isEmpty() && acknowledged.isEmpty())) {
            boolean again = unanswered.isEmpty() || (!acknowledged.isEmpty() && random.nextInt(4) == 0);
            group.add(oneOf(again ? acknowledged : unanswered));
        }
        if (!group.isEmpty()) {
            book(group, random.nextInt(12) == 0);
        }
    }

    private void book(List<Notice> group, boolean killed) {
        say(() -> "book " + (killed ? "and be killed " : "") + group);
        var decisions = world.book(group.stream().map(Notice::booking).toList(), killed);
        if (killed) {
            oneOf(instances).clear();
        }
        if (decisions.isEmpty()) {
            return;
        }
        for (int i = 0; i < group.size(); i++) {
            decided(group.get(i), decisions.get().get(i));
        }
        hear();
    }

    private void decided(Notice notice, Decision decision) {
        var truth = notice.payment() == Notice.NOBODYS ? null : truths.get(notice.payment());
        var expected = truth == null ? Outcome.UNKNOWN_PAYMENT : truth.expected(notice);
        if (decision.outcome() != expected) {
            throw new AssertionError("%s instead of %s for %s".formatted(decision.outcome(), expected, notice));
        }
        sights.outcomes().add(expected);
        if (truth != null) {
            truth.booked(notice, expected);
        }
        boolean arrives = random.nextInt(8) > 0;
        if (arrives && expected.answer() == Answer.SUCCESS) {
            unanswered.remove(notice);
            acknowledged.add(notice);
        } else if (random.nextInt(4) == 0 && expected.answer() != Answer.SUCCESS) {
            // Providers give up in the end.
            unanswered.remove(notice);
        }
    }

    /** What was committed reaches an instance, unless it dies with it. */
    private void hear() {
        var events = world.heard();
        if (random.nextInt(10) > 0) {
            oneOf(instances).addAll(events);
        }
    }

    private void listen() {
        var queue = oneOf(instances);
        if (queue.isEmpty()) {
            return;
        }
        int which = random.nextInt(queue.size());
        var event = queue.get(which);
        int fate = random.nextInt(10);
        if (fate > 1) {
            queue.remove(which);
        }
        say(() -> (fate == 9 ? "die listening to " : "listen to ") + event);
        if (fate == 9) {
            world.dieListening(event, module);
            queue.clear();
        } else {
            world.listen(event, module);
        }
        world.heard();
    }

    private void jump() {
        var time = Duration.ofSeconds(
                switch (random.nextInt(8)) {
                    case 0 -> -random.nextInt(90);
                    case 1 -> random.nextInt(20_000);
                    default -> random.nextInt(40);
                });
        say(() -> "time " + time);
        world.jump(time);
    }

    /** All arrives, nothing fails but what always fails, and time goes by: then nothing may be due any more. */
    void becomesQuiet() {
        for (int n = 0; n < PAYMENTS; n++) {
            boolean hopeless = random.nextInt(6) == 0;
            module.feels(numbers.get(n), hopeless ? Mood.THROWING : Mood.WELL);
        }
        for (var notice : List.copyOf(unanswered)) {
            book(List.of(notice), false);
            lookAtAll();
        }
        int rounds = 0;
        while (world.rows(numbers).stream().anyMatch(Row::waits)) {
            if (++rounds > MOST_QUIET_ROUNDS) {
                throw new AssertionError("Something is stuck: " + world.rows(numbers));
            }
            quietRound();
            lookAtAll();
        }
        acknowledged.forEach(this::isThere);
    }

    private void quietRound() {
        for (var queue : instances) {
            queue.forEach(event -> world.listen(event, module));
            queue.clear();
        }
        world.heard();
        world.jump(Duration.ofHours(3));
        world.sweep();
        instances.getFirst().addAll(world.heard());
    }

    /** Whatever was answered with success: the provider will not tell it again. */
    private void isThere(Notice notice) {
        var row = world.row(numbers.get(notice.payment()));
        boolean there = switch (notice.booking().fact()) {
            case Fact.Paid paid ->
                paid.providerTransactionId().equals(row.payment().providerTransactionId());
            case Fact.Closed closed -> true;
            case Fact.Refunded refund
            when refund.amount() == null ->
                row.payment().refunded().compareTo(Objects.requireNonNull(refund.refundedInAll())) >= 0
                        || row.payment().refunds().containsKey(String.valueOf(refund.refundNo()));
            case Fact.Refunded refund when refund.result() == Fact.RefundResult.ABNORMAL -> true;
            case Fact.Refunded refund -> row.payment().refunds().containsKey(String.valueOf(refund.refundNo()));
            case Fact.Unchanged nothing -> true;
        };
        if (!there) {
            throw new AssertionError("Acknowledged and lost: %s, %s".formatted(notice, row));
        }
    }

    private void lookAtAll() {
        var rows = world.rows(numbers);
        for (int n = 0; n < PAYMENTS; n++) {
            watches.get(n).look(rows.get(n));
            sights.see(rows.get(n));
        }
    }

    private <T> T oneOf(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }

    private void say(Supplier<String> what) {
        if (log != null) {
            log.add(what.get());
        }
    }
}
