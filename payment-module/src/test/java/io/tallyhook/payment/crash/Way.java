package io.tallyhook.payment.crash;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.RequestId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The ways through the module on which something changes outside of it. */
enum Way {
    /** Booked, ordered at the provider, and what the payer needs is kept. */
    OPENING {
        @Override
        Trip begins(Ground ground) {
            var id = RequestId.fresh(Clock.systemUTC());
            var order = ground.order(Ground.fresh("O"), Ground.FEN, Optional.empty());
            Runnable opens = () -> ground.payments().open(id, order, () -> {});
            var number = id.number('P');
            return new Trip(
                    number,
                    opens,
                    opens,
                    () -> ground.payment(number).payParams().containsKey("codeUrl"));
        }
    },
    /** Intake, event, fulfilment. */
    CALLBACK {
        @Override
        Trip begins(Ground ground) {
            var number = ground.opened(Ground.FEN);
            ground.provider().takesMoneyFor(number);
            var told = new Told(ground, number);
            return new Trip(
                    number,
                    told::once,
                    told::untilAcknowledged,
                    () -> told.wasHeard() && ground.isHandedOutOnce(number));
        }
    },
    /** One of two ways to pay the same is paid, and the other is closed at the provider, then here. */
    SIBLING {
        @Override
        Trip begins(Ground ground) {
            var reference = Ground.fresh("O");
            var other = ground.opened(reference, Ground.FEN);
            var number = ground.opened(reference, Ground.FEN);
            ground.provider().takesMoneyFor(number);
            var told = new Told(ground, number);
            return new Trip(
                    number,
                    () -> {
                        told.once();
                        ground.asker().asks();
                    },
                    told::untilAcknowledged,
                    () -> ground.isHandedOutOnce(number)
                            && ground.payment(other).state() == PaymentState.CLOSED
                            && ground.provider().hasClosed(other));
        }
    },
    /** Nobody calls; asking finds it paid. */
    ASKING {
        @Override
        Trip begins(Ground ground) {
            var number = ground.opened(Ground.FEN);
            ground.provider().takesMoneyFor(number);
            ground.timePasses();
            return new Trip(number, () -> ground.asker().asks(), () -> {}, () -> ground.isHandedOutOnce(number));
        }
    },
    /** Nobody pays: closed at the provider, then here. */
    EXPIRY {
        @Override
        Trip begins(Ground ground) {
            var number = ground.opened(Ground.FEN);
            ground.expire(number);
            ground.timePasses();
            return new Trip(
                    number,
                    () -> ground.asker().asks(),
                    () -> {},
                    () -> ground.payment(number).state() == PaymentState.CLOSED
                            && ground.provider().hasClosed(number));
        }
    },
    /** It expires and is paid already: that wins. */
    EXPIRY_OF_WHAT_IS_PAID {
        @Override
        Trip begins(Ground ground) {
            var number = ground.opened(Ground.FEN);
            ground.provider().takesMoneyFor(number);
            ground.expire(number);
            ground.timePasses();
            return new Trip(number, () -> ground.asker().asks(), () -> {}, () -> ground.isHandedOutOnce(number));
        }
    },
    /** Taken back, sent, settled. */
    REFUND {
        @Override
        Trip begins(Ground ground) {
            var number = ground.handedOut(Ground.FEN);
            var refundNo = Ground.fresh("R");
            Runnable asks = () -> ground.wantsBack(number, refundNo, Ground.FEN);
            return new Trip(number, asks, asks, () -> isGivenBack(ground, number, refundNo, "take", "settle"));
        }
    },
    /** The provider takes its time and tells of it by a notice. */
    REFUND_BY_NOTICE {
        @Override
        Trip begins(Ground ground) {
            var number = ground.handedOut(Ground.FEN);
            var refundNo = Ground.fresh("R");
            ground.provider().answersRefundsOf(number, "PROCESSING");
            Runnable asks = () -> {
                ground.wantsBack(number, refundNo, Ground.FEN);
                if (ground.provider().givenBack(number) > 0) {
                    ground.post().brings(ground.refunded(number, refundNo));
                }
            };
            return new Trip(number, asks, asks, () -> isGivenBack(ground, number, refundNo, "take", "settle"));
        }
    },
    /** The provider refuses: what was taken is given back. */
    REFUND_REFUSED {
        @Override
        Trip begins(Ground ground) {
            var number = ground.handedOut(Ground.FEN);
            var refundNo = Ground.fresh("R");
            ground.provider().answersRefundsOf(number, "refused");
            Runnable asks = () -> ground.wantsBack(number, refundNo, Ground.FEN);
            return new Trip(
                    number,
                    asks,
                    asks,
                    () -> ground.hasEnded(number, refundNo, "FAILED")
                            && ground.goods().done(refundNo).equals(List.of("take", "giveBack"))
                            && ground.provider().givenBack(number) == 0
                            && ground.isHandedOutOnce(number));
        }
    },
    /** A second person lets it go. */
    REFUND_APPROVED {
        @Override
        Trip begins(Ground ground) {
            var number = ground.handedOut(Ground.MUCH);
            var refundNo = Ground.fresh("R");
            Runnable both = () -> {
                ground.wantsBack(number, refundNo, Ground.MUCH);
                ground.approves(number, refundNo);
            };
            return new Trip(number, both, both, () -> isGivenBack(ground, number, refundNo, "take", "settle"));
        }
    },
    /** A second person does not: what was taken is given back. */
    REFUND_REJECTED {
        @Override
        Trip begins(Ground ground) {
            var number = ground.handedOut(Ground.MUCH);
            var refundNo = Ground.fresh("R");
            Runnable both = () -> {
                ground.wantsBack(number, refundNo, Ground.MUCH);
                ground.rejects(number, refundNo);
            };
            return new Trip(
                    number,
                    both,
                    both,
                    () -> ground.hasEnded(number, refundNo, "FAILED")
                            && ground.goods().done(refundNo).equals(List.of("take", "giveBack"))
                            && ground.provider().givenBack(number) == 0);
        }
    },
    /** Somebody gave it back in the provider's own console. */
    REFUND_BY_THE_PROVIDER {
        @Override
        Trip begins(Ground ground) {
            var number = ground.handedOut(Ground.FEN);
            var refundNo = Ground.fresh("C");
            Runnable tells = () -> ground.post().brings(ground.refunded(number, refundNo));
            return new Trip(
                    number,
                    tells,
                    tells,
                    () -> ground.hasEnded(number, refundNo, "SUCCEEDED")
                            && ground.goods().done(refundNo).equals(List.of("takeWhatIsLeft"))
                            && ground.payment(number).fulfilment() == FulfilmentState.REVERSED);
        }
    },
    /** Paid twice: its policy gives it back. */
    POLICY_REFUND {
        @Override
        Trip begins(Ground ground) {
            var number = ground.parked("SURPLUS");
            return new Trip(
                    number,
                    () -> {
                        ground.policies().decideOne();
                        ground.policies().learn();
                    },
                    () -> {},
                    () -> ground.policyOf(number).equals("SURPLUS REFUND DONE")
                            && ground.hasEnded(number, ground.policyRefundOf(number), "SUCCEEDED")
                            && ground.provider().givenBack(number) == Ground.FEN
                            && ground.payment(number).fulfilment() == FulfilmentState.CANCELLED);
        }
    },
    /** Paid too late: its policy hands it out. */
    POLICY_REOPEN {
        @Override
        Trip begins(Ground ground) {
            var number = ground.parked("LATE");
            return new Trip(
                    number,
                    () -> ground.policies().decideOne(),
                    () -> {},
                    () -> ground.policyOf(number).equals("LATE REOPEN DONE") && ground.isHandedOutOnce(number));
        }
    };

    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** All that comes before is done, and nothing of it can be killed. */
    abstract Trip begins(Ground ground);

    private static boolean isGivenBack(Ground ground, String number, String refundNo, String... told) {
        return ground.hasEnded(number, refundNo, "SUCCEEDED")
                && ground.provider().givenBack(number)
                        == ground.payment(number).amount().minorUnits()
                && ground.goods().done(refundNo).equals(List.of(told))
                && ground.payment(number).fulfilment() == FulfilmentState.REVERSED;
    }
}
