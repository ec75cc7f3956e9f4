package io.tallyhook.payment.simulation;

import io.tallyhook.payment.refund.StoredRefund.Look;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Persons who look into the bank's console and say how a refund has ended about which it gives no clear answer. They say what
 * they see; what the bank does later they cannot know.
 */
final class LostRefunds {

    private final SplittableRandom random;
    private final House house;
    private final Bank bank;
    private final BankSights sights;
    private final Consumer<Supplier<String>> say;

    /** Those that somebody has looked at: what the bank tells of them is not lost. */
    private final Set<String> lookedAt = new HashSet<>();

    LostRefunds(SplittableRandom random, House house, Bank bank, BankSights sights, Consumer<Supplier<String>> say) {
        this.random = random;
        this.house = house;
        this.bank = bank;
        this.sights = sights;
        this.say = say;
    }

    private record Lost(String outTradeNo, Look refund) {

        String refundNo() {
            return refund.refundNo();
        }
    }

    boolean areLookedAt(String refundNo) {
        return lookedAt.contains(refundNo);
    }

    /** What it says from now on comes to somebody. */
    void isLookedAt(String refundNo) {
        lookedAt.add(refundNo);
    }

    /** One of them is proposed to be given up, or that is decided. */
    void somebodyLooks(List<Standing> standings) {
        var all = of(standings);
        // What was begun first, and what the bank itself calls stuck.
        var lost = Stream.<Predicate<Look>>of(Look::isProposed, Look::stuck, refund -> true)
                .map(which ->
                        all.stream().filter(one -> which.test(one.refund())).toList())
                .filter(some -> !some.isEmpty())
                .findFirst()
                .orElse(List.of());
        if (!lost.isEmpty()) {
            var one = lost.get(random.nextInt(lost.size()));
            if (one.refund().isProposed()) {
                decides(one, random.nextInt(6));
            } else {
                proposes(one);
            }
        }
    }

    /** So that nothing waits for a person. */
    void allAreDecided(List<Standing> standings, Consumer<Runnable> unlessRefused) {
        of(standings).stream()
                .filter(lost -> lost.refund().isProposed())
                .forEach(lost -> unlessRefused.accept(() -> decides(lost, random.nextBoolean() ? 0 : 3)));
    }

    private static List<Lost> of(List<Standing> standings) {
        var all = new ArrayList<Lost>();
        for (var now : standings) {
            now.refunds().stream()
                    .filter(refund -> refund.isUnderWay() && refund.ours() && !refund.unapproved())
                    .forEach(refund -> all.add(new Lost(now.row().payment().outTradeNo(), refund)));
        }
        return all;
    }

    private Bank.Till till(Lost lost) {
        return bank.till(lost.outTradeNo());
    }

    private void proposes(Lost lost) {
        boolean wantsToPay = random.nextBoolean();
        if (till(lost).hasGiven(lost.refundNo())) {
            return;
        }
        boolean paidOut = wantsToPay
                && till(lost).mayBePaidOut(lost.refundNo(), lost.refund().amount());
        var actor = random.nextBoolean() ? "ann" : "flo";
        say.accept(() -> "proposes to give up %s, paid out %s, %s".formatted(lost.refundNo(), paidOut, actor));
        isLookedAt(lost.refundNo());
        house.proposeGivingUp(lost.outTradeNo(), lost.refundNo(), paidOut, actor);
        sights.happened("proposed to give up");
    }

    private void decides(Lost lost, int how) {
        var refund = lost.refund();
        boolean agrees = refund.isPaidOut()
                ? till(lost).mayBePaidOut(lost.refundNo(), refund.amount())
                : !till(lost).hasGiven(lost.refundNo());
        say.accept(() -> "decides on giving up %s %d %s".formatted(lost.refundNo(), how, agrees));
        if (!agrees || how == 0) {
            house.rejectGivingUp(lost.outTradeNo(), lost.refundNo(), "gil");
            sights.happened("does not give up");
        } else if (how <= 2) {
            house.confirmGivingUp(lost.outTradeNo(), lost.refundNo(), String.valueOf(refund.giveUpBy()));
            throw new AssertionError("Somebody confirms his own proposal " + refund);
        } else {
            confirms(lost);
        }
    }

    /** Who pays it out in another way has told the bank before, and tells it if he could not. */
    private void confirms(Lost lost) {
        var elsewhere = till(lost).elsewhere;
        boolean reserved = false;
        boolean confirmed = false;
        try {
            if (lost.refund().isPaidOut()) {
                reserved = elsewhere.putIfAbsent(lost.refundNo(), lost.refund().amount()) == null;
            }
            house.confirmGivingUp(lost.outTradeNo(), lost.refundNo(), "gil");
            confirmed = true;
        } finally {
            if (reserved && !confirmed) {
                elsewhere.remove(lost.refundNo());
            }
        }
        sights.happened("given up, " + lost.refund().giveUpAs());
    }
}
