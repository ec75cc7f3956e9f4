package tallyhook.testing;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.PaymentGateway;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.Reply;
import io.tallyhook.payment.provider.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A provider without a protocol, for tests of modules that only care that they are paid: provider {@code bank}, account
 * {@code main}, methods {@code till} (is asked and answers) and {@code external}. {@link Payer} pays there.
 */
public class PlainBank implements CallbackProtocol, PaymentGateway {

    public static final String NAME = "bank";

    static final Claim NOBODY = new Claim(Map.of());

    private final Map<String, Money> ordered = new ConcurrentHashMap<>();
    private final Map<String, Money> givenBack = new ConcurrentHashMap<>();
    private final Set<String> paid = ConcurrentHashMap.newKeySet();
    private volatile Runnable beforeClosing = () -> {};

    /** From now on the bank knows this payment as paid, without having told us. */
    public void takesMoneyFor(String outTradeNo) {
        paid.add(outTradeNo);
    }

    /** What happens while the bank is asked to close, as in a race; once. */
    public void meanwhile(Runnable something) {
        beforeClosing = something;
    }

    @Override
    public String provider() {
        return NAME;
    }

    @Override
    public Set<String> accounts() {
        return Set.of("main");
    }

    @Override
    public Set<String> methods() {
        return Set.of("till");
    }

    @Override
    public void check(Order order) {}

    @Override
    public Map<String, String> prepare(Order order) {
        ordered.put(order.outTradeNo(), order.amount());
        return Map.of("ticket", "T-" + order.outTradeNo());
    }

    @Override
    public Optional<Fact> query(String account, String outTradeNo) {
        return paid.contains(outTradeNo)
                ? Optional.of(paid(outTradeNo, ordered.getOrDefault(outTradeNo, Money.fen(1))))
                : Optional.empty();
    }

    @Override
    public Closing close(String account, String outTradeNo) {
        var something = beforeClosing;
        beforeClosing = () -> {};
        something.run();
        return paid.contains(outTradeNo) ? Closing.ALREADY_PAID : Closing.CLOSED;
    }

    @Override
    public void checkRefunds(String account) {}

    /** Done at once. */
    @Override
    public RefundAnswer refund(RefundOrder order) {
        givenBack.putIfAbsent(order.refundNo(), order.amount());
        return answered(order);
    }

    @Override
    public Optional<RefundAnswer> queryRefund(RefundOrder order) {
        return givenBack.containsKey(order.refundNo()) ? Optional.of(answered(order)) : Optional.empty();
    }

    /** What it has given back under this number. */
    public Optional<Money> givenBack(String refundNo) {
        return Optional.ofNullable(givenBack.get(refundNo));
    }

    private RefundAnswer answered(RefundOrder order) {
        return new RefundAnswer.Ended(refunded(order, RefundResult.SUCCEEDED));
    }

    /** How a refund ended, as this bank says it. */
    public static Fact.Refunded refunded(RefundOrder order, RefundResult result) {
        return new Fact.Refunded(
                order.outTradeNo(),
                NOBODY,
                result,
                null,
                order.refundNo(),
                "G" + order.refundNo(),
                order.amount(),
                null,
                order.paid(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    @Override
    public Set<String> headers() {
        return Set.of();
    }

    @Override
    public Claim identity(String account) {
        return NOBODY;
    }

    @Override
    public Verdict verify(Delivery delivery) {
        return Verdict.Rejected.because(Rejection.UNPARSABLE);
    }

    @Override
    public Reply reply(Answer answer) {
        return Reply.of(200, "text/plain", answer.name());
    }

    @Override
    public String content(Delivery delivery) {
        return "{}";
    }

    static Fact.Paid paid(String outTradeNo, Money amount) {
        return new Fact.Paid(outTradeNo, NOBODY, "B" + outTradeNo, amount, Instant.now());
    }
}
