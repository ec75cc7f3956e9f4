package io.tallyhook.payment.simulation;

import io.tallyhook.payment.RefundRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A world in which money also goes back, providers are asked, and policies decide. */
interface House extends World {

    String PROVIDER = "bank";
    String ACCOUNT = "main";

    /** Above this, in minor units, a refund needs a second person. */
    long SECOND_PERSON_ABOVE = 6_000;

    /**
     * What is to be paid.
     *
     * @param ordered whether through us, so that the bank can be asked about it
     */
    record Bill(
            String purpose,
            String reference,
            long amount,
            boolean ordered,
            @Nullable Duration expiresIn) {}

    /** The number of a new payment at the bank. */
    String open(Bill bill);

    void request(RefundRequest asked);

    void approve(String outTradeNo, String refundNo, String actor);

    void reject(String outTradeNo, String refundNo, String actor);

    void tryAgain(String outTradeNo, String refundNo);

    /** @param paidOut whether the money went back in another way; else nothing went */
    void proposeGivingUp(String outTradeNo, String refundNo, boolean paidOut, String actor);

    void confirmGivingUp(String outTradeNo, String refundNo, String actor);

    void rejectGivingUp(String outTradeNo, String refundNo, String actor);

    /** A person makes all of a payment balance of its payer's wallet. */
    void credit(String outTradeNo, String actor);

    /** @return whether a refund was due to be sent or asked for */
    boolean advanceOne();

    /** @return whether a module was to be told of a refund */
    boolean unwindOne();

    /** Asks the bank about all that is due. */
    void asks();

    /** Claims what is due and is killed before anybody is asked. */
    void isKilledBeforeAsking();

    /** A person asks. */
    void askNow(String outTradeNo);

    /** @return whether a policy had something to decide */
    boolean decideOne();

    /** @return whether a policy had to ask once more for its refund */
    boolean askForOne();

    /** How the refunds of policies have ended. */
    void learn();

    /** Whether something else than this payment has got what this reference is about. */
    boolean isSold(String reference, String exceptFor);

    /** A call of the module about a refund, in the running transaction. */
    void note(Call call);

    List<Call> calls(String outTradeNo);

    List<Standing> standings(List<String> outTradeNos);

    default Standing standing(String outTradeNo) {
        return standings(List.of(outTradeNo)).getFirst();
    }

    /** @param amount what was taken or given back, in minor units */
    record Call(String outTradeNo, String refundNo, String what, long amount) {

        /** In front of what the wallet is told, and no other module. */
        static final String WALLETS = "wallet ";

        boolean isTheWallets() {
            return what.startsWith(WALLETS);
        }

        /** Whoever was told. */
        String word() {
            return isTheWallets() ? what.substring(WALLETS.length()) : what;
        }
    }
}
