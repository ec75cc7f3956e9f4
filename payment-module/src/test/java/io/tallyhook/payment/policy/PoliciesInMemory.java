package io.tallyhook.payment.policy;

import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.fulfilment.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import tallyhook.testing.Nowhere;

/** The real policies, over rows in memory. */
public final class PoliciesInMemory {

    /** As {@code tallyhook.policies} says in the same story on PostgreSQL. */
    public static final long REFUND_AT_MOST = 5_000;

    private final Parked parked;
    private final PolicySettings settings;
    private final PolicySweep sweep;
    private List<Decided> decided = new ArrayList<>();

    public PoliciesInMemory(
            Parked parked,
            long refundAtMost,
            PlatformTransactionManager transactions,
            Sweep handOut,
            Refunds refunds,
            PaymentsUnderDecision payments) {
        this.parked = parked;
        this.settings = settings(refundAtMost);
        var started = new StartedRows();
        var reopen = new Reopen(Nowhere.jdbc()) {
            @Override
            public boolean reopen(String outTradeNo) {
                return decided.stream().noneMatch(one -> one.is(outTradeNo, "STARTED")) && parked.reopen(outTradeNo);
            }
        };
        var decide = new DecideParked(new Rows(settings), settings, reopen, noWallet(payments), handOut, transactions);
        this.sweep = new PolicySweep(decide, started, new AskForRefund(refunds, started));
    }

    private static CreditToWallet noWallet(PaymentsUnderDecision payments) {
        var creditable = new Creditable(Nowhere.jdbc(), Nowhere.beans(List.of()), Nowhere.beans(List.of()));
        return new CreditToWallet(Nowhere.jdbc(), payments, creditable);
    }

    private static PolicySettings settings(long refundAtMost) {
        var usual = Map.of(
                PolicyCase.LATE, Action.REOPEN,
                PolicyCase.SURPLUS, Action.REFUND,
                PolicyCase.CANCELLED, Action.REFUND,
                PolicyCase.AMOUNT, Action.ASK);
        var vip = Map.of(
                PolicyCase.LATE, Action.REFUND,
                PolicyCase.SURPLUS, Action.REFUND,
                PolicyCase.CANCELLED, Action.ASK,
                PolicyCase.AMOUNT, Action.ASK);
        return new PolicySettings(Duration.ofMinutes(1), refundAtMost, 0, Map.of("VIP", vip), usual);
    }

    /** The payments and refunds beside the decisions. */
    public interface Parked {

        Instant now();

        /** Those that are parked, held by no refund and undecided, with the time since when. */
        Map<String, Instant> undecided();

        void isDecided(String outTradeNo);

        String purpose(String outTradeNo);

        ParkingReason reason(String outTradeNo);

        long amount(String outTradeNo);

        boolean reopen(String outTradeNo);

        /** {@code SUCCEEDED}, {@code FAILED} or something else. */
        String refundState(String outTradeNo, String refundNo);
    }

    /** A decision. */
    public record Decided(
            String outTradeNo,
            ParkingReason reason,
            Action action,
            String why,
            String result,
            @Nullable String refundNo,
            int attempts,
            @Nullable Instant dueAt) {

        boolean is(String number, String what) {
            return outTradeNo.equals(number) && result.equals(what);
        }

        Decided now(String newResult) {
            return new Decided(outTradeNo, reason, action, why, newResult, refundNo, attempts, null);
        }
    }

    public Runnable remember() {
        var before = new ArrayList<>(decided);
        return () -> decided = before;
    }

    public List<Decided> decisions() {
        return decided;
    }

    public boolean decideOne() {
        return sweep.decideOne();
    }

    public boolean askForOne() {
        return sweep.askForOne();
    }

    public void learn() {
        decided.replaceAll(one -> {
            if (!one.result().equals("REFUNDING")) {
                return one;
            }
            return switch (parked.refundState(one.outTradeNo(), String.valueOf(one.refundNo()))) {
                case "SUCCEEDED" -> one.now("DONE");
                case "FAILED" -> one.now("ASKS");
                default -> one;
            };
        });
    }

    private final class Rows extends Decisions {

        Rows(PolicySettings settings) {
            super(Nowhere.jdbc(), settings);
        }

        @Override
        Optional<ParkedPayment> claim() {
            var latest = parked.now().minus(settings.after());
            var claimed = parked.undecided().entrySet().stream()
                    .filter(row -> !row.getValue().isAfter(latest))
                    .min(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey);
            claimed.ifPresent(parked::isDecided);
            return claimed.map(number -> new ParkedPayment(
                    number, parked.purpose(number), parked.reason(number), parked.amount(number), again(number)));
        }

        private boolean again(String number) {
            return decided.stream()
                    .anyMatch(one -> one.outTradeNo().equals(number)
                            && one.reason() == parked.reason(number)
                            && one.action() != Action.ASK);
        }

        @Override
        void write(ParkedPayment payment, Verdict verdict, @Nullable String refundNo) {
            var result = switch (verdict.action()) {
                case REFUND -> "STARTED";
                case REOPEN -> "DONE";
                case ASK, CREDIT_TO_WALLET -> "ASKS";
            };
            decided.add(new Decided(
                    payment.outTradeNo(),
                    payment.reason(),
                    verdict.action(),
                    verdict.why().name(),
                    result,
                    refundNo,
                    1,
                    result.equals("STARTED") ? parked.now().plus(PolicySettings.LEASE) : null));
        }
    }

    private final class StartedRows extends StartedRefunds {

        StartedRows() {
            super(Nowhere.jdbc());
        }

        @Override
        Optional<StartedRefund> claim() {
            var now = parked.now();
            var due = decided.stream()
                    .filter(one -> one.dueAt() != null && !one.dueAt().isAfter(now))
                    .min(Comparator.comparing(one -> one.dueAt() == null ? Instant.MAX : one.dueAt()));
            return due.map(one -> {
                var claimed = new Decided(
                        one.outTradeNo(),
                        one.reason(),
                        one.action(),
                        one.why(),
                        one.result(),
                        one.refundNo(),
                        one.attempts() + 1,
                        now.plus(PolicySettings.LEASE));
                decided.set(decided.indexOf(one), claimed);
                return new StartedRefund(
                        one.outTradeNo(),
                        String.valueOf(one.refundNo()),
                        one.reason(),
                        parked.amount(one.outTradeNo()),
                        "policy:" + parked.purpose(one.outTradeNo()),
                        claimed.attempts());
            });
        }

        @Override
        void refunding(StartedRefund refund) {
            end(refund, "REFUNDING");
        }

        @Override
        void asks(StartedRefund refund, String why) {
            end(refund, "ASKS");
        }

        private void end(StartedRefund refund, String result) {
            decided.replaceAll(one ->
                    one.is(refund.outTradeNo(), "STARTED") && refund.refundNo().equals(one.refundNo())
                            ? one.now(result)
                            : one);
        }
    }
}
