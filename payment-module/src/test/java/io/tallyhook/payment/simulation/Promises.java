package io.tallyhook.payment.simulation;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.WalletCredit.StrandedMoney;
import io.tallyhook.payment.policy.PoliciesInMemory;
import io.tallyhook.payment.provider.RefundOrder;
import io.tallyhook.payment.refund.StoredRefund.Look;
import io.tallyhook.payment.simulation.Bank.How;
import io.tallyhook.payment.simulation.Bank.Till;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What must be true of money that comes and goes back: the contract once more, without looking at the code. */
final class Promises {

    private static final Set<List<String>> TOLD = Set.of(
            List.of(),
            List.of("take"),
            List.of("take", "settle"),
            List.of("take", "giveBack"),
            List.of("takeWhatIsLeft"));

    /** In seconds, a story's clock goes back within one step at most. */
    private static final int CLOCKS_GO_BACK = 90;

    private final Bank bank;
    private final Map<String, House.Bill> bills;
    private final Map<String, Standing> last = new HashMap<>();
    private final Map<String, String> accepted = new HashMap<>();
    private final Set<String> approved = new HashSet<>();
    private final Set<String> justPaid = new HashSet<>();

    /** What other refunds of ours had given back, or were about to, when one was first seen. */
    private final Map<String, Long> goneBefore = new HashMap<>();

    Promises(Bank bank, Map<String, House.Bill> bills) {
        this.bank = bank;
        this.bills = bills;
    }

    /** Somebody was told that we have this refund. */
    void wasAccepted(String outTradeNo, String refundNo) {
        accepted.put(refundNo, outTradeNo);
    }

    void wasApproved(String refundNo) {
        approved.add(refundNo);
    }

    /** Before the bank gives anything: it is written down, approved where it must be, and what was handed out is taken. */
    void mayBeSent(RefundOrder order, Standing now) {
        var refund = now.refund(order.refundNo());
        require(refund.filter(Look::isUnderWay).isPresent(), "nothing is sent that is not booked: " + order, now);
        require(!refund.get().isProposed(), "nothing is sent that is to be given up: " + order, now);
        require(refund.get().amount() == order.amount().minorUnits(), "what was booked is sent: " + order, now);
        require(approved.contains(order.refundNo()) || isBelowTheLimit(now, order), "no second person: " + order, now);
        require(
                !now.isGranted() || now.calls(order.refundNo()).contains("take"),
                "taken before it is sent: " + order,
                now);
    }

    /** Before the wallet takes anything: the money is there, all of it, and nowhere else, nor on its way back. */
    void mayBeCredited(StrandedMoney money, Standing now) {
        var payment = now.row().payment();
        require(payment.state() == PaymentState.PAID, "only what is paid is credited", now);
        require(payment.fulfilment() == FulfilmentState.PARKED, "only what waits is credited", now);
        require(!now.isGranted() && now.credited() == 0, "nothing is credited twice, or handed out too", now);
        require(now.refunds().stream().allMatch(Look::failed), "what goes back is not credited", now);
        long there = bank.till(money.outTradeNo()).amount;
        require(money.received().minorUnits() == there, "what has come is credited", now);
        boolean bySomebody = !money.actor().startsWith("policy:");
        require(bySomebody || there <= PoliciesInMemory.CREDIT_AT_MOST, "a policy credits no more than it may", now);
    }

    /** With those of ours that were there before it; later ones need a second person themselves. */
    private boolean isBelowTheLimit(Standing now, RefundOrder order) {
        isSeen(now);
        long before = Objects.requireNonNull(goneBefore.get(order.refundNo()));
        return before + order.amount().minorUnits() <= House.SECOND_PERSON_ABOVE;
    }

    private void isSeen(Standing now) {
        for (var refund : now.refunds()) {
            if (refund.ours() && !goneBefore.containsKey(refund.refundNo())) {
                long before = sum(now.refunds().stream()
                        .filter(other -> !other.failed() && goneBefore.containsKey(other.refundNo()))
                        .toList());
                goneBefore.put(refund.refundNo(), before);
            }
        }
    }

    /** Once one way to pay a thing is paid, the bank is about to be told to close the other, or was told meanwhile. */
    void siblingsAreHurried(List<Standing> standings, Instant clock) {
        for (var now : standings) {
            if (!justPaid.remove(now.row().payment().outTradeNo())) {
                continue;
            }
            for (var sibling : standings) {
                var bill =
                        Objects.requireNonNull(bills.get(sibling.row().payment().outTradeNo()));
                boolean open = sibling.row().payment().state() == PaymentState.PENDING
                        && sibling.row()
                                .payment()
                                .reference()
                                .equals(now.row().payment().reference());
                boolean soon = sibling.nextAsk() <= clock.getEpochSecond() + CLOCKS_GO_BACK || sibling.closings() > 0;
                require(!open || !bill.ordered() || soon, "what is open beside it is closed soon", sibling);
            }
        }
    }

    void look(List<Standing> standings) {
        var sold = new HashMap<String, Integer>();
        for (var now : standings) {
            var number = now.row().payment().outTradeNo();
            isSeen(now);
            money(now, bank.till(number));
            modules(now);
            policies(now);
            if (last.containsKey(number)) {
                came(Objects.requireNonNull(last.get(number)), now);
            }
            last.put(number, now);
            sold.merge(now.row().payment().reference(), now.row().handedOut(), Integer::sum);
        }
        require(sold.values().stream().allMatch(times -> times <= 1), "each thing is sold once", standings);
        accepted.forEach((refundNo, number) -> require(
                Objects.requireNonNull(last.get(number)).refund(refundNo).isPresent(),
                "accepted and lost: " + refundNo,
                standings));
    }

    private static void money(Standing now, Till till) {
        var payment = now.row().payment();
        require(!payment.state().wasPaid() || till.paidBy != null, "paid here only if there", now);
        long succeeded = sum(now.refunds().stream().filter(Look::succeeded).toList());
        require(payment.refunded().minorUnits() == succeeded, "refunded is what refunds gave back", now);
        require(succeeded <= till.gone() + till.paidOut(), "never more refunded here than there", now);
        long ours = sum(now.refunds().stream()
                .filter(refund -> refund.ours() && !refund.failed())
                .toList());
        require(ours <= till.amount, "never more promised than was paid", now);
        require(now.row().handedOut() <= 1, "handed out once", now);
        require(now.credited() == (now.isCredited() ? till.amount : 0), "credited once and whole, and it says so", now);
        require(now.row().handedOut() == 0 || !now.isCredited(), "handed out or credited", now);
    }

    private static void modules(Standing now) {
        boolean right = now.calls().stream()
                .allMatch(call -> call.what().equals("credit") || call.isTheWallets() == now.isCredited());
        require(right, "the wallet is asked for what it was given, and nobody else", now);
        for (var refund : now.refunds()) {
            var told = now.calls(refund.refundNo());
            require(TOLD.contains(told), "told in order and once: " + told, now);
            require(refund.taken() == told.contains("take"), "taken is what the module took", now);
            require(!told.contains("settle") || refund.succeeded(), "settled when paid out", now);
            require(!told.contains("giveBack") || refund.failed(), "given back when failed", now);
        }
        var payment = now.row().payment();
        boolean stillToTell = now.refunds().stream().anyMatch(refund -> refund.unwind() >= 0);
        require(
                payment.state() != PaymentState.REFUNDED
                        || payment.fulfilment() != FulfilmentState.SUCCEEDED
                        || stillToTell,
                "not refunded and granted",
                now);
    }

    private void policies(Standing now) {
        var bill = Objects.requireNonNull(bills.get(now.row().payment().outTradeNo()));
        for (var decided : now.decisions()) {
            boolean acts = !decided.action().equals("ASK");
            require(
                    !decided.action().equals("REFUND") || bill.amount() <= PoliciesInMemory.REFUND_AT_MOST,
                    "a policy gives back no more than it may",
                    now);
            long sameReason = now.decisions().stream()
                    .filter(other -> other.reason().equals(decided.reason())
                            && !other.action().equals("ASK"))
                    .count();
            require(!acts || sameReason == 1, "a policy acts once for a reason", now);
        }
    }

    private void came(Standing before, Standing now) {
        boolean handedOut = now.row().handedOut() > before.row().handedOut();
        require(
                !handedOut || now.refunds().stream().noneMatch(Promises::holdsBack),
                "not while a refund is under way",
                now);
        boolean closed = before.row().payment().state() == PaymentState.PENDING
                && now.row().payment().state() == PaymentState.CLOSED;
        var number = now.row().payment().outTradeNo();
        if (!before.row().payment().state().wasPaid()
                && now.row().payment().state().wasPaid()) {
            justPaid.add(number);
        }
        require(
                !closed || !Objects.requireNonNull(bills.get(number)).ordered() || bank.till(number).closed,
                "closed at the provider first",
                now);
        for (var refund : before.refunds()) {
            var later = now.refund(refund.refundNo());
            require(later.isPresent(), "refunds stay", now);
            require(refund.isUnderWay() || later.get().state().equals(refund.state()), "what has ended has ended", now);
        }
        require(now.row().payment().version() >= before.row().payment().version(), "versions rise", now);
    }

    private static boolean holdsBack(Look refund) {
        return refund.ours() && refund.isUnderWay() && !refund.taken();
    }

    /** All is quiet. */
    void isAtRest(List<Standing> standings) {
        for (var now : standings) {
            var payment = now.row().payment();
            var till = bank.till(payment.outTradeNo());
            require(Objects.equals(payment.providerTransactionId(), till.paidBy), "paid there is paid here", now);
            require(
                    payment.refunded().minorUnits() == till.gone() + till.paidOut(),
                    "given back there is given back here",
                    now);
            for (var refund : now.refunds()) {
                require(refund.succeeded() == hasGone(refund, now, till), "the bank says so too: " + refund, now);
                require(refund.lacking() <= 0, "all could be taken back", now);
                require(!refund.taken() || now.calls(refund.refundNo()).size() == 2, "its module knows", now);
            }
            everyFenIsSomewhere(now, till);
            require(
                    payment.fulfilment() != FulfilmentState.REVERSED || payment.state() == PaymentState.REFUNDED,
                    "reversed when all went back",
                    now);
        }
    }

    /** At the bank, or in another way; what it gave after a refund had ended here counts for a refund of its own. */
    private static boolean hasGone(Look refund, Standing now, Till till) {
        var number = refund.refundNo();
        if (number.endsWith(Standing.AFTER_ALL)) {
            number = number.substring(0, number.length() - Standing.AFTER_ALL.length());
        } else if (refund.isGivenUp() || refund.failed()) {
            boolean afterAll = now.refund(number + Standing.AFTER_ALL).isPresent();
            require(till.hasGiven(number) == afterAll, "what went after all is booked: " + refund, now);
            return refund.isGivenUp() && refund.isPaidOut();
        }
        var there = till.given.get(number);
        return there != null && there.how == How.SUCCEEDED && there.amount == refund.amount();
    }

    /** What has come is what went back, what goods or a wallet still have of it, and what is held. */
    private static void everyFenIsSomewhere(Standing now, Till till) {
        var payment = now.row().payment();
        long taken = Standing.taken(now.calls());
        long granted = now.isGranted() ? till.amount - taken : 0;
        long back = payment.refunded().minorUnits();
        require(now.isGranted() || taken == 0, "nothing is taken back that nobody has", now);
        require(!now.isGranted() || granted + back == till.amount, "taken back is what the money went back for", now);
        boolean saysSo =
                payment.fulfilment() == FulfilmentState.SUCCEEDED || payment.fulfilment() == FulfilmentState.REVERSED;
        require(now.isGranted() == saysSo, "who has it says so", now);
    }

    private static long sum(List<Look> refunds) {
        return refunds.stream().mapToLong(Look::amount).sum();
    }

    private static void require(boolean holds, String rule, Object now) {
        if (!holds) {
            throw new AssertionError(rule + ", but: " + now);
        }
    }
}
