package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What many writers ask of few wallets at once, with keys that several of them use; and the record of what they were told. */
final class Traffic {

    /** What one key was answered. */
    record Reply(String kind, String key, UserId user, String told, boolean replayed) {}

    /** Something that is asked, and can be asked again. */
    record Call(Function<Teller, List<Reply>> ask) {}

    /** A reply with the moments at which it was asked for and received. */
    record Acknowledged(Reply reply, long sent, long received) {}

    private static final int REMEMBERED = 40;

    private final List<UserId> users;
    private final AtomicInteger keys = new AtomicInteger();
    private final Map<String, List<String>> known = new ConcurrentHashMap<>();
    private final List<Call> recent = new CopyOnWriteArrayList<>();
    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();

    Traffic(String name, int users) {
        this.users = IntStream.range(0, users)
                .mapToObj(number -> new UserId(name + "-" + number))
                .toList();
    }

    List<UserId> users() {
        return users;
    }

    Collection<Acknowledged> acknowledged() {
        return acknowledged;
    }

    /** Something new, or in one of five cases what somebody asks just now or did a moment ago. */
    Call next(Random random) {
        if (!recent.isEmpty() && random.nextInt(5) == 0) {
            return oneOf(recent, random);
        }
        var call = fresh(random);
        recent.add(call);
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
        return call;
    }

    /** Asks, and records what was answered. */
    void ask(Call call, Teller teller) {
        long sent = System.nanoTime();
        var replies = answers(call, teller);
        long received = System.nanoTime();
        for (var reply : replies) {
            acknowledged.add(new Acknowledged(reply, sent, received));
            if (!reply.replayed() && Character.isDigit(reply.told().charAt(0))) {
                known(reply.kind(), reply.user()).add(reply.key());
            }
        }
    }

    private static List<Reply> answers(Call call, Teller teller) {
        try {
            return call.ask().apply(teller);
        } catch (AskedAtOnce meanwhile) {
            return call.ask().apply(teller);
        }
    }

    Call recharges(Random random) {
        var batch = IntStream.rangeClosed(0, random.nextInt(5))
                .mapToObj(i -> Teller.credit(
                        key("R"),
                        oneOf(users, random),
                        1 + random.nextInt(5_000),
                        random.nextInt(3) * random.nextInt(1_000),
                        random.nextBoolean() ? null : Integer.valueOf(1 + random.nextInt(20)),
                        random.nextBoolean() ? "wechat/main" : "alipay/main"))
                .toList();
        return new Call(teller -> teller.recharge(batch).stream()
                .map(booked -> reply(booked, batch))
                .toList());
    }

    private static Reply reply(Booked booked, List<Credit> batch) {
        var credit = batch.stream()
                .filter(each -> each.outTradeNo().equals(booked.requestKey()))
                .findFirst()
                .orElseThrow();
        return new Reply(
                "RECHARGE",
                booked.requestKey(),
                credit.userId(),
                credit.principal().minorUnits() + "+" + credit.bonus().minorUnits(),
                booked.replayed());
    }

    private Call fresh(Random random) {
        var user = oneOf(users, random);
        long amount = 1 + random.nextInt(2_000);
        var purpose = random.nextBoolean() ? "GOODS" : "VIP";
        var policy = DrawDown.values()[random.nextInt(3)];
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> recharges(random);
            case 4, 5, 6, 7, 8 ->
                call(
                        "SPEND",
                        key("S"),
                        user,
                        (teller, key) -> teller.under(policy).spend(key, user, amount, purpose));
            case 9, 10, 11 ->
                call(
                        "HOLD",
                        key("H"),
                        user,
                        (teller, key) -> teller.under(policy).hold(key, user, amount, Duration.ofDays(2)));
            case 12, 13 -> {
                var hold = oneKnown("HOLD", user, random);
                yield call(
                        "CAPTURE",
                        key("C"),
                        user,
                        (teller, key) -> teller.capture(key, user, hold, amount / 2 + 1, purpose));
            }
            case 14 -> {
                var hold = oneKnown("HOLD", user, random);
                yield call("RELEASE", key("L"), user, (teller, key) -> teller.release(key, user, hold));
            }
            case 15, 16 -> {
                var spend = oneKnown(random.nextInt(3) > 0 ? "SPEND" : "HOLD", user, random);
                yield call(
                        "SPEND_REFUND",
                        key("G"),
                        user,
                        (teller, key) -> teller.giveBack(key, user, spend, amount / 2 + 1));
            }
            case 17 -> {
                var recharge = oneKnown("RECHARGE", user, random);
                yield call(
                        "RECHARGE_REFUND",
                        key("F"),
                        user,
                        (teller, key) -> teller.refundRecharge(key, user, recharge, amount / 2 + 1));
            }
            case 18 -> {
                var refund = oneKnown("RECHARGE_REFUND", user, random);
                boolean paidOut = random.nextBoolean();
                yield call(
                        paidOut ? "REFUND_SETTLED" : "REFUND_FAILED",
                        refund,
                        user,
                        (teller, key) -> paidOut ? teller.settled(key, user) : teller.failed(key, user));
            }
            default -> {
                var recharge = oneKnown("RECHARGE", user, random);
                boolean grant = random.nextBoolean();
                var number = Teller.adjustmentNo(key("A"));
                yield call(
                        grant ? "ADJUSTMENT" : "CHARGEBACK",
                        number,
                        user,
                        (teller, key) -> grant
                                ? teller.adjust(key, user, "GRANT_BONUS", amount, null, null)
                                : teller.adjust(key, user, "CHARGEBACK", amount, recharge, null));
            }
        };
    }

    private interface Operation {
        Answer ask(Teller teller, String key);
    }

    private static Call call(String kind, String key, UserId user, Operation operation) {
        return new Call(teller -> {
            var answer = operation.ask(teller, key);
            var told = Example.told(answer);
            return List.of(new Reply(kind, key, user, told.replace(" again", ""), answer.replayed()));
        });
    }

    private List<String> known(String kind, UserId user) {
        return known.computeIfAbsent(kind + user, any -> new CopyOnWriteArrayList<>());
    }

    private String oneKnown(String kind, UserId user, Random random) {
        var keys = new ArrayList<>(known(kind, user));
        return keys.isEmpty() ? "NONE" : oneOf(keys.subList(Math.max(0, keys.size() - 20), keys.size()), random);
    }

    private String key(String kind) {
        return kind + "%06d".formatted(keys.incrementAndGet());
    }

    private static <T> T oneOf(List<T> things, Random random) {
        var copy = List.copyOf(things);
        return copy.get(random.nextInt(copy.size()));
    }
}
