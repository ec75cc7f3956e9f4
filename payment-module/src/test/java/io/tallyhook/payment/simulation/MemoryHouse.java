package io.tallyhook.payment.simulation;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.asking.AskingInMemory;
import io.tallyhook.payment.asking.AskingSettings;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.BookingInMemory;
import io.tallyhook.payment.booking.ConfirmPayments;
import io.tallyhook.payment.booking.Decide;
import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.KnownRefund;
import io.tallyhook.payment.fulfilment.SweepInMemory;
import io.tallyhook.payment.policy.PoliciesInMemory;
import io.tallyhook.payment.provider.PaymentGateway;
import io.tallyhook.payment.refund.RefundsInMemory;
import io.tallyhook.payment.refund.StoredRefund;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The whole module over a store in memory: the classes that decide, send, ask and unwind are the real ones, and only the SQL is
 * done in Java.
 */
final class MemoryHouse extends MemoryWorld implements House {

    static final AskingSettings ASKING = new AskingSettings(
            false,
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofDays(1),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            1_000,
            1_000,
            Duration.ofMinutes(1),
            Duration.ofDays(90));

    private static final Set<ParkingReason> WITH_A_POLICY =
            EnumSet.of(ParkingReason.LATE, ParkingReason.SURPLUS, ParkingReason.CANCELLED_BEFORE);

    private final Iterator<String> numbers;
    private final @Nullable Flaw flaw;
    private final MemoryTransactions transactions = new MemoryTransactions(this::remember);
    private final StoryClock clock = new StoryClock();
    private final ConfirmPayments confirmPayments;
    private final RefundsInMemory refunds;
    private final AskingInMemory asking;
    private final PoliciesInMemory policies;
    private final Map<String, Bill> bills = new HashMap<>();
    private final Map<String, Instant> expiry = new HashMap<>();
    private Map<String, Held> held = new HashMap<>();
    private Map<String, Instant> undecided = new LinkedHashMap<>();
    private List<Call> calls = new ArrayList<>();
    private long tick;

    private record Held(
            FulfilmentState fulfilment, @Nullable ParkingReason reason) {}

    /** @param numbers of the payments that will be opened */
    MemoryHouse(Iterator<String> numbers, Bank bank, ShopFloor floor, @Nullable Flaw flaw) {
        super(Decide::decide, Play.SETTINGS);
        this.numbers = numbers;
        this.flaw = flaw;
        var store = new Booked();
        var underDecision = BookingInMemory.payments(store);
        this.confirmPayments = BookingInMemory.confirmPayments(
                store, underDecision, event -> publish((PaymentsConfirmed) event), Play.SETTINGS, clock);
        var intake = BookingInMemory.intake(confirmPayments, transactions, List.of(bank));
        PaymentGateway gateway = flaw == null ? bank : new FlawedBank(bank, flaw);
        var modules = flaw == null ? floor.entitlements() : FlawedEntitlement.of(floor.entitlements(), flaw);
        var wallet = Wallet.of(floor);
        long secondPerson = is(Flaw.THE_SECOND_PERSON_IS_FORGOTTEN) ? Long.MAX_VALUE : SECOND_PERSON_ABOVE;
        this.refunds = new RefundsInMemory(
                new BesideRefunds(),
                underDecision,
                confirmPayments,
                intake,
                transactions,
                gateway,
                modules,
                is(Flaw.WHAT_WAS_CREDITED_IS_ASKED_OF_THE_ORDER) ? new Wallet("GOODS", floor::credit) : wallet,
                RefundsInMemory.settings(secondPerson),
                new RefundsInMemory.Heeded(
                        !is(Flaw.TWO_SEND_ONE_REFUND),
                        !is(Flaw.WHAT_IS_TO_BE_GIVEN_UP_IS_SENT),
                        !is(Flaw.ONE_PERSON_GIVES_UP)));
        this.asking = new AskingInMemory(new BesideAsking(), ASKING, gateway, intake, transactions, clock, () -> 0);
        var limits = new PoliciesInMemory.Limits(
                is(Flaw.POLICIES_KNOW_NO_LIMIT) ? Long.MAX_VALUE : PoliciesInMemory.REFUND_AT_MOST,
                is(Flaw.POLICIES_CREDIT_ANY_AMOUNT) ? Long.MAX_VALUE : PoliciesInMemory.CREDIT_AT_MOST);
        this.policies = new PoliciesInMemory(
                new BesidePolicies(),
                limits,
                transactions,
                new SweepInMemory(transactions, this::handOutNow),
                refunds.entry(),
                is(Flaw.WHAT_GOES_BACK_IS_CREDITED_TOO)
                        ? BookingInMemory.payments(new WithoutRefunds(store))
                        : underDecision,
                wallet);
    }

    private boolean is(Flaw one) {
        return flaw == one;
    }

    @Override
    Runnable remember() {
        var all = List.of(super.remember(), refunds.remember(), asking.remember(), policies.remember());
        var heldBefore = new HashMap<>(held);
        var undecidedBefore = new LinkedHashMap<>(undecided);
        var callsBefore = new ArrayList<>(calls);
        return () -> {
            all.forEach(Runnable::run);
            held = heldBefore;
            undecided = undecidedBefore;
            calls = callsBefore;
        };
    }

    /** A little later each time, so that of two things it is known which was first. */
    @Override
    Instant now() {
        return super.now().plusNanos(1_000 * ++tick);
    }

    @Override
    public void jump(Duration time) {
        super.jump(time);
        clock.jump(time);
    }

    @Override
    public String open(Bill bill) {
        var number = numbers.next();
        var lasting = bill.expiresIn() == null && bill.ordered() ? Duration.ofHours(2) : bill.expiresIn();
        bills.put(number, bill);
        if (lasting != null) {
            expiry.put(number, clock.instant().plus(lasting));
        }
        add(Row.opened(number, bill.purpose(), bill.reference(), PROVIDER, ACCOUNT, Money.fen(bill.amount())));
        asking.await(number, bill.ordered(), clock.instant());
        return number;
    }

    @Override
    public void close(String outTradeNo) {
        if (row(outTradeNo).payment().state() == PaymentState.PENDING) {
            asking.closeNow(PROVIDER, ACCOUNT, outTradeNo, bill(outTradeNo).ordered());
        }
    }

    @Override
    public Optional<List<Decision>> book(List<Booking> group, boolean killed) {
        var decisions = new TransactionTemplate(transactions).execute(status -> {
            if (killed) {
                status.setRollbackOnly();
            }
            return confirmPayments.book(group, decided -> {});
        });
        return killed ? Optional.empty() : Optional.of(decisions);
    }

    @Override
    void put(Row row) {
        put(row, held.get(row.payment().outTradeNo()));
    }

    /** What is parked now for a reason that has a policy waits for it from now on, as a trigger says in the database. */
    private void put(Row row, @Nullable Held newlyHeld) {
        var payment = row.payment();
        var number = payment.outTradeNo();
        var before = row(number).payment();
        boolean parked = payment.fulfilment() == FulfilmentState.PARKED
                && payment.state() == PaymentState.PAID
                && newlyHeld == null
                && WITH_A_POLICY.contains(Objects.requireNonNull(payment.reason()));
        boolean changed = before.fulfilment() != payment.fulfilment()
                || before.reason() != payment.reason()
                || !Objects.equals(held.get(number), newlyHeld);
        if (parked && changed) {
            undecided.put(number, now());
        }
        super.put(row);
        if (newlyHeld == null) {
            held.remove(number);
        } else {
            held.put(number, newlyHeld);
        }
    }

    private void handOutNow(String outTradeNo) {
        if (row(outTradeNo).dueAt() != null) {
            fulfilment().claim(List.of(row(outTradeNo)));
        }
    }

    @Override
    public void request(RefundRequest asked) {
        refunds.request(asked);
    }

    @Override
    public void approve(String outTradeNo, String refundNo, String actor) {
        refunds.approve(outTradeNo, refundNo, actor);
    }

    @Override
    public void reject(String outTradeNo, String refundNo, String actor) {
        refunds.reject(outTradeNo, refundNo, actor);
    }

    @Override
    public void tryAgain(String outTradeNo, String refundNo) {
        if (!refunds.tryAgain(outTradeNo, refundNo)) {
            throw Refusal.conflict("nothing-due", "There is nothing to try again.");
        }
    }

    @Override
    public void proposeGivingUp(String outTradeNo, String refundNo, boolean paidOut, String actor) {
        refunds.proposeGivingUp(outTradeNo, refundNo, paidOut ? "SUCCEEDED" : "FAILED", actor);
    }

    @Override
    public void confirmGivingUp(String outTradeNo, String refundNo, String actor) {
        refunds.confirmGivingUp(outTradeNo, refundNo, actor);
    }

    @Override
    public void rejectGivingUp(String outTradeNo, String refundNo, String actor) {
        refunds.rejectGivingUp(outTradeNo, refundNo, actor);
    }

    @Override
    public void credit(String outTradeNo, String actor) {
        policies.credit(outTradeNo, actor);
    }

    @Override
    public boolean advanceOne() {
        return !is(Flaw.NOBODY_CLAIMS_WHAT_A_DEAD_INSTANCE_HAD) && refunds.advanceOne();
    }

    @Override
    public boolean unwindOne() {
        return refunds.unwindOne();
    }

    @Override
    public void asks() {
        asking.asks();
    }

    @Override
    public void isKilledBeforeAsking() {
        asking.isKilledAfterClaiming();
    }

    @Override
    public void askNow(String outTradeNo) {
        asking.askNow(PROVIDER, ACCOUNT, outTradeNo);
    }

    @Override
    public boolean decideOne() {
        return policies.decideOne();
    }

    @Override
    public boolean askForOne() {
        return !is(Flaw.POLICIES_ASK_ONCE) && policies.askForOne();
    }

    @Override
    public void learn() {
        policies.learn();
    }

    @Override
    public boolean isSold(String reference, String exceptFor) {
        return all().stream()
                .anyMatch(row -> row.handedOut() > 0
                        && row.payment().reference().equals(reference)
                        && !row.payment().outTradeNo().equals(exceptFor));
    }

    @Override
    public void note(Call call) {
        calls.add(call);
    }

    @Override
    public List<Call> calls(String outTradeNo) {
        return calls.stream()
                .filter(call -> call.outTradeNo().equals(outTradeNo))
                .toList();
    }

    @Override
    public List<Standing> standings(List<String> outTradeNos) {
        return outTradeNos.stream().map(this::standing).toList();
    }

    @Override
    public Standing standing(String number) {
        var row = row(number);
        var mine = held.get(number);
        var since = undecidedNow(number) ? undecided.get(number) : null;
        var awaited = asking.awaited(number);
        return new Standing(
                row.with(withRefunds(row.payment()), row.attempts(), row.dueAt()),
                seconds(row.dueAt()),
                mine == null ? null : mine.fulfilment(),
                seconds(since),
                awaited == null ? -1 : awaited.nextAskAt().getEpochSecond(),
                awaited == null ? 0 : awaited.asked(),
                awaited == null ? 0 : awaited.closings(),
                refunds.of(number).stream()
                        .map(StoredRefund::look)
                        .sorted(Comparator.comparing(StoredRefund.Look::refundNo))
                        .toList(),
                policies.decisions().stream()
                        .filter(one -> one.outTradeNo().equals(number))
                        .map(one -> new Standing.Decided(
                                one.reason().name(),
                                one.action().name(),
                                one.why(),
                                one.result(),
                                one.refundNo(),
                                one.attempts(),
                                seconds(one.dueAt())))
                        .toList(),
                calls(number));
    }

    private static long seconds(@Nullable Instant time) {
        return time == null ? -1 : time.getEpochSecond();
    }

    private Bill bill(String outTradeNo) {
        return Objects.requireNonNull(bills.get(outTradeNo));
    }

    private KnownPayment withRefunds(KnownPayment payment) {
        var known = refunds.known(payment);
        return payment.with(flaw == null ? known : flawed(new HashMap<>(known), flaw));
    }

    private static Map<String, KnownRefund> flawed(Map<String, KnownRefund> known, Flaw flaw) {
        if (flaw == Flaw.WHAT_WAS_GIVEN_UP_IS_FORGOTTEN) {
            known.replaceAll((number, refund) -> givenUp(refund, false));
        } else if (flaw == Flaw.WHAT_CONTRADICTS_PASSES_AS_GIVEN_UP) {
            known.replaceAll((number, refund) -> givenUp(refund, refund.state().isFinal()));
        }
        return known;
    }

    private static KnownRefund givenUp(KnownRefund refund, boolean givenUp) {
        return new KnownRefund(refund.refundNo(), refund.amount(), refund.state(), refund.unapproved(), givenUp);
    }

    private boolean undecidedNow(String number) {
        var payment = row(number).payment();
        return payment.fulfilment() == FulfilmentState.PARKED
                && payment.state() == PaymentState.PAID
                && !held.containsKey(number)
                && undecided.containsKey(number);
    }

    private final class Booked implements BookingInMemory.Store {

        @Override
        public Optional<KnownPayment> find(String outTradeNo) {
            return Optional.ofNullable(MemoryHouse.this.find(outTradeNo))
                    .map(row -> withRefunds(row.payment()))
                    .map(payment -> is(Flaw.REFUNDS_UNDER_WAY_ARE_NOT_COUNTED) ? withEndedRefunds(payment) : payment);
        }

        private KnownPayment withEndedRefunds(KnownPayment payment) {
            var ended = new HashMap<>(payment.refunds());
            ended.values().removeIf(refund -> !refund.state().isFinal());
            return payment.with(ended);
        }

        @Override
        public void write(Decision.Change change) {
            if (is(Flaw.WHAT_WENT_AFTER_ALL_IS_NOT_BOOKED) && isAfterAll(change.refund())) {
                return;
            }
            MemoryHouse.this.write(change);
            if (change.refund() != null) {
                refunds.write(change);
            }
        }

        private static boolean isAfterAll(@Nullable KnownRefund refund) {
            return refund != null && refund.refundNo().endsWith(Standing.AFTER_ALL);
        }

        @Override
        public void hurrySiblingsOf(String outTradeNo) {
            if (!is(Flaw.SIBLINGS_STAY_OPEN)) {
                siblings(outTradeNo)
                        .filter(sibling -> sibling.state() == PaymentState.PENDING)
                        .forEach(sibling -> asking.hurry(sibling.outTradeNo(), clock.instant()));
            }
        }

        @Override
        public void askSoon(String outTradeNo, String refundNo) {
            refunds.askSoon(outTradeNo, refundNo);
        }
    }

    private Stream<KnownPayment> siblings(String outTradeNo) {
        var mine = row(outTradeNo).payment();
        return all().stream()
                .map(Row::payment)
                .filter(other -> other.reference().equals(mine.reference())
                        && other.purpose().equals(mine.purpose())
                        && !other.outTradeNo().equals(outTradeNo));
    }

    private final class BesideRefunds implements RefundsInMemory.Payments {

        @Override
        public Instant now() {
            return MemoryHouse.this.now();
        }

        @Override
        public KnownPayment payment(String outTradeNo) {
            return row(outTradeNo).payment();
        }

        @Override
        public void keepFromBeingHandedOut(String outTradeNo) {
            var row = row(outTradeNo);
            var payment = row.payment();
            if (is(Flaw.WHAT_IS_NOT_HANDED_OUT_IS_NOT_KEPT_BACK)
                    || !(row.waits() || payment.fulfilment() == FulfilmentState.PARKED)) {
                return;
            }
            var before = Objects.requireNonNullElseGet(
                    held.get(outTradeNo), () -> new Held(payment.fulfilment(), payment.reason()));
            put(row.now(FulfilmentState.PARKED, ParkingReason.CANCELLED_BEFORE, row.attempts(), null), before);
        }

        @Override
        public void alignFulfilment(String outTradeNo) {
            var mine = held.get(outTradeNo);
            var row = row(outTradeNo);
            boolean allFailed = refunds.of(outTradeNo).stream()
                    .allMatch(refund -> refund.look().failed());
            if (mine != null && row.payment().state() == PaymentState.PAID && allFailed) {
                boolean waits = mine.fulfilment() != FulfilmentState.PARKED;
                put(row.now(mine.fulfilment(), mine.reason(), row.attempts(), waits ? now() : null), null);
            }
            reverse(outTradeNo);
        }

        private void reverse(String outTradeNo) {
            var row = row(outTradeNo);
            var payment = row.payment();
            boolean gone = payment.state() == PaymentState.REFUNDED;
            boolean wasHeld =
                    held.containsKey(outTradeNo) && (gone || payment.state() == PaymentState.PARTIALLY_REFUNDED);
            boolean granted = payment.fulfilment() == FulfilmentState.SUCCEEDED;
            boolean told = refunds.of(outTradeNo).stream()
                    .noneMatch(refund -> refund.look().unwind() >= 0);
            if (wasHeld || gone && granted && told) {
                put(
                        row.now(
                                granted ? FulfilmentState.REVERSED : payment.fulfilment(),
                                payment.reason(),
                                row.attempts(),
                                row.dueAt()),
                        null);
            }
        }
    }

    private final class BesideAsking implements AskingInMemory.Payments {

        @Override
        public Account accountOf(String outTradeNo) {
            return new Account(PROVIDER, ACCOUNT);
        }

        @Override
        public boolean isPending(String outTradeNo) {
            return row(outTradeNo).payment().state() == PaymentState.PENDING;
        }

        @Override
        public boolean isExpired(String outTradeNo, Instant now) {
            var expires = expiry.get(outTradeNo);
            return expires != null && !expires.isAfter(now);
        }

        @Override
        public @Nullable Instant expiresAt(String outTradeNo) {
            return expiry.get(outTradeNo);
        }

        @Override
        public boolean hasPaidSibling(String outTradeNo) {
            return !is(Flaw.SIBLINGS_STAY_OPEN)
                    && siblings(outTradeNo)
                            .anyMatch(other -> other.creditedAs() == null
                                    && (other.state() == PaymentState.PAID
                                            || other.state() == PaymentState.PARTIALLY_REFUNDED));
        }

        @Override
        public boolean close(String outTradeNo) {
            boolean open = isPending(outTradeNo);
            MemoryHouse.super.close(outTradeNo);
            return open;
        }
    }

    private final class BesidePolicies implements PoliciesInMemory.Parked {

        @Override
        public Instant now() {
            return MemoryHouse.this.now();
        }

        @Override
        public Map<String, Instant> undecided() {
            var all = new LinkedHashMap<>(undecided);
            all.keySet().removeIf(number -> !undecidedNow(number));
            return all;
        }

        @Override
        public void isDecided(String outTradeNo) {
            undecided.remove(outTradeNo);
        }

        @Override
        public String purpose(String outTradeNo) {
            return row(outTradeNo).payment().purpose();
        }

        @Override
        public ParkingReason reason(String outTradeNo) {
            return Objects.requireNonNull(row(outTradeNo).payment().reason());
        }

        @Override
        public long amount(String outTradeNo) {
            return row(outTradeNo).payment().amount().minorUnits();
        }

        @Override
        public boolean reopen(String outTradeNo) {
            var row = row(outTradeNo);
            if (row.payment().state() != PaymentState.PAID
                    || row.payment().reason() != ParkingReason.LATE
                    || held.containsKey(outTradeNo)) {
                return false;
            }
            put(row.now(FulfilmentState.PENDING, null, 0, now()));
            undecided.remove(outTradeNo);
            return true;
        }

        @Override
        public boolean isHeld(String outTradeNo) {
            return held.containsKey(outTradeNo) && !is(Flaw.WHAT_GOES_BACK_IS_CREDITED_TOO);
        }

        @Override
        public void isCredited(String outTradeNo, String reference) {
            if (!is(Flaw.WHAT_IS_CREDITED_STAYS_PARKED)) {
                put(row(outTradeNo).credited(reference), null);
                undecided.remove(outTradeNo);
            }
        }

        @Override
        public String refundState(String outTradeNo, String refundNo) {
            return standing(outTradeNo)
                    .refund(refundNo)
                    .map(StoredRefund.Look::state)
                    .orElse("");
        }
    }
}
