package io.tallyhook.payment.policy;

import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.WalletCredit;
import io.tallyhook.payment.booking.KnownPayment;
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
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.Nowhere;

/** The real policies, over rows in memory. */
public final class PoliciesInMemory {

    /** As {@code tallyhook.policies} says in the same story on PostgreSQL. */
    public static final long REFUND_AT_MOST = 5_000;

    /** As above. */
    public static final long CREDIT_AT_MOST = 7_000;

    private final Parked parked;
    private final PolicySettings settings;
    private final PolicySweep sweep;
    private final CreditToWallet wallet;
    private final TransactionTemplate transaction;
    private List<Decided> decided = new ArrayList<>();

    public PoliciesInMemory(
            Parked parked,
            Limits limits,
            PlatformTransactionManager transactions,
            Sweep handOut,
            Refunds refunds,
            PaymentsUnderDecision payments,
            WalletCredit wallet) {
        this.parked = parked;
        this.settings = settings(limits);
        this.transaction = new TransactionTemplate(transactions);
        this.wallet = credit(payments, wallet);
        var started = new StartedRows();
        var reopen = new Reopen(Nowhere.jdbc()) {
            @Override
            public boolean reopen(String outTradeNo) {
                return decided.stream().noneMatch(one -> one.is(outTradeNo, "STARTED")) && parked.reopen(outTradeNo);
            }
        };
        var decide = new DecideParked(new Rows(settings), settings, reopen, this.wallet, handOut, transactions);
        this.sweep = new PolicySweep(decide, started, new AskForRefund(refunds, started));
    }

    /** How much a policy may move without a person, in minor units. */
    public record Limits(long refund, long credit) {}

    private CreditToWallet credit(PaymentsUnderDecision payments, WalletCredit kept) {
        var creditable = new Creditable(Nowhere.jdbc(), Nowhere.beans(List.of(kept)), Nowhere.beans(List.of())) {
            @Override
            boolean isGoingBack(String outTradeNo) {
                return parked.isHeld(outTradeNo) || decided.stream().anyMatch(one -> one.is(outTradeNo, "STARTED"));
            }
        };
        return new CreditToWallet(Nowhere.jdbc(), payments, creditable) {
            @Override
            void mark(KnownPayment payment, String reference) {
                parked.isCredited(payment.outTradeNo(), reference);
            }
        };
    }

    private static PolicySettings settings(Limits limits) {
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
        var card = Map.of(
                PolicyCase.LATE, Action.CREDIT_TO_WALLET,
                PolicyCase.SURPLUS, Action.CREDIT_TO_WALLET,
                PolicyCase.CANCELLED, Action.CREDIT_TO_WALLET,
                PolicyCase.AMOUNT, Action.ASK);
        return new PolicySettings(
                Duration.ofMinutes(1), limits.refund(), limits.credit(), Map.of("VIP", vip, "CARD", card), usual);
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

        /** By a refund that keeps it from being handed out. */
        boolean isHeld(String outTradeNo);

        void isCredited(String outTradeNo, String reference);

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

    /** @throws Refusal if it cannot be */
    public void credit(String outTradeNo, String actor) {
        transaction.executeWithoutResult(status -> {
            if (wallet.credit(outTradeNo, actor, "as agreed") instanceof CreditToWallet.Outcome.Refused(var refusal)) {
                throw refusal;
            }
        });
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

        @Override
        boolean claim(ParkedPayment payment) {
            var number = payment.outTradeNo();
            boolean waits = parked.undecided().containsKey(number) && parked.reason(number) == payment.reason();
            if (waits) {
                parked.isDecided(number);
            }
            return waits;
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
                case REOPEN, CREDIT_TO_WALLET -> "DONE";
                case ASK -> "ASKS";
            };
            add(payment, verdict, result, refundNo);
        }

        @Override
        void writeInVain(ParkedPayment payment, Verdict verdict, String why) {
            add(payment, verdict, "ASKS", null);
        }

        private void add(ParkedPayment payment, Verdict verdict, String result, @Nullable String refundNo) {
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
