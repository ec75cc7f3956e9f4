package io.tallyhook.payment.simulation;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.refund.StoredRefund.Look;
import io.tallyhook.payment.simulation.ShopFloor.Broken;
import io.tallyhook.payment.simulation.ShopFloor.Mood;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A few payments at a bank that has a ledger of its own: paid, found paid, given back by persons, policies and the bank itself,
 * closed and asked about, while answers get lost, processes are killed and clocks jump. In the end all becomes quiet, and
 * the bank and we must agree on every fen.
 */
final class BankStory {

    private static final int MOST_QUIET_ROUNDS = 80;

    private static final List<String> SOLD = List.of("GOODS", "GOODS", "VIP", "CARD");

    private final House house;
    private final SplittableRandom random;
    private final Bank bank;
    private final ShopFloor floor;
    private final Instances instances;
    private final Promises promises;
    private final LostRefunds lost;
    private final BankSights sights;
    private final @Nullable List<String> log;
    private final Map<String, House.Bill> bills = new LinkedHashMap<>();
    private final List<String> numbers = new ArrayList<>();
    private final List<RefundRequest> asked = new ArrayList<>();
    private final List<Letter> letters = new ArrayList<>();
    private final List<Letter> answered = new ArrayList<>();
    private Instant clock = StoryClock.BEGINNING;
    private boolean onTheLine;
    private boolean calm;

    /** A notice, of the bank or of somebody who errs. */
    private record Letter(String outTradeNo, Fact fact, String account, boolean fits) {

        Booking booking(Bank bank) {
            return new Booking(House.PROVIDER, account, bank.identity(House.ACCOUNT), fact);
        }
    }

    BankStory(
            SplittableRandom random,
            House house,
            Bank bank,
            ShopFloor floor,
            BankSights sights,
            @Nullable List<String> log) {
        this.random = random;
        this.house = house;
        this.bank = bank;
        this.floor = floor;
        this.sights = sights;
        this.log = log;
        this.instances = new Instances(house, random);
        this.promises = new Promises(bank, bills);
        this.lost = new LostRefunds(random, house, bank, sights, this::say);
        bank.isWatchedBy(
                order -> promises.mayBeSent(order, house.standing(order.outTradeNo())), this::meanwhile, this::post);
        floor.isWatchedBy(money -> promises.mayBeCredited(money, house.standing(money.outTradeNo())));
        opens();
    }

    /** Two things that are paid in two ways each, and two more. */
    private void opens() {
        for (int n = 0; n < 6; n++) {
            var reference = "O%d".formatted(n < 4 ? n / 2 : n);
            long amount = 100 + random.nextInt(10_000);
            boolean ordered = random.nextInt(4) > 0;
            boolean twin = n == 1 || n == 3;
            var first = twin ? bills.get(numbers.get(n - 1)) : null;
            var purpose = first != null ? first.purpose() : SOLD.get(random.nextInt(SOLD.size()));
            var lasting = random.nextInt(3) == 0 ? Duration.ofMinutes(1 + random.nextInt(90)) : null;
            var bill = new House.Bill(purpose, reference, first == null ? amount : first.amount(), ordered, lasting);
            var number = house.open(bill);
            bank.ordered(number, bill.amount());
            bills.put(number, bill);
            numbers.add(number);
        }
    }

    private String one() {
        return numbers.get(random.nextInt(numbers.size()));
    }

    private House.Bill bill(String number) {
        var bill = bills.get(number);
        if (bill == null) {
            throw new IllegalArgumentException(number);
        }
        return bill;
    }

    /** What the bank tells of is sent; of what it can be asked about, not always. */
    private void post(String number, Fact fact) {
        boolean nobodyAsks = fact instanceof Fact.Refunded refund
                && (String.valueOf(refund.refundNo()).startsWith("C")
                        || lost.areLookedAt(String.valueOf(refund.refundNo())));
        boolean getsLost = !calm && !nobodyAsks && bill(number).ordered() && random.nextInt(3) == 0;
        if (!getsLost) {
            letters.add(new Letter(number, fact, House.ACCOUNT, true));
        }
    }

    /** Does one thing and looks at everything. */
    void step() {
        survives(this::something);
        look();
    }

    private void look() {
        var standings = house.standings(numbers);
        if (log != null) {
            standings.forEach(standing -> log.add("  " + standing));
        }
        promises.look(standings);
        promises.siblingsAreHurried(standings, clock);
        standings.forEach(sights::see);
    }

    /** Whoever is killed, refused or broken: the others go on. */
    private void survives(Runnable what) {
        try {
            what.run();
        } catch (Killed killed) {
            say(() -> "  and is killed");
            sights.happened("killed");
            instances.kill();
            // What was committed by then nobody may have heard.
            var _ = house.heard();
        } catch (Refusal refusal) {
            say(() -> "  refused: " + refusal.type());
            sights.happened("refused");
        } catch (Broken broken) {
            say(() -> "  its module broke");
        } finally {
            onTheLine = false;
        }
    }

    /** Something else happens while somebody waits for the bank's answer. */
    private void meanwhile() {
        if (!onTheLine) {
            onTheLine = true;
            say(() -> "meanwhile");
            sights.happened("meanwhile");
            try {
                int turn = random.nextInt(16);
                if (turn < 5) {
                    decideOnRefunds();
                } else if (turn < 7) {
                    lost.somebodyLooks(house.standings(numbers));
                } else {
                    something();
                }
            } catch (Refusal | Broken notToday) {
                say(() -> "  refused or broken");
            }
            onTheLine = false;
        }
    }

    private void something() {
        int turn = random.nextInt(100);
        if (turn < 12) {
            atTheBank(turn);
        } else if (turn < 30) {
            deliver();
        } else if (turn < 34) {
            lost.somebodyLooks(house.standings(numbers));
        } else if (turn < 46) {
            instances.listen(floor, what -> say(() -> what));
        } else if (turn < 51) {
            say(() -> "sweep");
            house.sweep();
            instances.hear();
        } else if (turn < 59) {
            somebodyWantsMoneyBack();
        } else if (turn < 68) {
            workOnRefunds(turn);
        } else if (turn < 76) {
            askTheBank(turn);
        } else if (turn < 84) {
            policies(turn);
        } else if (turn < 94) {
            jump();
        } else {
            rarely(turn);
        }
    }

    private void atTheBank(int turn) {
        var number = one();
        if (turn < 6) {
            say(() -> "somebody pays " + number);
            bank.pays(number);
        } else if (turn < 7) {
            givesUnasked(number);
        } else if (turn < 11) {
            say(() -> "the bank goes on");
            bank.goesOn();
        } else {
            say(() -> "a letter that does not fit " + number);
            letters.add(wrong(number));
        }
    }

    /** Started in its console, or a refund that it and we have called failed. */
    private void givesUnasked(String number) {
        var failed = house.standing(number).refunds().stream()
                .filter(refund -> refund.failed() && !refund.unapproved() && !refund.isGivenUp())
                .findFirst();
        if (failed.isPresent() && random.nextBoolean()) {
            var refundNo = failed.get().refundNo();
            say(() -> "the bank gives after all " + refundNo);
            lost.isLookedAt(refundNo);
            bank.givesAfterAll(number, refundNo);
        } else {
            say(() -> "the bank gives back by itself " + number);
            bank.givesByItself(number);
        }
    }

    private Letter wrong(String number) {
        var contradiction = random.nextBoolean() ? contradiction() : Optional.<Letter>empty();
        return contradiction.orElseGet(() -> doesNotFit(number));
    }

    private Letter doesNotFit(String number) {
        boolean otherAccount = random.nextBoolean();
        var fact = new Fact.Paid(
                number,
                bank.identity(House.ACCOUNT),
                "T" + number,
                Money.fen(bill(number).amount() + (otherAccount ? 0 : 1)),
                StoryClock.BEGINNING);
        return new Letter(number, fact, otherAccount ? "shop-2" : House.ACCOUNT, false);
    }

    /** What went has not gone, the bank says; of what went in another way it may say so. */
    private Optional<Letter> contradiction() {
        var gone = new ArrayList<Letter>();
        for (var now : house.standings(numbers)) {
            var number = now.row().payment().outTradeNo();
            now.refunds().stream()
                    .filter(refund -> refund.succeeded() && !refund.refundNo().endsWith(Standing.AFTER_ALL))
                    .map(refund -> new Letter(
                            number,
                            bank.saysFailed(number, refund.refundNo(), refund.amount()),
                            House.ACCOUNT,
                            refund.isGivenUp()))
                    .forEach(gone::add);
        }
        var paidOut = gone.stream().filter(Letter::fits).toList();
        var from = paidOut.isEmpty() || random.nextBoolean() ? gone : paidOut;
        if (from.isEmpty()) {
            return Optional.empty();
        }
        var letter = from.get(random.nextInt(from.size()));
        sights.happened(letter.fits() ? "told that it failed, of what was paid out" : "contradiction");
        return Optional.of(letter);
    }

    private void deliver() {
        var group = new ArrayList<Letter>();
        int size = 1 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            var from = !answered.isEmpty() && random.nextInt(4) == 0 ? answered : letters;
            if (!from.isEmpty()) {
                var letter = from.get(random.nextInt(from.size()));
                // One of each payment, so that what is expected follows from how it stands.
                if (group.stream().noneMatch(other -> other.outTradeNo().equals(letter.outTradeNo()))) {
                    group.add(letter);
                }
            }
        }
        if (!group.isEmpty()) {
            book(group, !calm && random.nextInt(12) == 0);
        }
    }

    private void book(List<Letter> group, boolean killed) {
        say(() -> "book " + (killed ? "and be killed " : "") + group);
        var expected = group.stream().map(this::expected).toList();
        var decisions =
                house.book(group.stream().map(letter -> letter.booking(bank)).toList(), killed);
        if (decisions.isEmpty()) {
            instances.kill();
            return;
        }
        for (int i = 0; i < group.size(); i++) {
            var letter = group.get(i);
            var outcome = decisions.get().get(i).outcome();
            if (outcome != expected.get(i)) {
                throw new AssertionError("%s instead of %s for %s".formatted(outcome, expected.get(i), letter));
            }
            sights.happened(outcome.name());
            reply(letter, outcome.answer() == Answer.SUCCESS);
        }
        instances.hear();
    }

    private void reply(Letter letter, boolean success) {
        if (success && (calm || random.nextInt(8) > 0)) {
            letters.remove(letter);
            answered.add(letter);
        } else if (!success && !letter.fits() && random.nextInt(3) == 0) {
            letters.remove(letter);
        }
    }

    private Outcome expected(Letter letter) {
        var now = house.standing(letter.outTradeNo());
        if (!letter.fits()) {
            return Outcome.MISMATCH;
        }
        return switch (letter.fact()) {
            case Fact.Paid paid ->
                switch (now.row().payment().state()) {
                    case PENDING -> Outcome.CONFIRMED;
                    case CLOSED -> Outcome.LATE;
                    case PAID, PARTIALLY_REFUNDED, REFUNDED -> Outcome.DUPLICATE;
                };
            case Fact.Refunded refund -> expected(refund, now);
            case Fact.Closed closed -> Outcome.CLOSED;
            case Fact.Unchanged unchanged -> Outcome.IGNORED;
        };
    }

    private static Outcome expected(Fact.Refunded fact, Standing now) {
        if (!now.row().payment().state().wasPaid()) {
            return Outcome.MISMATCH;
        }
        var told = String.valueOf(fact.refundNo());
        var known = now.refund(fact.result() == RefundResult.SUCCEEDED ? now.toldAs(told) : told);
        if (known.isPresent() && !known.get().isUnderWay()) {
            return Outcome.DUPLICATE;
        }
        return switch (fact.result()) {
            case SUCCEEDED -> Outcome.REFUND_CONFIRMED;
            case FAILED -> Outcome.REFUND_FAILED;
            case ABNORMAL -> Outcome.IGNORED;
        };
    }

    private void somebodyWantsMoneyBack() {
        var request = !asked.isEmpty() && random.nextInt(4) == 0 ? again() : fresh();
        say(() -> "asks for " + request);
        asked.add(request);
        house.request(request);
        promises.wasAccepted(request.outTradeNo(), request.refundNo());
        sights.happened("requested");
    }

    private RefundRequest fresh() {
        var number = one();
        long amount = bill(number).amount();
        long part = random.nextInt(3) == 0 ? amount : 1 + random.nextLong(amount);
        return request(number, refundNo(), part);
    }

    /** Unique over all stories that are told on one database. */
    private String refundNo() {
        var first = numbers.getFirst();
        return "R%03d-%s".formatted(asked.size(), first.substring(Math.max(0, first.length() - 20)));
    }

    /** Once more; sometimes with the number of another. */
    private RefundRequest again() {
        var before = asked.get(random.nextInt(asked.size()));
        return random.nextInt(4) > 0
                ? before
                : request(random.nextBoolean() ? before.outTradeNo() : one(), before.refundNo(), before.amount() + 1);
    }

    private RefundRequest request(String number, String refundNo, long amount) {
        return new RefundRequest(number, refundNo, amount, "why not", requester(refundNo));
    }

    private void workOnRefunds(int turn) {
        say(() -> turn < 64 ? "works on a refund" : "tells a module");
        if (turn < 64) {
            house.advanceOne();
        } else {
            house.unwindOne();
        }
        instances.hear();
    }

    private void askTheBank(int turn) {
        if (turn < 73) {
            say(() -> "asks what is due");
            house.asks();
        } else if (turn < 75) {
            var number = one();
            say(() -> "a person asks about " + number);
            house.askNow(number);
        } else {
            say(() -> "claims what is to be asked, and is killed");
            house.isKilledBeforeAsking();
            instances.kill();
        }
        instances.hear();
    }

    private void policies(int turn) {
        say(() -> "policies " + turn);
        if (turn < 80) {
            house.decideOne();
        } else if (turn < 82) {
            house.askForOne();
        } else if (turn < 83) {
            house.learn();
        } else {
            house.credit(oneThatWaits(), "eve");
            sights.happened("credited");
        }
        instances.hear();
    }

    /** For a person, if there is one. */
    private String oneThatWaits() {
        var parked = house.standings(numbers).stream()
                .map(standing -> standing.row().payment())
                .filter(payment -> payment.fulfilment() == FulfilmentState.PARKED)
                .toList();
        return parked.isEmpty()
                ? one()
                : parked.get(random.nextInt(parked.size())).outTradeNo();
    }

    private void jump() {
        var time = Duration.ofSeconds(
                switch (random.nextInt(8)) {
                    case 0 -> -random.nextInt(90);
                    case 1 -> random.nextInt(20_000);
                    default -> random.nextInt(60);
                });
        say(() -> "time " + time);
        passes(time);
    }

    private void passes(Duration time) {
        house.jump(time);
        clock = clock.plus(time);
    }

    private void rarely(int turn) {
        var number = one();
        switch (turn) {
            case 94, 95 -> {
                var mood = Mood.values()[random.nextInt(Mood.values().length)];
                say(() -> "the module of " + number + " is " + mood);
                floor.feels(number, mood);
            }
            case 96 -> {
                say(() -> "a person closes " + number);
                house.close(number);
                instances.hear();
            }
            case 97 -> {
                say(() -> "a person retries " + number);
                house.retry(number);
                instances.hear();
            }
            default -> decideOnRefunds();
        }
    }

    /** A second person looks at what waits, or somebody is impatient. */
    private void decideOnRefunds() {
        for (var standing : house.standings(numbers)) {
            var number = standing.row().payment().outTradeNo();
            for (var refund : standing.refunds()) {
                if (refund.unapproved() && refund.isUnderWay()) {
                    secondPerson(number, refund, random.nextInt(3));
                } else if (refund.isUnderWay() && refund.ours()) {
                    say(() -> "tries again " + refund.refundNo());
                    house.tryAgain(number, refund.refundNo());
                }
            }
        }
    }

    private void secondPerson(String number, Look refund, int which) {
        say(() -> "a second person decides on " + refund.refundNo() + " " + which);
        if (which == 0) {
            house.reject(number, refund.refundNo(), "cleo");
            sights.happened("rejected");
        } else {
            var actor = which == 1 ? "cleo" : requester(refund.refundNo());
            var isAnother = which == 1;
            if (isAnother) {
                promises.wasApproved(refund.refundNo());
            }
            house.approve(number, refund.refundNo(), actor);
            if (!isAnother) {
                throw new AssertionError("Somebody approves his own refund " + refund);
            }
            sights.happened("approved");
        }
    }

    /** Everybody keeps to his own numbers. */
    private static String requester(String refundNo) {
        return refundNo.hashCode() % 2 == 0 ? "ann" : "bo";
    }

    /** All arrives, nobody fails, and time goes by: then the bank and we agree. */
    void becomesQuiet() {
        calm = true;
        contradiction().ifPresent(letters::add);
        bank.calmsDown();
        floor.calmsDown();
        numbers.forEach(number -> floor.feels(number, random.nextInt(8) == 0 ? Mood.THROWING : Mood.WELL));
        for (int round = 0; round == 0 || isUnrest(); round++) {
            if (round == MOST_QUIET_ROUNDS) {
                throw new AssertionError("Something is stuck: " + house.standings(numbers));
            }
            survives(this::aQuietRound);
            look();
        }
        var end = house.standings(numbers);
        promises.isAtRest(end);
        end.forEach(this::siblingsAreClosed);
    }

    private void aQuietRound() {
        List.copyOf(letters).forEach(letter -> book(List.of(letter), false));
        letters.removeIf(letter -> !letter.fits());
        while (bank.hasOpenRefunds()) {
            bank.goesOn();
        }
        instances.workOff(floor);
        whileThereIsSomething(house::advanceOne);
        whileThereIsSomething(house::unwindOne);
        house.asks();
        whileThereIsSomething(house::decideOne);
        whileThereIsSomething(house::askForOne);
        house.learn();
        for (var standing : house.standings(numbers)) {
            standing.refunds().stream()
                    .filter(refund -> refund.unapproved() && refund.isUnderWay())
                    .forEach(refund -> secondPerson(standing.row().payment().outTradeNo(), refund, random.nextInt(2)));
        }
        lost.allAreDecided(house.standings(numbers), this::unlessRefused);
        passes(Duration.ofHours(7));
        instances.sweepAll();
    }

    private void unlessRefused(Runnable what) {
        try {
            what.run();
        } catch (Refusal refusal) {
            say(() -> "  refused: " + refusal.type());
        }
    }

    private static void whileThereIsSomething(BooleanSupplier step) {
        for (int i = 0; i < 100 && step.getAsBoolean(); i++) {
            // The next one.
            continue;
        }
    }

    private boolean isUnrest() {
        return !letters.isEmpty()
                || bank.hasOpenRefunds()
                || house.standings(numbers).stream().anyMatch(Standing::isUnrest);
    }

    /** Nothing that was ordered through us stays open, least of all beside what is paid. */
    private void siblingsAreClosed(Standing now) {
        var payment = now.row().payment();
        if (payment.state() == PaymentState.PENDING
                && bill(payment.outTradeNo()).ordered()) {
            throw new AssertionError("It stays open: " + now);
        }
    }

    private void say(Supplier<String> what) {
        if (log != null) {
            log.add(what.get());
        }
    }
}
