package io.tallyhook.payment.refund;

import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.InMemory;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentSettings;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.WalletCredit;
import io.tallyhook.payment.booking.ConfirmPayments;
import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.KnownRefund;
import io.tallyhook.payment.booking.KnownRefund.State;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.provider.PaymentGateway;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import tallyhook.testing.Nowhere;

/** The real refunds, over rows in memory. */
public final class RefundsInMemory {

    private final Payments payments;
    private final RefundSettings settings;

    private final Heeded heeded;

    private final RequestRefund requests;
    private final DecideRefund decisions;
    private final GiveUp giveUp;
    private final RefundSweep sweep;
    private final Refunds entry;
    private Map<String, StoredRefund> rows = new LinkedHashMap<>();

    /**
     * What counts.
     *
     * @param leases else everybody takes on what another is sending
     * @param proposals else what is to be given up is sent again
     * @param proposers else nobody remembers who has proposed to give it up
     */
    public record Heeded(boolean leases, boolean proposals, boolean proposers) {}

    /** The payments beside the refunds. */
    public interface Payments {

        Instant now();

        KnownPayment payment(String outTradeNo);

        void keepFromBeingHandedOut(String outTradeNo);

        void alignFulfilment(String outTradeNo);
    }

    public RefundsInMemory(
            Payments payments,
            PaymentsUnderDecision underDecision,
            ConfirmPayments confirmPayments,
            Intake intake,
            PlatformTransactionManager transactions,
            PaymentGateway gateway,
            List<Entitlement> entitlements,
            WalletCredit wallet,
            RefundSettings settings,
            Heeded heeded) {
        this.heeded = heeded;
        this.payments = payments;
        this.settings = settings;
        var clock = Clock.systemUTC();
        var parties = new RefundParties(
                Nowhere.beans(List.of(gateway)),
                Nowhere.beans(List.of()),
                Nowhere.beans(entitlements),
                Nowhere.beans(List.of(wallet)));
        var intents = new Intents();
        var ended = new ToUnwind();
        var due = new Due();
        var unwind = new UnwindRefund(underDecision, ended, parties);
        var atOnce = new RefundAtOnce(confirmPayments, unwind, intents, clock);
        var book = new BookIntent(transactions, underDecision, intents, parties, atOnce, settings);
        var advance =
                new AdvanceRefund(parties, due, intake, new PaymentSettings(URI.create("https://pay.example.com")));
        this.requests = new RequestRefund(book, due, advance);
        this.sweep = new RefundSweep(due, advance, ended, unwind, transactions, settings);
        sweep.destroy();
        this.decisions = new DecideRefund(transactions, underDecision, new Second(), book, due, advance, sweep);
        this.giveUp = new GiveUp(transactions, underDecision, new Hopeless(), confirmPayments, due, advance, clock);
        this.entry = InMemory.refunds(requests, new PreviewRefund(underDecision, parties, settings), decisions);
    }

    /** The bounds as usual, with this limit. */
    public static RefundSettings settings(long secondPersonAbove) {
        return new RefundSettings(
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                50,
                4,
                Duration.ofSeconds(15),
                Duration.ofHours(2),
                Duration.ofHours(6),
                secondPersonAbove,
                Duration.ofHours(1));
    }

    public Runnable remember() {
        var before = new LinkedHashMap<String, StoredRefund>();
        rows.forEach((key, row) -> before.put(key, row.copy()));
        return () -> rows = before;
    }

    public Refunds entry() {
        return entry;
    }

    public void request(RefundRequest asked) {
        requests.request(asked);
    }

    public boolean tryAgain(String outTradeNo, String refundNo) {
        return requests.tryAgain(outTradeNo, refundNo);
    }

    public void approve(String outTradeNo, String refundNo, String actor) {
        decisions.approve(outTradeNo, refundNo, actor);
    }

    public void reject(String outTradeNo, String refundNo, String actor) {
        decisions.reject(outTradeNo, refundNo, actor, "no");
    }

    public void proposeGivingUp(String outTradeNo, String refundNo, String as, String actor) {
        giveUp.propose(outTradeNo, refundNo, as, "as the console says", as.equals("FAILED") ? null : "B-1", actor);
    }

    public void confirmGivingUp(String outTradeNo, String refundNo, String actor) {
        giveUp.confirm(outTradeNo, refundNo, actor);
    }

    public void rejectGivingUp(String outTradeNo, String refundNo, String actor) {
        giveUp.reject(outTradeNo, refundNo, actor);
    }

    public boolean advanceOne() {
        return sweep.advanceOne();
    }

    public boolean unwindOne() {
        return sweep.unwindOne();
    }

    /** Of one payment, oldest first. */
    public List<StoredRefund> of(String outTradeNo) {
        return rows.values().stream()
                .filter(row -> row.outTradeNo.equals(outTradeNo))
                .toList();
    }

    /** As a decision sees them. */
    public Map<String, KnownRefund> known(KnownPayment payment) {
        var known = new HashMap<String, KnownRefund>();
        for (var row : of(payment.outTradeNo())) {
            known.put(
                    row.refundNo,
                    new KnownRefund(
                            row.refundNo,
                            new Money(row.amount, payment.amount().currency()),
                            row.state,
                            row.unapproved(),
                            row.givenUpBy != null));
        }
        return Map.copyOf(known);
    }

    /** Moves or writes down the refund of a booking. */
    public void write(Decision.Change change) {
        var refund = Objects.requireNonNull(change.refund());
        var outTradeNo = change.after().outTradeNo();
        var row = rows.computeIfAbsent(
                key(outTradeNo, refund.refundNo()),
                absent -> new StoredRefund(
                        outTradeNo,
                        refund.refundNo(),
                        State.PROCESSING,
                        refund.amount().minorUnits(),
                        "started at the provider",
                        null,
                        null,
                        false,
                        false,
                        payments.now()));
        if (!row.isUnderWay() || row.amount != refund.amount().minorUnits()) {
            throw new IllegalStateException("Refund %s cannot be written".formatted(refund.refundNo()));
        }
        row.state = refund.state();
        row.settledAt = payments.now();
        row.unwindDueAt = payments.now();
        row.dueAt = null;
        row.stuckAt = null;
        row.unclear &= refund.state() == State.FAILED;
    }

    public void askSoon(String outTradeNo, String refundNo) {
        var row = rows.get(key(outTradeNo, refundNo));
        if (row != null && row.dueAt != null && isAskable(row.dueAt) && row.dueAt.isAfter(payments.now())) {
            row.dueAt = payments.now();
        }
    }

    private static boolean isAskable(Instant dueAt) {
        return !dueAt.equals(StoredRefund.NEVER);
    }

    private static String key(String outTradeNo, String refundNo) {
        return outTradeNo + " " + refundNo;
    }

    private StoredRefund row(String outTradeNo, String refundNo) {
        return Objects.requireNonNull(rows.get(key(outTradeNo, refundNo)));
    }

    private Stream<StoredRefund> all() {
        return rows.values().stream();
    }

    private final class Due extends DueRefunds {

        Due() {
            super(Nowhere.jdbc(), RefundsInMemory.this.settings);
        }

        @Override
        Optional<DueRefund> claim() {
            var now = payments.now();
            return claim(row -> row.dueAt != null && !row.dueAt.isAfter(now));
        }

        @Override
        Optional<DueRefund> claim(String outTradeNo, String refundNo) {
            return claim(row -> row.outTradeNo.equals(outTradeNo)
                    && row.refundNo.equals(refundNo)
                    && row.dueAt != null
                    && isAskable(row.dueAt)
                    && (!heeded.leases() || row.leasedUntil == null || !row.leasedUntil.isAfter(payments.now())));
        }

        @Override
        boolean renew(DueRefund refund) {
            var row = row(refund.outTradeNo(), refund.refundNo());
            boolean ours = !heeded.leases() || row.dueAt != null && row.attempts == refund.attempts();
            if (ours) {
                isLeased(row);
            }
            return ours;
        }

        private void isLeased(StoredRefund row) {
            row.dueAt = payments.now().plus(settings.lease());
            row.leasedUntil = row.dueAt;
        }

        private void ends(StoredRefund row, DueRefund lease) {
            row.leasedUntil = row.attempts == lease.attempts() ? null : row.leasedUntil;
        }

        private Optional<DueRefund> claim(Predicate<StoredRefund> which) {
            var claimed = all().filter(which)
                    .min(Comparator.comparing(row -> row.dueAt == null ? StoredRefund.NEVER : row.dueAt));
            claimed.ifPresent(row -> {
                row.attempts++;
                isLeased(row);
            });
            return claimed.map(this::due);
        }

        private DueRefund due(StoredRefund row) {
            var payment = payments.payment(row.outTradeNo);
            return new DueRefund(
                    row.outTradeNo,
                    row.refundNo,
                    payment.provider(),
                    payment.account(),
                    new Money(row.amount, payment.amount().currency()),
                    payment.amount(),
                    row.reason,
                    row.state == State.PROCESSING,
                    row.attempts,
                    row.giveUpAs != null && heeded.proposals());
        }

        @Override
        Optional<DueRefund> justWritten(String outTradeNo, String refundNo) {
            return Optional.ofNullable(rows.get(key(outTradeNo, refundNo)))
                    .filter(row -> row.state == State.REQUESTED && !row.unapproved())
                    .map(this::due);
        }

        @Override
        void accepted(DueRefund refund, @Nullable String providerRefundId) {
            processing(refund, false, settings.gap(refund.attempts()));
        }

        @Override
        void stuck(DueRefund refund, String state, @Nullable String providerRefundId) {
            processing(refund, true, settings.stuckGap());
        }

        private void processing(DueRefund refund, boolean stuck, Duration gap) {
            var row = row(refund.outTradeNo(), refund.refundNo());
            if (row.dueAt != null) {
                row.state = State.PROCESSING;
                row.stuckAt = stuck ? payments.now() : null;
                row.unclear = stuck;
                row.dueAt = payments.now().plus(gap);
                ends(row, refund);
            }
        }

        @Override
        void unclear(DueRefund refund, String why) {
            var row = row(refund.outTradeNo(), refund.refundNo());
            if (row.dueAt != null) {
                row.dueAt = payments.now().plus(settings.gap(refund.attempts()));
                row.unclear = true;
                ends(row, refund);
            }
        }
    }

    private final class Intents extends RefundIntents {

        Intents() {
            super(Nowhere.jdbc(), RefundsInMemory.this.settings);
        }

        @Override
        Optional<Known> withNumberOf(RefundRequest asked) {
            return all().filter(row -> row.refundNo.equals(asked.refundNo())
                            && (row.requestedBy != null || row.outTradeNo.equals(asked.outTradeNo())))
                    .min(Comparator.comparing(row -> !row.outTradeNo.equals(asked.outTradeNo())))
                    .map(row -> new Known(row.outTradeNo, row.amount));
        }

        @Override
        void keepFromBeingHandedOut(KnownPayment payment) {
            if (payment.state() == PaymentState.PAID) {
                payments.keepFromBeingHandedOut(payment.outTradeNo());
            }
        }

        @Override
        boolean insert(TakeBack refund, boolean taken, boolean waits) {
            var row = new StoredRefund(
                    refund.outTradeNo(),
                    refund.refundNo(),
                    State.REQUESTED,
                    refund.amount().minorUnits(),
                    refund.reason(),
                    refund.actor(),
                    refund.goneBefore().minorUnits(),
                    taken,
                    waits,
                    payments.now());
            row.attempts = waits ? 0 : 1;
            row.dueAt = waits ? StoredRefund.NEVER : payments.now().plus(settings.lease());
            row.leasedUntil = waits ? null : row.dueAt;
            return rows.putIfAbsent(key(row.outTradeNo, row.refundNo), row) == null;
        }
    }

    private final class Second extends WaitingRefunds {

        Second() {
            super(Nowhere.jdbc(), RefundsInMemory.this.settings, InMemory.interventions());
        }

        @Override
        Optional<WaitingRefund> lock(String outTradeNo, String refundNo) {
            return Optional.ofNullable(rows.get(key(outTradeNo, refundNo)))
                    .filter(row -> row.unapproved() && row.state == State.REQUESTED)
                    .map(row -> new WaitingRefund(
                            row.refundNo,
                            row.amount,
                            row.reason,
                            String.valueOf(row.requestedBy),
                            row.goneBefore == null ? 0 : row.goneBefore));
        }

        @Override
        void approve(String outTradeNo, String refundNo, String actor) {
            var row = row(outTradeNo, refundNo);
            row.approvedBy = actor;
            row.approvedAt = payments.now();
            row.attempts = 1;
            row.dueAt = payments.now().plus(settings.lease());
            row.leasedUntil = row.dueAt;
        }

        @Override
        void reject(String outTradeNo, WaitingRefund refund, String actor, String note) {
            var row = row(outTradeNo, refund.refundNo());
            row.state = State.FAILED;
            row.dueAt = null;
            row.settledAt = payments.now();
            row.unwindDueAt = payments.now();
        }
    }

    private final class Hopeless extends HopelessRefunds {

        Hopeless() {
            super(Nowhere.jdbc(), RefundsInMemory.this.settings, InMemory.interventions());
        }

        @Override
        Optional<HopelessRefund> lock(String outTradeNo, String refundNo) {
            return Optional.ofNullable(rows.get(key(outTradeNo, refundNo)))
                    .filter(this::isHopeless)
                    .map(row -> new HopelessRefund(proposal(row)));
        }

        private boolean isHopeless(StoredRefund row) {
            var since = row.approvedAt == null ? row.createdAt : row.approvedAt;
            boolean longAgo = since.isBefore(payments.now().minus(settings.giveUpAfter()));
            return row.stuckAt != null || row.dueAt != null && isAskable(row.dueAt) && row.unclear && longAgo;
        }

        private Optional<Proposal> proposal(StoredRefund row) {
            if (row.giveUpAs == null || row.giveUpBy == null || row.giveUpAt == null) {
                return Optional.empty();
            }
            return Optional.of(new Proposal(
                    heeded.proposers() ? row.giveUpBy : "nobody",
                    row.giveUpAs.equals("SUCCEEDED"),
                    "why",
                    row.amount,
                    !row.giveUpAt.isAfter(payments.now().minus(settings.lease()))));
        }

        @Override
        void propose(
                String outTradeNo,
                String refundNo,
                String as,
                String reason,
                @Nullable String reference,
                String actor) {
            proposed(row(outTradeNo, refundNo), as, actor, payments.now());
        }

        @Override
        void confirmed(String outTradeNo, String refundNo, Proposal proposal, String actor) {
            row(outTradeNo, refundNo).givenUpBy = actor;
        }

        @Override
        void reject(String outTradeNo, String refundNo, Proposal proposal, String actor) {
            proposed(row(outTradeNo, refundNo), null, null, null);
        }

        private static void proposed(
                StoredRefund row, @Nullable String as, @Nullable String actor, @Nullable Instant at) {
            row.giveUpAs = as;
            row.giveUpBy = actor;
            row.giveUpAt = at;
        }
    }

    private final class ToUnwind extends RefundsToUnwind {

        ToUnwind() {
            super(Nowhere.jdbc(), RefundsInMemory.this.settings);
        }

        @Override
        Optional<Claimed> claim() {
            var now = payments.now();
            var claimed = all().filter(row -> row.unwindDueAt != null && !row.unwindDueAt.isAfter(now))
                    .min(Comparator.comparing(row -> row.unwindDueAt == null ? StoredRefund.NEVER : row.unwindDueAt));
            claimed.ifPresent(row -> {
                row.unwindAttempts++;
                row.unwindDueAt = now.plus(settings.lease());
            });
            return claimed.map(row -> new Claimed(row.outTradeNo, row.refundNo, row.unwindAttempts));
        }

        @Override
        Optional<EndedRefund> lock(String outTradeNo, String refundNo) {
            return Optional.of(row(outTradeNo, refundNo))
                    .filter(row -> row.unwindDueAt != null)
                    .map(row -> new EndedRefund(
                            row.refundNo,
                            row.state,
                            row.amount,
                            row.reason,
                            row.requestedBy,
                            row.goneBefore,
                            row.taken,
                            Objects.requireNonNull(row.settledAt)));
        }

        @Override
        boolean somethingComesBack(String outTradeNo, boolean exceeded) {
            return of(outTradeNo).stream()
                    .anyMatch(row -> row.taken
                            && (row.state == State.FAILED && row.unwindDueAt != null || exceeded && row.isUnderWay()));
        }

        @Override
        void waits(String outTradeNo, String refundNo) {
            row(outTradeNo, refundNo).unwindDueAt = payments.now().plus(settings.firstGap());
        }

        @Override
        void unwound(String outTradeNo, String refundNo, Optional<Long> shortAmount) {
            var row = row(outTradeNo, refundNo);
            row.unwindDueAt = null;
            row.shortAmount = shortAmount.orElse(null);
        }

        @Override
        void alignFulfilment(String outTradeNo) {
            payments.alignFulfilment(outTradeNo);
        }

        @Override
        void failed(Claimed refund, Throwable cause) {
            var row = row(refund.outTradeNo(), refund.refundNo());
            if (row.unwindDueAt != null) {
                row.unwindDueAt = payments.now().plus(settings.gap(refund.attempts()));
            }
        }
    }
}
