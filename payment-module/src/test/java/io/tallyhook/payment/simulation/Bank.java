package io.tallyhook.payment.simulation;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tallyhook.testing.PlainBank;

/**
 * A provider with a ledger of its own. What is asked of it gets lost, or its answer does; who asks is killed before or after; or
 * something else happens while it is asked.
 */
final class Bank extends PlainBank {

    private final SplittableRandom random;
    private final Map<String, Till> tills = new LinkedHashMap<>();
    private Consumer<RefundOrder> witness = order -> {};
    private Runnable meanwhile = () -> {};
    private BiConsumer<String, Fact> mail = (number, fact) -> {};
    private boolean calm;

    Bank(SplittableRandom random) {
        this.random = random;
    }

    /** What it knows of one payment. */
    static final class Till {

        final long amount;
        boolean closed;

        @Nullable
        String paidBy;

        final Map<String, Given> given = new LinkedHashMap<>();

        /** What was paid out in another way, by the number of the refund; the bank knows that it gives it no more. */
        final Map<String, Long> elsewhere = new LinkedHashMap<>();

        Till(long amount) {
            this.amount = amount;
        }

        long promised() {
            return promisedBeside("") + paidOut();
        }

        /** By other refunds than this, and not in another way. */
        private long promisedBeside(String refundNo) {
            return given.entrySet().stream()
                    .filter(one -> one.getValue().how != How.FAILED
                            && !one.getKey().equals(refundNo)
                            && !elsewhere.containsKey(one.getKey()))
                    .mapToLong(one -> one.getValue().amount)
                    .sum();
        }

        long paidOut() {
            return elsewhere.values().stream().mapToLong(Long::longValue).sum();
        }

        boolean hasGiven(String refundNo) {
            var known = given.get(refundNo);
            return known != null && known.how == How.SUCCEEDED;
        }

        /** Whether a refund may be paid out in another way: it does not go on here, and so much is left. */
        boolean mayBePaidOut(String refundNo, long wanted) {
            var known = given.get(refundNo);
            boolean rests = known == null || known.how == How.FAILED || known.how == How.ABNORMAL;
            return rests && wanted <= amount - promisedBeside(refundNo) - paidOut();
        }

        /** What really went back. */
        long gone() {
            return given.values().stream()
                    .filter(one -> one.how == How.SUCCEEDED)
                    .mapToLong(one -> one.amount)
                    .sum();
        }
    }

    /** How a refund stands there. */
    enum How {
        PROCESSING,
        SUCCEEDED,
        FAILED,
        ABNORMAL
    }

    /** A refund. */
    static final class Given {

        final long amount;
        How how;

        Given(long amount, How how) {
            this.amount = amount;
            this.how = how;
        }
    }

    /**
     * @param witness sees every refund that is asked for, before it is looked at
     * @param meanwhile what happens elsewhere while somebody is on the line
     * @param mail takes the notices
     */
    void isWatchedBy(Consumer<RefundOrder> aWitness, Runnable something, BiConsumer<String, Fact> postbox) {
        witness = aWitness;
        meanwhile = something;
        mail = postbox;
    }

    void calmsDown() {
        calm = true;
    }

    void ordered(String outTradeNo, long amount) {
        tills.put(outTradeNo, new Till(amount));
    }

    Till till(String outTradeNo) {
        return Objects.requireNonNull(tills.get(outTradeNo));
    }

    /** Somebody pays, if that is still possible. */
    void pays(String outTradeNo) {
        var till = till(outTradeNo);
        if (till.paidBy == null && !till.closed) {
            till.paidBy = "T" + outTradeNo;
            mail.accept(outTradeNo, paid(outTradeNo, till));
        }
    }

    /** Somebody gives money back in its console. */
    void givesByItself(String outTradeNo) {
        var till = till(outTradeNo);
        long left = till.amount - till.promised();
        if (till.paidBy != null && left > 0) {
            var number = "C%d".formatted(till.given.size());
            var given = new Given(random.nextBoolean() ? left : 1 + random.nextLong(left), How.SUCCEEDED);
            till.given.put(number, given);
            mail.accept(outTradeNo, refunded(outTradeNo, number, given));
        }
    }

    /** What it has called failed for good goes out all the same, if so much is left. */
    void givesAfterAll(String outTradeNo, String refundNo) {
        var till = till(outTradeNo);
        var known = till.given.get(refundNo);
        if (known != null && known.how == How.FAILED && known.amount <= till.amount - till.promised()) {
            known.how = How.SUCCEEDED;
            mail.accept(outTradeNo, refunded(outTradeNo, refundNo, known));
        }
    }

    /** What it has accepted goes on. */
    void goesOn() {
        var open = new ArrayList<Runnable>();
        tills.forEach((outTradeNo, till) -> till.given.forEach((number, given) -> {
            if (given.how == How.PROCESSING || given.how == How.ABNORMAL) {
                open.add(() -> moves(outTradeNo, number, given));
            }
        }));
        if (!open.isEmpty()) {
            open.get(random.nextInt(open.size())).run();
        }
    }

    private void moves(String outTradeNo, String number, Given given) {
        boolean paidOut = till(outTradeNo).elsewhere.containsKey(number);
        int fate = paidOut ? 2 : random.nextInt(calm ? 3 : 5);
        given.how = fate < 2 ? How.SUCCEEDED : fate == 2 ? How.FAILED : How.ABNORMAL;
        mail.accept(outTradeNo, refunded(outTradeNo, number, given));
    }

    boolean hasOpenRefunds() {
        return tills.values().stream()
                .flatMap(till -> till.given.values().stream())
                .anyMatch(given -> given.how == How.PROCESSING || given.how == How.ABNORMAL);
    }

    /** A notice that a refund has failed, whatever became of it. */
    Fact.Refunded saysFailed(String outTradeNo, String refundNo, long amount) {
        return refunded(outTradeNo, refundNo, new Given(amount, How.FAILED));
    }

    private <T> T asked(Supplier<T> what) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new AssertionError("the bank is called in a transaction");
        }
        switch (calm ? 20 : random.nextInt(21)) {
            case 0, 1 -> throw unclear();
            case 2 -> throw new Killed();
            case 3, 4 -> {
                var _ = what.get();
                throw unclear();
            }
            case 5 -> {
                var _ = what.get();
                throw new Killed();
            }
            case 6, 7 -> meanwhile.run();
            case 8, 9 -> {
                var answer = what.get();
                meanwhile.run();
                return answer;
            }
            default -> {
                return what.get();
            }
        }
        return what.get();
    }

    private static ProviderUnclear unclear() {
        return new ProviderUnclear("no answer", null);
    }

    @Override
    public Map<String, String> prepare(Order order) {
        return Map.of("ticket", "T");
    }

    @Override
    public Optional<Fact> query(String account, String outTradeNo) {
        return asked(() -> {
            var till = till(outTradeNo);
            return till.paidBy != null
                    ? Optional.<Fact>of(paid(outTradeNo, till))
                    : till.closed
                            ? Optional.of(new Fact.Closed(outTradeNo, identity(account)))
                            : Optional.of(new Fact.Unchanged(outTradeNo, identity(account), "NOTPAY"));
        });
    }

    @Override
    public Closing close(String account, String outTradeNo) {
        return asked(() -> {
            var till = till(outTradeNo);
            if (till.paidBy != null) {
                return Closing.ALREADY_PAID;
            }
            till.closed = true;
            return Closing.CLOSED;
        });
    }

    /** In the transaction of the intent, in which one may die too. */
    @Override
    public void checkRefunds(String account) {
        if (!calm && random.nextInt(15) == 0) {
            throw new Killed();
        }
    }

    @Override
    public RefundAnswer refund(RefundOrder order) {
        witness.accept(order);
        return asked(() -> {
            var till = till(order.outTradeNo());
            var known = till.given.get(order.refundNo());
            if (known == null) {
                known = accepted(order, till);
                till.given.put(order.refundNo(), known);
            } else if (known.how == How.ABNORMAL) {
                known.how = How.PROCESSING;
            }
            return answer(order, known);
        });
    }

    private Given accepted(RefundOrder order, Till till) {
        long amount = order.amount().minorUnits();
        if (till.paidBy == null || amount > till.amount - till.promised() || (!calm && random.nextInt(7) == 0)) {
            throw new ProviderRefused("NOT_ENOUGH", "not possible");
        }
        return new Given(amount, random.nextInt(3) == 0 ? How.SUCCEEDED : How.PROCESSING);
    }

    @Override
    public Optional<RefundAnswer> queryRefund(RefundOrder order) {
        return asked(() -> Optional.ofNullable(till(order.outTradeNo()).given.get(order.refundNo()))
                .map(given -> answer(order, given)));
    }

    private RefundAnswer answer(RefundOrder order, Given given) {
        return switch (given.how) {
            case PROCESSING -> new RefundAnswer.Accepted("G" + order.refundNo());
            case ABNORMAL -> new RefundAnswer.Stuck("ABNORMAL", "G" + order.refundNo());
            case SUCCEEDED, FAILED -> new RefundAnswer.Ended(refunded(order.outTradeNo(), order.refundNo(), given));
        };
    }

    private Fact.Paid paid(String outTradeNo, Till till) {
        return new Fact.Paid(
                outTradeNo,
                identity(House.ACCOUNT),
                Objects.requireNonNull(till.paidBy),
                Money.fen(till.amount),
                StoryClock.BEGINNING);
    }

    private Fact.Refunded refunded(String outTradeNo, String number, Given given) {
        return new Fact.Refunded(
                outTradeNo,
                identity(House.ACCOUNT),
                switch (given.how) {
                    case SUCCEEDED -> RefundResult.SUCCEEDED;
                    case FAILED -> RefundResult.FAILED;
                    case ABNORMAL, PROCESSING -> RefundResult.ABNORMAL;
                },
                null,
                number,
                "G" + number,
                Money.fen(given.amount),
                null,
                Money.fen(till(outTradeNo).amount),
                null);
    }
}
