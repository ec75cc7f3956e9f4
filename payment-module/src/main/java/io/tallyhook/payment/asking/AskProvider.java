package io.tallyhook.payment.asking;

import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.booking.IntakeUnavailable;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.PaymentGateway;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Asks a provider about a payment, or to close it, and books what it answers as a fact like any other. Never in a
 * transaction, since it is a remote call.
 */
@Component
public class AskProvider {

    private static final Logger log = LoggerFactory.getLogger(AskProvider.class);

    private final Map<String, PaymentGateway> gateways;
    private final Intake intake;

    AskProvider(List<PaymentGateway> gateways, Intake intake) {
        this.gateways = gateways.stream().collect(Collectors.toMap(PaymentGateway::provider, gateway -> gateway));
        this.intake = intake;
    }

    /**
     * Asks what has become of a payment.
     *
     * @throws io.tallyhook.payment.Refusal (409, {@code account-cannot-order}) if the account has no keys to ask with
     */
    public Answer query(String provider, String account, String outTradeNo) {
        refuseTransactions();
        try {
            return gateway(provider)
                    .query(account, outTradeNo)
                    .map(fact -> booked(provider, account, fact))
                    .orElseGet(() -> Answer.of(ProviderSays.UNKNOWN));
        } catch (ProviderUnclear e) {
            return Answer.unclear(e.getMessage());
        }
    }

    /**
     * Closes a payment at its provider, so that it cannot be paid any more; it is not closed here by that. If it is paid
     * already, that is booked.
     *
     * @return closed, paid or unclear
     * @throws io.tallyhook.payment.Refusal (409, {@code account-cannot-order}) if the account has no keys to ask with
     */
    public Answer close(String provider, String account, String outTradeNo) {
        refuseTransactions();
        try {
            return switch (gateway(provider).close(account, outTradeNo)) {
                case CLOSED -> Answer.of(ProviderSays.CLOSED);
                case ALREADY_PAID -> howPaid(provider, account, outTradeNo);
            };
        } catch (ProviderUnclear e) {
            return Answer.unclear(e.getMessage());
        }
    }

    /** That it is paid stands, whatever else it says now: if it cannot be booked, the callback or the next question will. */
    private Answer howPaid(String provider, String account, String outTradeNo) {
        var answer = query(provider, account, outTradeNo);
        return switch (answer.says()) {
            case PAID, REFUNDED -> answer;
            case CLOSED, OPEN, UNKNOWN, UNCLEAR ->
                new Answer(ProviderSays.PAID, null, "says paid, but not how: " + answer.detail());
        };
    }

    private Answer booked(String provider, String account, Fact fact) {
        try {
            return Answer.booked(
                    fact, intake.bookAnswer(provider, account, fact).outcome());
        } catch (IntakeUnavailable e) {
            log.warn(
                    "What {} says of payment {} could not be booked now; it is asked again",
                    provider,
                    fact.outTradeNo(),
                    e);
            return Answer.notBooked(fact, "could not be booked now");
        }
    }

    private PaymentGateway gateway(String provider) {
        var gateway = gateways.get(provider);
        if (gateway == null) {
            throw new IllegalArgumentException("There is no way to ask " + provider);
        }
        return gateway;
    }

    private static void refuseTransactions() {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("A provider must not be asked in a transaction: that is a remote call");
        }
    }
}
