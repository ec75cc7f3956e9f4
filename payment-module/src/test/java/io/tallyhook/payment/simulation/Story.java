package io.tallyhook.payment.simulation;

import io.tallyhook.payment.simulation.Module.Mood;
import java.time.Duration;
import java.util.List;
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
    private static final int MOST_QUIET_ROUNDS = 40;

    private final World world;
    private final SplittableRandom random;
    private final Provider provider;
    private final Module module;
    private final Cast cast;
    private final Mail mail;
    private final Instances instances;
    private final @Nullable List<String> log;

    Story(long seed, World world, int maxAttempts, Sights sights, @Nullable List<String> log) {
        this.world = world;
        this.random = new SplittableRandom(seed);
        this.provider = new Provider(random);
        this.module = new Module(world);
        this.cast = Cast.opened(PAYMENTS, world, random, maxAttempts, sights);
        this.mail = new Mail(cast, random);
        this.instances = new Instances(world, random);
        this.log = log;
    }

    /** Does one thing and looks at everything. */
    void step() {
        int turn = random.nextInt(100);
        if (turn < 22) {
            somethingHappensAtAProvider();
        } else if (turn < 52) {
            deliver();
        } else if (turn < 72) {
            instances.listen(module, what -> say(() -> what));
        } else if (turn < 80) {
            say(() -> "sweep");
            world.sweep();
            instances.hear();
        } else if (turn < 90) {
            jump();
        } else {
            rarely(turn);
        }
        cast.lookAtAll();
    }

    private void rarely(int turn) {
        int n = random.nextInt(PAYMENTS);
        var player = cast.get(n);
        switch (turn) {
            case 90, 91, 92 -> {
                say(() -> "we close " + n);
                world.close(player.number());
                player.truth().closedByUs();
            }
            case 93, 94, 95, 96 -> {
                var mood = Mood.values()[random.nextInt(Mood.values().length)];
                say(() -> "the module of " + n + " is " + mood);
                module.feels(player.number(), mood);
            }
            case 97, 98 -> {
                say(() -> "an instance is killed");
                instances.kill();
            }
            default -> {
                say(() -> "a person retries " + n);
                world.retry(player.number());
                instances.hear();
            }
        }
    }

    private void somethingHappensAtAProvider() {
        int n = random.nextInt(PAYMENTS);
        var player = cast.get(n);
        var notice = random.nextInt(30) == 0 ? provider.ofNobody() : provider.next(n, player.number(), player.terms());
        say(() -> "at the provider: " + notice);
        mail.post(notice);
    }

    private void deliver() {
        var group = mail.group();
        if (!group.isEmpty()) {
            book(group, random.nextInt(12) == 0);
        }
    }

    private void book(List<Notice> group, boolean killed) {
        say(() -> "book " + (killed ? "and be killed " : "") + group);
        var decisions = world.book(group.stream().map(Notice::booking).toList(), killed);
        if (killed) {
            instances.kill();
        }
        if (decisions.isPresent()) {
            for (int i = 0; i < group.size(); i++) {
                mail.decided(group.get(i), decisions.get().get(i));
            }
            instances.hear();
        }
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
        for (var player : cast.players()) {
            boolean hopeless = random.nextInt(6) == 0;
            module.feels(player.number(), hopeless ? Mood.THROWING : Mood.WELL);
        }
        for (var notice : mail.unanswered()) {
            book(List.of(notice), false);
            cast.lookAtAll();
        }
        for (int round = 0; cast.someAreDue(); round++) {
            if (round == MOST_QUIET_ROUNDS) {
                throw new AssertionError("Something is stuck: " + cast.rows());
            }
            instances.workOff(module);
            world.jump(Duration.ofHours(3));
            instances.sweepAll();
            cast.lookAtAll();
        }
        mail.nothingIsLost();
    }

    private void say(Supplier<String> what) {
        if (log != null) {
            log.add(what.get());
        }
    }
}
