package io.tallyhook.wallet.ledger;

import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * One wallet in plain Java: its lots, what was spent and is held of them, its balances and its lines. Knows nothing of keys.
 * Written from the description of the rules, not from the SQL.
 */
final class WalletModel {

    /** Of one recharge or grant. */
    static final class Lot {
        final int number;
        final String key;
        final String channel;
        final long principal;
        final long bonus;
        final Optional<Instant> expiresAt;
        long principalLeft;
        long bonusLeft;
        long wentBackToPayer;

        Lot(int number, String key, String channel, long principal, long bonus, Optional<Instant> expiresAt) {
            this.number = number;
            this.key = key;
            this.channel = channel;
            this.principal = this.principalLeft = principal;
            this.bonus = this.bonusLeft = bonus;
            this.expiresAt = expiresAt;
        }

        boolean isOver(Instant now) {
            return expiresAt.isPresent() && !expiresAt.get().isAfter(now);
        }
    }

    /** What is taken from lots, lot by lot. */
    static final class Taken {
        final Map<Lot, long[]> parts = new LinkedHashMap<>();

        void add(Lot lot, long principal, long bonus) {
            if (principal != 0 || bonus != 0) {
                var part = parts.computeIfAbsent(lot, any -> new long[2]);
                part[0] += principal;
                part[1] += bonus;
            }
        }

        void addAll(Taken other) {
            other.parts.forEach((lot, part) -> add(lot, part[0], part[1]));
        }

        void removeAll(Taken other) {
            other.parts.forEach((lot, part) -> add(lot, -part[0], -part[1]));
        }

        long principal() {
            return parts.values().stream().mapToLong(part -> part[0]).sum();
        }

        long bonus() {
            return parts.values().stream().mapToLong(part -> part[1]).sum();
        }

        long total() {
            return principal() + bonus();
        }

        /** Takes an amount, lot by lot in this order; of a lot in proportion, the fraction of a cent from the bonus. */
        Taken portion(long amount, Comparator<Lot> order) {
            var portion = new Taken();
            long wanted = amount;
            for (var entry : parts.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey(order))
                    .toList()) {
                var lot = entry.getKey();
                var part = entry.getValue();
                long take = Math.min(wanted, part[0] + part[1]);
                if (take > 0) {
                    long principal = share(take, part[0], part[0] + part[1]);
                    portion.add(lot, principal, take - principal);
                    wanted -= take;
                }
            }
            return portion;
        }
    }

    static final Comparator<Lot> IN_TURN = Comparator.<Lot, Instant>comparing(lot -> lot.expiresAt.orElse(Instant.MAX))
            .thenComparing(lot -> lot.number);

    final List<Lot> lots = new ArrayList<>();
    private final Map<String, Long> balances = new TreeMap<>();
    private final Map<String, Integer> lines = new TreeMap<>();
    private final Map<String, Instant> bookedAt = new TreeMap<>();

    /** How much of one is in proportion to the other, cut to the cent. */
    static long share(long amount, long part, long whole) {
        return BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(part))
                .divide(BigInteger.valueOf(whole))
                .longValueExact();
    }

    long balance(String code) {
        return balances.getOrDefault(code, 0L);
    }

    /** Takes an amount from the lots, or nothing if they do not hold it. */
    Optional<Taken> draw(long amount, DrawDown policy, Instant now) {
        ToLongFunction<Lot> bonus = lot -> lot.isOver(now) ? 0 : lot.bonusLeft;
        var taken = new Taken();
        switch (policy) {
            case PRO_RATA -> {
                var all = new Taken();
                lots.forEach(lot -> all.add(lot, lot.principalLeft, bonus.applyAsLong(lot)));
                taken.addAll(all.portion(amount, IN_TURN));
            }
            case BONUS_FIRST -> {
                drain(taken, amount, lot -> 0, bonus);
                drain(taken, amount, lot -> lot.principalLeft, lot -> 0);
            }
            case PRINCIPAL_FIRST -> {
                drain(taken, amount, lot -> lot.principalLeft, lot -> 0);
                drain(taken, amount, lot -> 0, bonus);
            }
        }
        return withdrawn(taken, amount);
    }

    /** Takes an amount of one part only. */
    Optional<Taken> drawPart(long amount, boolean ofPrincipal, Instant now) {
        var taken = new Taken();
        drain(
                taken,
                amount,
                lot -> ofPrincipal ? lot.principalLeft : 0,
                lot -> ofPrincipal || lot.isOver(now) ? 0 : lot.bonusLeft);
        return withdrawn(taken, amount);
    }

    private void drain(Taken taken, long amount, ToLongFunction<Lot> principal, ToLongFunction<Lot> bonus) {
        for (var lot : lots.stream().sorted(IN_TURN).toList()) {
            long wanted = amount - taken.total();
            taken.add(lot, Math.min(wanted, principal.applyAsLong(lot)), Math.min(wanted, bonus.applyAsLong(lot)));
        }
    }

    private Optional<Taken> withdrawn(Taken taken, long amount) {
        if (taken.total() < amount) {
            return Optional.empty();
        }
        giveToLots(taken, -1);
        return Optional.of(taken);
    }

    void giveToLots(Taken given, int sign) {
        given.parts.forEach((lot, part) -> {
            lot.principalLeft += sign * part[0];
            lot.bonusLeft += sign * part[1];
        });
    }

    /** When the next journal of the functions is booked: later than anything of this wallet. */
    Instant nextBooking(Instant now) {
        var last = bookedAt.values().stream().max(Comparator.naturalOrder());
        return last.map(moment -> moment.plus(1, ChronoUnit.MICROS))
                .filter(now::isBefore)
                .orElse(now);
    }

    /** When the next recharges are booked: later than anything on the accounts that they move. */
    Instant nextRecharge(Instant now, boolean withBonus) {
        var last = bookedAt.entrySet().stream()
                .filter(entry -> entry.getKey().equals("2204.01")
                        || (withBonus && entry.getKey().equals("2204.11")))
                .map(Map.Entry::getValue)
                .max(Comparator.naturalOrder());
        return last.map(moment -> moment.plus(1, ChronoUnit.MICROS))
                .filter(now::isBefore)
                .orElse(now);
    }

    void booked(String code, Instant at) {
        bookedAt.put(code, at);
    }

    /** Moves one account of this wallet. Answers the line as the database tells it. */
    String line(String code, long amount) {
        long raise = code.equals("1221.01") ? amount : -amount;
        long balance = balances.merge(code, raise, Long::sum);
        return " | %s %d #%d=%d".formatted(code, amount, lines.merge(code, 1, Integer::sum), balance);
    }

    /** Balances that are not zero, and lots, as the database tells them. */
    List<String> told(String user) {
        var told = new ArrayList<String>();
        balances.forEach((code, balance) -> {
            if (balance != 0) {
                told.add("%s %s %d".formatted(user, code, balance));
            }
        });
        lots.forEach(lot -> told.add("%s lot %s %d+%d of %d+%d until %s"
                .formatted(
                        user,
                        lot.key,
                        lot.principalLeft,
                        lot.bonusLeft,
                        lot.principal,
                        lot.bonus,
                        lot.expiresAt
                                .map(WalletModel::micros)
                                .map(String::valueOf)
                                .orElse("ever"))));
        return told;
    }

    static long micros(Instant moment) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    }
}
