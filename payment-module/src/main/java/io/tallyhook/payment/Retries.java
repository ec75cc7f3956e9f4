package io.tallyhook.payment;

import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hands many payments to their modules again: all that fit a filter and that a retry can help. Counted first, never more
 * than a bound, and done in the background by whichever instance comes first; a crash costs nothing but time.
 */
@Component
public class Retries {

    private final RetryJobRows rows;
    private final FulfilmentSettings settings;
    private final TransactionTemplate transaction;

    Retries(RetryJobRows rows, FulfilmentSettings settings, PlatformTransactionManager transactions) {
        this.rows = rows;
        this.settings = settings;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * How many payments a retry of this filter would take.
     *
     * @param most a job takes at most; the oldest come first
     * @param more whether more than that fit
     */
    public record Count(int n, int most, boolean more) {}

    /** Counts, and changes nothing. */
    public Count count(PaymentFilter filter) {
        int most = settings.retryMost();
        int n = rows.count(filter, most + 1);
        return new Count(Math.min(n, most), most, n > most);
    }

    /**
     * Begins a job with the payments that fit now.
     *
     * @param actor who wants it; recorded with each payment
     * @throws Refusal 409 if nothing fits
     */
    public RetryJob begin(PaymentFilter filter, String actor) {
        long id = transaction.execute(status -> {
            long job = rows.insert(filter, actor, settings.retryMost());
            if (rows.get(job).map(RetryJob::found).orElse(0) == 0) {
                status.setRollbackOnly();
                return 0L;
            }
            return job;
        });
        if (id == 0) {
            throw Refusal.of(
                    HttpStatus.CONFLICT, "nothing-to-retry", "No payment that fits this filter can be retried now.");
        }
        return get(id);
    }

    /** @throws Refusal (404) if there is none */
    public RetryJob get(long id) {
        return rows.get(id).orElseThrow(() -> Refusal.notFound("retry", String.valueOf(id)));
    }

    /** The last ones, newest first. */
    public List<RetryJob> latest() {
        return rows.latest();
    }

    /**
     * Stops a job; what was handed out again stays so.
     *
     * @throws Refusal 404 if there is none; 409 if it has ended
     */
    public RetryJob cancel(long id, String actor) {
        get(id);
        if (!rows.cancel(id, actor)) {
            throw Refusal.conflict("retry-has-ended", "This retry has ended already.");
        }
        return get(id);
    }
}
