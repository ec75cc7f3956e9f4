package io.tallyhook.payment;

import io.tallyhook.payment.asking.Answer;
import io.tallyhook.payment.asking.AskNow;
import io.tallyhook.payment.asking.Question;
import io.tallyhook.payment.asking.Questions;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The way into this module: open payments, ask for them, close them.
 *
 * <p>Only a booked fact marks a payment paid; nobody can do that from here.
 */
@Component
public class Payments {

    private final PaymentRows rows;
    private final OpenPayment open;
    private final ClosePayment close;
    private final RetryFulfilment retry;
    private final Channels channels;
    private final AskNow askNow;
    private final Questions questions;
    private final RefundRows refunds;

    Payments(
            PaymentRows rows,
            OpenPayment open,
            ClosePayment close,
            RetryFulfilment retry,
            Channels channels,
            AskNow askNow,
            Questions questions,
            RefundRows refunds) {
        this.rows = rows;
        this.open = open;
        this.close = close;
        this.retry = retry;
        this.channels = channels;
        this.askNow = askNow;
        this.questions = questions;
        this.refunds = refunds;
    }

    /**
     * Opens a payment: books the intent, then orders it at the provider. With an {@link InstantMethod} it is paid on
     * return. Must not be called in a transaction.
     *
     * @param id of the request; a repeat with the same one continues the first try and never opens a second payment
     * @param stillPayable is called in the transaction that books the intent or takes the money, and throws a {@link Refusal} if what is
     *     to be paid cannot be paid any more
     * @return the payment, with what the payer's device needs
     * @throws Refusal 400 for an unknown channel or wrong fields; what the instant method declined with, such as 409 (there
     *     is no payment then); 502 if the provider refused (the payment is then
     *     closed); 504 if it is not known what has become of it (the payment stays pending)
     */
    public Payment open(RequestId id, PaymentRequest request, Runnable stillPayable) {
        return open.open(id, request, stillPayable);
    }

    /** The payment with this number. */
    public Optional<Payment> find(String outTradeNo) {
        return rows.find(outTradeNo);
    }

    /**
     * The payment with this number.
     *
     * @throws Refusal (404) if there is none
     */
    public Payment get(String outTradeNo) {
        return rows.find(outTradeNo).orElseThrow(() -> Refusal.notFound("payment", outTradeNo));
    }

    /** All attempts to pay one thing, oldest first. */
    public List<Payment> of(Purpose purpose, String reference) {
        return rows.of(purpose.code(), reference);
    }

    /** The payments a person looks for, newest first. */
    public Page<Payment> search(PaymentFilter filter, Paging paging) {
        return rows.search(filter, paging);
    }

    /**
     * Whether there is any payment at all that was opened at a provider, and not at an account of this name. What is paid
     * at once is at no provider: its money lay with us.
     */
    public boolean anyOutsideAccount(String account) {
        return rows.anyOutsideAccount(account, channels.instants());
    }

    /**
     * What was given back of a payment, or is to be, oldest first.
     *
     * @throws Refusal (404) if there is no such payment
     */
    public List<Refund> refunds(String outTradeNo) {
        return refunds.of(get(outTradeNo).outTradeNo());
    }

    /**
     * Closes an unpaid payment: at the provider first, then here. Closing a closed one changes nothing. Must not be
     * called in a transaction.
     *
     * @throws Refusal 404 if there is none; 409 if it is paid, also if the provider only now says so; 504 if the
     *     provider gives no clear answer
     */
    public Payment close(String outTradeNo) {
        return close.close(get(outTradeNo));
    }

    /**
     * Closes every open attempt to pay one thing, before that thing is cancelled. Must not be called in a transaction. What was
     * credited to the payer's wallet has not paid it.
     *
     * @throws Refusal 409 if one of them is paid; 504 if a provider gives no clear answer
     */
    public void closeAll(Purpose purpose, String reference) {
        of(purpose, reference).stream()
                .filter(payment -> !payment.paysNothing())
                .forEach(close::close);
    }

    /**
     * Hands a payment that failed or was parked for lack of a listener or of retries to its module again, at once.
     *
     * @param actor the person who asks for it; recorded
     * @throws Refusal 404 if there is none; 409 if nothing is due, or a decision and not a retry is needed
     */
    public Payment retryFulfilment(String outTradeNo, String actor) {
        retry.retry(get(outTradeNo), actor);
        return get(outTradeNo);
    }

    /** Whether there is a provider that can be asked about this payment. */
    public boolean askable(Payment payment) {
        return channels.gateway(payment.provider(), payment.method()).isPresent();
    }

    /**
     * Asks the provider now what has become of a payment, whatever its state here, and books the answer. Must not be called
     * in a transaction.
     *
     * @param actor the person who wants to know; recorded
     * @return what it said; also that it gave no usable answer
     * @throws Refusal 404 if there is none; 409 if there is nobody to ask, or the account has no keys to ask with
     */
    public Answer ask(String outTradeNo, String actor) {
        var payment = get(outTradeNo);
        if (!askable(payment)) {
            throw Refusal.conflict(
                    "nobody-to-ask",
                    "Payment %s was not ordered at %s by us (method %s), so we cannot ask about it."
                            .formatted(outTradeNo, payment.provider(), payment.method()));
        }
        return askNow.ask(payment.provider(), payment.account(), outTradeNo, actor);
    }

    /** What its provider was asked about a payment and what it answered, newest first; the last ones. */
    public List<Question> questions(String outTradeNo) {
        return questions.about(outTradeNo);
    }
}
