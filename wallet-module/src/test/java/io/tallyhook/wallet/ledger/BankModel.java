package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.ledger.WalletModel.Lot;
import io.tallyhook.wallet.ledger.WalletModel.Taken;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the ledger must do, in plain Java and one thread: the oracle of the random stories. */
final class BankModel {

    /** Something that was drawn from lots, for good or to be held. */
    private static final class Drawn {
        final Taken spent = new Taken();
        final Taken held = new Taken();
        final Map<String, Long> earned = new LinkedHashMap<>();
        Instant expiresAt = Instant.MAX;

        void earn(String code, long amount) {
            if (amount > 0) {
                long before = earned.containsKey(code) ? earned.remove(code) : 0;
                earned.put(code, before + amount);
            }
        }
    }

    private record Owned(int user, String key, Drawn drawn) {}

    private record Refund(int user, Lot lot, long principal, long bonus) {}

    private record Asked(String body, String answer) {}

    private final Instant start;
    private final List<UserId> users;
    private final List<WalletModel> wallets = new ArrayList<>();
    private final Map<String, Asked> asked = new HashMap<>();
    private final Map<String, Owned> spends = new LinkedHashMap<>();
    private final Map<String, Owned> holds = new LinkedHashMap<>();
    private final Map<String, Refund> refunds = new HashMap<>();
    private final TreeSet<String> ended = new TreeSet<>();
    private final List<String> journals = new ArrayList<>();
    private int lots;

    BankModel(List<UserId> users, Instant start) {
        this.users = users;
        this.start = start;
        users.forEach(user -> wallets.add(new WalletModel()));
    }

    /** Takes a step. Answers what the ledger must answer. */
    String perform(Step step, Instant now) {
        return switch (step) {
            case Step.Recharge it -> recharge(it.batch(), now);
            case Step.Spend it -> ask("SPEND", it.user(), it.key(), it.amount() + it.purpose(), () -> spend(it, now));
            case Step.GiveBack it ->
                ask(
                        "SPEND_REFUND",
                        it.user(),
                        it.key(),
                        it.spent() + " " + it.amount(),
                        () -> giveBack(it.user(), it.key(), it.spent(), it.amount(), now));
            case Step.Hold it -> ask("HOLD", it.user(), it.key(), "" + it.amount(), () -> hold(it, now));
            case Step.Capture it ->
                ask(
                        "CAPTURE",
                        it.user(),
                        it.key(),
                        it.hold() + " " + it.amount() + it.purpose(),
                        () -> capture(it, now));
            case Step.Release it ->
                ask("RELEASE", it.user(), it.key(), it.hold(), () -> release(it.user(), it.key(), it.hold(), now));
            case Step.Refund it ->
                ask("RECHARGE_REFUND", it.user(), it.key(), it.recharge() + " " + it.amount(), () -> refund(it, now));
            case Step.End it ->
                ask(it.paidOut() ? "REFUND_SETTLED" : "REFUND_FAILED", it.user(), it.key(), "", () -> end(it, now));
            case Step.Adjust it -> ask(requestKind(it), it.user(), it.key(), it.toString(), () -> adjust(it, now));
            case Step.ExpireBonuses() -> expireBonuses(now);
            case Step.ReleaseOverdue() -> releaseOverdue(now);
            case Step.Tick(Duration by) -> "moved by " + by;
        };
    }

    /** A key is kept in the shard of its user; there it is his. */
    private String ask(String kind, int user, String key, String body, Supplier<String> first) {
        var place = kind + " " + key + " in " + users.get(user).shard();
        var before = asked.get(place);
        if (before == null) {
            var answer = first.get();
            asked.put(place, new Asked(user + body, answer));
            return answer;
        }
        return before.body().equals(user + body) ? before.answer() + " again" : "CONFLICT";
    }

    private static String requestKind(Step.Adjust step) {
        return List.of("CHARGEBACK", "SPEND_REFUND").contains(step.kind()) ? step.kind() : "ADJUSTMENT";
    }

    private String recharge(List<Step.Terms> batch, Instant now) {
        var fresh = new ArrayList<Step.Terms>();
        var answers = new ArrayList<String>();
        for (var terms : batch) {
            var before = asked.get("RECHARGE" + terms.key());
            var twin = fresh.stream()
                    .filter(other -> other.key().equals(terms.key()))
                    .findFirst();
            if ((before != null && !before.body().equals(terms.toString()))
                    || twin.filter(other -> !other.equals(terms)).isPresent()) {
                return "CONFLICT";
            }
            if (before == null && twin.isEmpty()) {
                fresh.add(terms);
                answers.add(terms.key());
            } else if (before != null && !answers.contains(terms.key() + " again")) {
                answers.add(terms.key() + " again");
            }
        }
        fresh.sort(Comparator.<Step.Terms, Integer>comparing(
                        terms -> users.get(terms.user()).shard())
                .thenComparing(Step.Terms::key));
        credit(fresh, now);
        fresh.forEach(terms -> asked.put("RECHARGE" + terms.key(), new Asked(terms.toString(), "")));
        return String.join(", ", answers.stream().sorted().toList());
    }

    private void credit(List<Step.Terms> fresh, Instant now) {
        var next = new HashMap<Integer, Instant>();
        for (int i = 0; i < wallets.size(); i++) {
            int user = i;
            boolean withBonus = fresh.stream().anyMatch(terms -> terms.user() == user && terms.bonus() > 0);
            next.put(i, wallets.get(i).nextRecharge(now, withBonus));
            var last = next.get(i)
                    .plus(fresh.stream().filter(terms -> terms.user() == user).count() - 1, ChronoUnit.MICROS);
            if (fresh.stream().anyMatch(terms -> terms.user() == user)) {
                wallets.get(i).booked("2204.01", last);
                if (withBonus) {
                    wallets.get(i).booked("2204.11", last);
                }
            }
        }
        for (var terms : fresh) {
            var at = java.util.Objects.requireNonNull(next.get(terms.user()));
            next.put(terms.user(), at.plus(1, ChronoUnit.MICROS));
            var wallet = wallets.get(terms.user());
            var expiry = Optional.ofNullable(terms.bonusDays()).map(days -> at.plus(Duration.ofDays(days)));
            wallet.lots.add(new Lot(lots++, terms.key(), terms.channel(), terms.principal(), terms.bonus(), expiry));
            tell(
                    "RECHARGE " + terms.key(),
                    at,
                    wallet,
                    List.of(
                            new Line(clearing(terms.channel()), terms.principal()),
                            new Line("2204.01", -terms.principal()),
                            new Line("2204.19", terms.bonus()),
                            new Line("2204.11", -terms.bonus())));
        }
    }

    private String spend(Step.Spend step, Instant now) {
        var wallet = wallets.get(step.user());
        var taken = wallet.draw(step.amount(), step.policy(), now);
        if (taken.isEmpty()) {
            return "INSUFFICIENT_BALANCE";
        }
        var drawn = new Drawn();
        drawn.spent.addAll(taken.get());
        drawn.earn(revenue(step.purpose()), taken.get().principal());
        spends.put(step.key(), new Owned(step.user(), step.key(), drawn));
        post(
                "SPEND " + step.key(),
                now,
                wallet,
                "2204.01",
                taken.get().principal(),
                revenue(step.purpose()),
                -taken.get().principal(),
                "2204.11",
                taken.get().bonus(),
                "2204.19",
                -taken.get().bonus());
        return moved(taken.get());
    }

    private String giveBack(int user, String key, String spent, long amount, Instant now) {
        var owned = spends.getOrDefault(spent, holds.get(spent));
        if (owned == null || owned.user() != user || owned.drawn().spent.total() < amount) {
            return "MORE_THAN_SPENT";
        }
        var wallet = wallets.get(user);
        var given = owned.drawn().spent.portion(amount, WalletModel.IN_TURN.reversed());
        owned.drawn().spent.removeAll(given);
        wallet.giveToLots(given, 1);
        var lines = new ArrayList<Line>();
        long principal = given.principal();
        for (var code : List.copyOf(owned.drawn().earned.keySet()).reversed()) {
            long part = Math.min(principal, owned.drawn().earned.getOrDefault(code, 0L));
            owned.drawn().earned.merge(code, -part, Long::sum);
            lines.add(new Line(code, part));
            principal -= part;
        }
        lines.add(new Line("2204.01", -given.principal()));
        lines.add(new Line("2204.19", given.bonus()));
        lines.add(new Line("2204.11", -given.bonus()));
        post("SPEND_REFUND " + key, now, wallet, lines);
        expireOf(given, user, now);
        return moved(given);
    }

    private String hold(Step.Hold step, Instant now) {
        var wallet = wallets.get(step.user());
        var taken = wallet.draw(step.amount(), step.policy(), now);
        if (taken.isEmpty()) {
            return "INSUFFICIENT_BALANCE";
        }
        var drawn = new Drawn();
        drawn.held.addAll(taken.get());
        drawn.expiresAt = now.plus(step.lasting());
        holds.put(step.key(), new Owned(step.user(), step.key(), drawn));
        post(
                "HOLD " + step.key(),
                now,
                wallet,
                "2204.01",
                taken.get().principal(),
                "2204.02",
                -taken.get().principal(),
                "2204.11",
                taken.get().bonus(),
                "2204.12",
                -taken.get().bonus());
        return moved(taken.get());
    }

    private String capture(Step.Capture step, Instant now) {
        var owned = holds.get(step.hold());
        if (owned == null
                || owned.user() != step.user()
                || owned.drawn().held.total() == 0
                || !owned.drawn().expiresAt.isAfter(now)) {
            return "NOTHING_HELD";
        }
        var drawn = owned.drawn();
        long amount = Optional.ofNullable(step.amount()).orElse(drawn.held.total());
        if (amount > drawn.held.total()) {
            return "MORE_THAN_HELD";
        }
        var part = drawn.held.portion(amount, WalletModel.IN_TURN);
        drawn.held.removeAll(part);
        drawn.spent.addAll(part);
        drawn.earn(revenue(step.purpose()), part.principal());
        post(
                "CAPTURE " + step.key(),
                now,
                wallets.get(step.user()),
                "2204.02",
                part.principal(),
                revenue(step.purpose()),
                -part.principal(),
                "2204.12",
                part.bonus(),
                "2204.19",
                -part.bonus());
        return moved(part);
    }

    private String release(int user, String key, String holdNo, Instant now) {
        var owned = holds.get(holdNo);
        if (owned == null || owned.user() != user || owned.drawn().held.total() == 0) {
            return "NOTHING_HELD";
        }
        var back = new Taken();
        back.addAll(owned.drawn().held);
        owned.drawn().held.removeAll(back);
        wallets.get(user).giveToLots(back, 1);
        post(
                "RELEASE " + key,
                now,
                wallets.get(user),
                "2204.02",
                back.principal(),
                "2204.01",
                -back.principal(),
                "2204.12",
                back.bonus(),
                "2204.11",
                -back.bonus());
        expireOf(back, user, now);
        return moved(back);
    }

    private String refund(Step.Refund step, Instant now) {
        var wallet = wallets.get(step.user());
        var lot = collected(wallet, step.recharge());
        if (lot == null || lot.principalLeft < step.amount() || lot.principal - lot.wentBackToPayer < step.amount()) {
            return "MORE_THAN_LEFT";
        }
        long bonus = forgone(lot, step.amount());
        lot.principalLeft -= step.amount();
        lot.bonusLeft -= bonus;
        lot.wentBackToPayer += step.amount();
        refunds.put(step.key(), new Refund(step.user(), lot, step.amount(), bonus));
        post(
                "RECHARGE_REFUND " + step.key(),
                now,
                wallet,
                "2204.01",
                step.amount(),
                "2241.01",
                -step.amount(),
                "2204.11",
                bonus,
                "2204.19",
                -bonus);
        return step.amount() + "+" + bonus;
    }

    private String end(Step.End step, Instant now) {
        var refund = refunds.get(step.key());
        if (refund == null || refund.user() != step.user()) {
            return "NOTHING_DUE";
        }
        if (!ended.add(step.key())) {
            return "RESOLVED_BEFORE";
        }
        var wallet = wallets.get(step.user());
        if (step.paidOut()) {
            post(
                    "REFUND_SETTLED " + step.key(),
                    now,
                    wallet,
                    "2241.01",
                    refund.principal(),
                    clearing(refund.lot().channel),
                    -refund.principal());
            return refund.principal() + "+0";
        }
        var back = new Taken();
        back.add(refund.lot(), refund.principal(), refund.bonus());
        wallet.giveToLots(back, 1);
        refund.lot().wentBackToPayer -= refund.principal();
        post(
                "REFUND_FAILED " + step.key(),
                now,
                wallet,
                "2241.01",
                refund.principal(),
                "2204.01",
                -refund.principal(),
                "2204.19",
                refund.bonus(),
                "2204.11",
                -refund.bonus());
        expireOf(back, step.user(), now);
        return moved(back);
    }

    private String adjust(Step.Adjust step, Instant now) {
        var wallet = wallets.get(step.user());
        long amount = step.amount();
        boolean principal = List.of("TAKE_PRINCIPAL", "PAY_DEBT").contains(step.kind());
        if (step.kind().endsWith("DEBT") && wallet.balance("1221.01") < amount) {
            return "NOTHING_DUE";
        }
        if (List.of("TAKE_PRINCIPAL", "TAKE_BONUS", "PAY_DEBT").contains(step.kind())
                && wallet.drawPart(amount, principal, now).isEmpty()) {
            return "INSUFFICIENT_BALANCE";
        }
        if (step.kind().startsWith("GRANT")) {
            boolean paid = step.kind().equals("GRANT_PRINCIPAL");
            wallet.lots.add(new Lot(
                    lots++,
                    step.key(),
                    "",
                    paid ? amount : 0,
                    paid ? 0 : amount,
                    Optional.ofNullable(step.bonusUntil()).map(start::plus)));
        }
        var journal = "ADJUSTMENT " + step.key();
        return switch (step.kind()) {
            case "CHARGEBACK" -> chargeBack(step, now);
            case "SPEND_REFUND" ->
                giveBack(step.user(), step.key(), java.util.Objects.requireNonNull(step.subject()), amount, now);
            case "GRANT_PRINCIPAL" -> post(journal, now, wallet, "6601.01", amount, "2204.01", -amount) + amount + "+0";
            case "TAKE_PRINCIPAL" -> post(journal, now, wallet, "2204.01", amount, "6601.01", -amount) + amount + "+0";
            case "GRANT_BONUS" -> post(journal, now, wallet, "2204.19", amount, "2204.11", -amount) + "0+" + amount;
            case "TAKE_BONUS" -> post(journal, now, wallet, "2204.11", amount, "2204.19", -amount) + "0+" + amount;
            case "PAY_DEBT" -> post(journal, now, wallet, "2204.01", amount, "1221.01", -amount) + amount + "+0";
            case "WRITE_OFF_DEBT" -> post(journal, now, wallet, "6601.01", amount, "1221.01", -amount) + "0+0";
            default -> throw new IllegalArgumentException(step.kind());
        };
    }

    private String chargeBack(Step.Adjust step, Instant now) {
        var wallet = wallets.get(step.user());
        var lot = collected(wallet, step.subject());
        if (lot == null || lot.principal - lot.wentBackToPayer < step.amount()) {
            return "MORE_THAN_LEFT";
        }
        long taken = Math.min(lot.principalLeft, step.amount());
        long bonus = lot.principalLeft == 0 ? lot.bonusLeft : forgone(lot, taken);
        lot.principalLeft -= taken;
        lot.bonusLeft -= bonus;
        lot.wentBackToPayer += step.amount();
        post(
                "CHARGEBACK " + step.key(),
                now,
                wallet,
                "2204.01",
                taken,
                "1221.01",
                step.amount() - taken,
                clearing(lot.channel),
                -step.amount(),
                "2204.11",
                bonus,
                "2204.19",
                -bonus);
        return taken + "+" + bonus;
    }

    private static @Nullable Lot collected(WalletModel wallet, @Nullable String key) {
        return wallet.lots.stream()
                .filter(lot -> lot.key.equals(key) && !lot.channel.isEmpty())
                .findFirst()
                .orElse(null);
    }

    /** The bonus stays as large as the principal that stays allows, cut to the cent. */
    private static long forgone(Lot lot, long amount) {
        return lot.bonusLeft - WalletModel.share(lot.bonusLeft, lot.principalLeft - amount, lot.principalLeft);
    }

    private String expireBonuses(Instant now) {
        record Due(int user, Lot lot) {}
        var due = new ArrayList<Due>();
        for (int user = 0; user < wallets.size(); user++) {
            for (var lot : wallets.get(user).lots) {
                due.add(new Due(user, lot));
            }
        }
        due.sort(Comparator.comparing(each -> each.lot().number));
        long expired = 0;
        for (var each : due) {
            expired += expire(each.lot(), each.user(), now);
        }
        return "expired " + expired;
    }

    private void expireOf(Taken given, int user, Instant now) {
        given.parts.keySet().stream()
                .sorted(Comparator.comparing(lot -> lot.number))
                .forEach(lot -> expire(lot, user, now));
    }

    private long expire(Lot lot, int user, Instant now) {
        long bonus = lot.bonusLeft;
        if (bonus == 0 || !lot.isOver(now)) {
            return 0;
        }
        lot.bonusLeft = 0;
        post("EXPIRY " + lot.key, now, wallets.get(user), "2204.11", bonus, "2204.19", -bonus);
        return bonus;
    }

    private String releaseOverdue(Instant now) {
        var due = holds.values().stream()
                .filter(owned -> owned.drawn().held.total() > 0
                        && !owned.drawn().expiresAt.isAfter(now))
                .toList();
        due.forEach(owned -> release(owned.user(), "T-" + owned.key(), owned.key(), now));
        return "released " + due.stream().map(Owned::key).toList();
    }

    private record Line(String code, long amount) {}

    private String post(String journal, Instant now, WalletModel wallet, Object... codesAndAmounts) {
        var lines = new ArrayList<Line>();
        for (int i = 0; i < codesAndAmounts.length; i += 2) {
            lines.add(new Line((String) codesAndAmounts[i], (long) codesAndAmounts[i + 1]));
        }
        return post(journal, now, wallet, lines);
    }

    private String post(String journal, Instant now, WalletModel wallet, List<Line> lines) {
        var at = wallet.nextBooking(now);
        lines.stream()
                .filter(line -> line.amount() != 0 && isOfUser(line.code()))
                .forEach(line -> wallet.booked(line.code(), at));
        tell(journal, at, wallet, lines);
        return "";
    }

    private void tell(String journal, Instant at, WalletModel wallet, List<Line> lines) {
        var told = new StringBuilder(journal).append(" @").append(WalletModel.micros(at));
        for (var line : lines) {
            if (line.amount() != 0) {
                told.append(
                        isOfUser(line.code())
                                ? wallet.line(line.code(), line.amount())
                                : " | " + line.code() + " " + line.amount());
            }
        }
        journals.add(told.toString());
    }

    private static boolean isOfUser(String code) {
        return List.of("2204.01", "2204.02", "2204.11", "2204.12", "1221.01").contains(code);
    }

    private static String clearing(String channel) {
        return (channel.startsWith("wechat") ? "1012.01/" : channel.startsWith("alipay") ? "1012.02/" : "1012.80/")
                + channel;
    }

    private static String revenue(String purpose) {
        return switch (purpose) {
            case "GOODS" -> "6001.01";
            case "VIP" -> "6001.02";
            default -> "6001.80";
        };
    }

    private static String moved(Taken taken) {
        return taken.principal() + "+" + taken.bonus();
    }

    /** The journals since this was asked last. */
    List<String> newJournals() {
        var told = List.copyOf(journals);
        journals.clear();
        return told;
    }

    /** All balances, lots and holds. */
    List<String> state() {
        var told = new ArrayList<String>();
        for (int user = 0; user < wallets.size(); user++) {
            told.addAll(wallets.get(user).told("u" + user));
        }
        holds.values()
                .forEach(owned ->
                        told.add("u%d hold %s %s".formatted(owned.user(), owned.key(), moved(owned.drawn().held))));
        return told.stream().sorted().toList();
    }

    /** Amounts at which something changes: what there is of this and that. */
    List<Long> edges(int user) {
        var edges = new ArrayList<Long>();
        var wallet = wallets.get(user);
        edges.add(wallet.balance("2204.01") + wallet.balance("2204.11"));
        edges.add(wallet.balance("1221.01"));
        wallet.lots.forEach(lot -> edges.addAll(List.of(lot.principalLeft, lot.bonusLeft, lot.principal)));
        holds.values()
                .forEach(owned -> edges.addAll(
                        List.of(owned.drawn().held.total(), owned.drawn().spent.total())));
        spends.values().forEach(owned -> edges.add(owned.drawn().spent.total()));
        return edges;
    }
}
