package io.tallyhook.payment.simulation;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.Fulfilment;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.WalletCredit.Crediting;
import io.tallyhook.payment.WalletCredit.StrandedMoney;
import io.tallyhook.payment.simulation.House.Call;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The modules: one sells, hands out each thing once, whoever paid for it how often, and takes it back; one keeps money that has
 * bought nothing; or they fail at it.
 */
final class ShopFloor implements World.Listener {

    /** The purpose of the wallet. */
    static final String WALLET = "SAVINGS";

    private static final String WALLETS_NUMBER = "W-";

    /** What it does with a payment. */
    enum Mood {
        WELL,
        WAITING,
        THROWING,
        CANCELLED
    }

    /** It fails, and what it did goes with its transaction. */
    static final class Broken extends RuntimeException {}

    private final Supplier<House> house;
    private final SplittableRandom random;
    private final Map<String, Mood> moods = new HashMap<>();
    private Consumer<StrandedMoney> witness = money -> {};
    private boolean calm;

    ShopFloor(Supplier<House> house, SplittableRandom random) {
        this.house = house;
        this.random = random;
    }

    void feels(String outTradeNo, Mood mood) {
        moods.put(outTradeNo, mood);
    }

    /** @param aWitness sees what is credited, before it is */
    void isWatchedBy(Consumer<StrandedMoney> aWitness) {
        witness = aWitness;
    }

    void calmsDown() {
        calm = true;
    }

    @Override
    public List<Fulfilment> apply(List<ConfirmedPayment> payments) {
        return payments.stream().map(this::handOut).toList();
    }

    private Fulfilment handOut(ConfirmedPayment payment) {
        return switch (moods.getOrDefault(payment.outTradeNo(), Mood.WELL)) {
            case WELL -> {
                if (house.get().isSold(payment.reference(), payment.outTradeNo())) {
                    yield payment.refused(ParkingReason.SURPLUS);
                }
                house.get().handOut(payment.outTradeNo());
                yield payment.fulfilled();
            }
            case THROWING -> {
                // After the effect: it must go with the transaction.
                house.get().handOut(payment.outTradeNo());
                throw new IllegalStateException("No");
            }
            case WAITING -> payment.waits("an audit");
            case CANCELLED -> payment.refused(ParkingReason.CANCELLED_BEFORE);
        };
    }

    List<Entitlement> entitlements() {
        return Stream.of("GOODS", "VIP", "CARD", WALLET)
                .<Entitlement>map(Counter::new)
                .toList();
    }

    /** Takes the money in, or declines, or dies of it. */
    Crediting credit(StrandedMoney money) {
        witness.accept(money);
        int fate = calm ? 15 : random.nextInt(16);
        if (fate == 0) {
            return new Crediting.Declined(Refusal.conflict("wallet-closed", "It takes nothing in now."));
        }
        house.get()
                .note(new Call(
                        money.outTradeNo(), "", "credit", money.received().minorUnits()));
        return switch (fate) {
            case 1 -> throw new Killed();
            case 2 -> throw new Broken();
            default -> new Crediting.Credited(WALLETS_NUMBER + money.outTradeNo());
        };
    }

    /** Where things of one kind are brought back. */
    final class Counter implements Entitlement {

        private final String purpose;

        Counter(String purpose) {
            this.purpose = purpose;
        }

        @Override
        public String purpose() {
            return purpose;
        }

        @Override
        public Preview preview(TakeBack refund) {
            return new Preview(true, List.of());
        }

        @Override
        public Taking take(TakeBack refund) {
            switch (calm ? 15 : random.nextInt(16)) {
                case 0, 1 -> {
                    return new Taking.Declined(Refusal.conflict("used-up", "It is used up."));
                }
                case 2 -> {
                    note(refund, "take", refund.amount().minorUnits());
                    throw new Killed();
                }
                case 3 -> {
                    note(refund, "take", refund.amount().minorUnits());
                    throw new Broken();
                }
                default -> note(refund, "take", refund.amount().minorUnits());
            }
            return new Taking.Taken();
        }

        @Override
        public void settle(TakeBack refund, Instant at) {
            note(refund, "settle", refund.amount().minorUnits());
            nowAndThenBreaks();
        }

        @Override
        public void giveBack(TakeBack refund, Instant at) {
            note(refund, "giveBack", refund.amount().minorUnits());
            nowAndThenBreaks();
        }

        @Override
        public Money takeWhatIsLeft(TakeBack refund, Instant at) {
            long left = refund.paid().minorUnits() - Standing.taken(house.get().calls(refund.outTradeNo()));
            long taken = Math.min(left, refund.amount().minorUnits());
            note(refund, "takeWhatIsLeft", taken);
            nowAndThenBreaks();
            return Money.fen(refund.amount().minorUnits() - taken);
        }

        private void note(TakeBack refund, String what, long amount) {
            boolean fits = refund.reference().startsWith(WALLETS_NUMBER) == purpose.equals(WALLET);
            var who = !fits ? "wrong " : purpose.equals(WALLET) ? Call.WALLETS : "";
            house.get().note(new Call(refund.outTradeNo(), refund.refundNo(), who + what, amount));
        }

        private void nowAndThenBreaks() {
            if (!calm && random.nextInt(8) == 0) {
                throw new Broken();
            }
        }
    }
}
