package io.tallyhook.wallet.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes up the next step of a story: mostly plausible, often at the edge, sometimes a repeat or a contradiction. */
final class RandomSteps {

    private static final List<String> ADJUSTMENTS = List.of(
            "GRANT_PRINCIPAL",
            "TAKE_PRINCIPAL",
            "GRANT_BONUS",
            "TAKE_BONUS",
            "PAY_DEBT",
            "WRITE_OFF_DEBT",
            "CHARGEBACK",
            "CHARGEBACK",
            "SPEND_REFUND");
    private static final List<String> PURPOSES = List.of("GOODS", "VIP", "TICKET");
    private static final List<String> CHANNELS = List.of("wechat/main", "alipay/shop-2", "barter/market");
    private static final long MOST = 10_000_000_000L;

    private final Random random;
    private final BankModel model;
    private final long scale;
    private final List<Step> done = new ArrayList<>();
    private final List<List<String>> recharges = lists();
    private final List<List<String>> spends = lists();
    private final List<List<String>> holds = lists();
    private final List<List<String>> refunds = lists();
    private int keys;

    RandomSteps(Random random, BankModel model) {
        this.random = random;
        this.model = model;
        this.scale = List.of(10L, 100L, 1_000L, 100_000L, MOST).get(random.nextInt(5));
    }

    Step next() {
        int turn = done.isEmpty() ? 99 : random.nextInt(100);
        var step = turn < 12 ? again() : turn < 55 ? sequel(done.getLast()) : fresh();
        done.add(step);
        return step;
    }

    private Step fresh() {
        int user = random.nextInt(Story.USERS);
        int kind = done.isEmpty() && random.nextInt(6) > 0 ? 0 : random.nextInt(30);
        return switch (kind) {
            case 0, 1, 2, 3, 4 -> new Step.Recharge(terms());
            case 5, 6, 7, 8, 9 ->
                new Step.Spend(user, named("S", spends.get(user)), amount(user), oneOf(PURPOSES), policy());
            case 10, 11, 12 -> new Step.GiveBack(user, key("G"), spendOrHold(user), amount(user));
            case 13, 14, 15 -> new Step.Hold(user, named("H", holds.get(user)), amount(user), duration(5), policy());
            case 16, 17, 18 ->
                new Step.Capture(
                        user,
                        key("C"),
                        known(holds, user),
                        random.nextInt(4) == 0 ? null : amount(user),
                        oneOf(PURPOSES));
            case 19, 20 -> new Step.Release(user, key("L"), known(holds, user));
            case 21, 22 -> new Step.Refund(user, named("F", refunds.get(user)), known(recharges, user), amount(user));
            case 23, 24 -> new Step.End(user, known(refunds, user), random.nextBoolean());
            case 25, 26 -> adjust(user);
            case 27 -> new Step.ExpireBonuses();
            case 28 -> new Step.ReleaseOverdue();
            default -> new Step.Tick(random.nextInt(4) == 0 ? Duration.ofSeconds(-random.nextInt(7_200)) : duration(5));
        };
    }

    private List<Step.Terms> terms() {
        var batch = new ArrayList<Step.Terms>();
        for (int i = random.nextInt(3) == 0 ? random.nextInt(4) : 0; i >= 0; i--) {
            int user = random.nextInt(Story.USERS);
            long bonus = random.nextInt(3) == 0 ? 0 : 1 + random.nextLong(Math.max(1, scale / (1 + random.nextInt(4))));
            batch.add(new Step.Terms(
                    user,
                    named("R", recharges.get(user)),
                    1 + random.nextLong(scale),
                    bonus,
                    random.nextInt(4) == 0 ? null : 1 + random.nextInt(4),
                    oneOf(CHANNELS)));
        }
        if (!batch.isEmpty() && random.nextInt(8) == 0) {
            batch.add(batch.getFirst());
        }
        return batch;
    }

    private Step adjust(int user) {
        var kind = oneOf(ADJUSTMENTS);
        return new Step.Adjust(
                user,
                key("A"),
                kind,
                amount(user),
                switch (kind) {
                    case "CHARGEBACK" -> known(recharges, user);
                    case "SPEND_REFUND" -> spendOrHold(user);
                    default -> null;
                },
                kind.equals("GRANT_BONUS") && random.nextBoolean() ? Duration.ofDays(1 + random.nextInt(6)) : null);
    }

    /** What may well come after that: the same money again, or time that goes by. */
    private Step sequel(Step last) {
        return switch (last) {
            case Step.Spend it -> afterwards(new Step.GiveBack(it.user(), key("G"), it.key(), amount(it.user())));
            case Step.GiveBack it -> afterwards(new Step.GiveBack(it.user(), key("G"), it.spent(), amount(it.user())));
            case Step.Hold it -> afterwards(withHold(it.user(), it.key()));
            case Step.Capture it -> afterwards(withHold(it.user(), it.hold()));
            case Step.Refund it -> afterwards(new Step.End(it.user(), it.key(), random.nextBoolean()));
            case Step.End it -> new Step.End(it.user(), it.key(), !it.paidOut());
            case Step.Tick it -> afterTime();
            default -> fresh();
        };
    }

    private Step afterwards(Step step) {
        return random.nextInt(3) == 0 ? new Step.Tick(duration(5)) : step;
    }

    private Step afterTime() {
        int user = random.nextInt(Story.USERS);
        return switch (random.nextInt(5)) {
            case 0 -> new Step.ExpireBonuses();
            case 1 -> new Step.ReleaseOverdue();
            case 2 -> withHold(user, known(holds, user));
            case 3 -> new Step.End(user, known(refunds, user), random.nextBoolean());
            default -> new Step.GiveBack(user, key("G"), spendOrHold(user), amount(user));
        };
    }

    private Step withHold(int user, String hold) {
        return switch (random.nextInt(5)) {
            case 0, 1 -> new Step.Release(user, key("L"), hold);
            case 2 -> new Step.GiveBack(user, key("G"), hold, amount(user));
            default ->
                new Step.Capture(user, key("C"), hold, random.nextInt(4) == 0 ? null : amount(user), oneOf(PURPOSES));
        };
    }

    /** A step that was taken before: just the same, or with the same key and another amount. */
    private Step again() {
        var step = oneOf(done);
        if (random.nextInt(3) > 0) {
            return step;
        }
        return switch (step) {
            case Step.Recharge it
            when !it.batch().isEmpty() ->
                new Step.Recharge(List.of(other(it.batch().getFirst())));
            case Step.Spend it -> new Step.Spend(it.user(), it.key(), other(it.amount()), it.purpose(), it.policy());
            case Step.GiveBack it -> new Step.GiveBack(it.user(), it.key(), it.spent(), other(it.amount()));
            case Step.Hold it -> new Step.Hold(it.user(), it.key(), other(it.amount()), it.lasting(), it.policy());
            case Step.Capture it ->
                new Step.Capture(
                        it.user(), it.key(), it.hold(), it.amount() == null ? Long.valueOf(1) : null, it.purpose());
            case Step.Release it -> new Step.Release(it.user(), it.key(), known(holds, it.user()));
            case Step.Refund it -> new Step.Refund(it.user(), it.key(), it.recharge(), other(it.amount()));
            case Step.Adjust it ->
                new Step.Adjust(it.user(), it.key(), it.kind(), other(it.amount()), it.subject(), it.bonusUntil());
            default -> step;
        };
    }

    private static Step.Terms other(Step.Terms terms) {
        return new Step.Terms(
                terms.user(), terms.key(), other(terms.principal()), terms.bonus(), terms.bonusDays(), terms.channel());
    }

    private static long other(long amount) {
        return amount == MOST ? amount - 1 : amount + 1;
    }

    private long amount(int user) {
        var edges = model.edges(user);
        long amount = random.nextBoolean()
                ? oneOf(edges) + random.nextInt(3) - 1
                : 1 + random.nextLong(Math.max(1, scale / (1 + random.nextInt(3))));
        return Math.clamp(amount, 1, MOST);
    }

    private Duration duration(int days) {
        return Duration.ofSeconds(1 + random.nextLong(Duration.ofDays(days).toSeconds()));
    }

    private DrawDown policy() {
        return random.nextBoolean() ? DrawDown.PRO_RATA : oneOf(List.of(DrawDown.values()));
    }

    private String spendOrHold(int user) {
        return known(random.nextInt(3) > 0 ? spends : holds, user);
    }

    /** Mostly one of this user, now and then another's, or none at all. */
    private String known(List<List<String>> keys, int user) {
        var mine = keys.get(random.nextInt(12) == 0 ? 1 - user : user);
        return mine.isEmpty() || random.nextInt(25) == 0 ? "NONE" : oneOf(mine);
    }

    private String named(String kind, List<String> keys) {
        var key = key(kind);
        keys.add(key);
        return key;
    }

    private String key(String kind) {
        return kind + "%03d".formatted(keys++);
    }

    private <T> T oneOf(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }

    private static List<List<String>> lists() {
        return List.of(new ArrayList<>(), new ArrayList<>());
    }
}
