package io.tallyhook.payment;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * What a module has handed out for payments, so that a standing inspection can hold it against them. A module that sells
 * something declares one bean of this type beside its {@link Purpose}, usually a {@link HandedOutRows}.
 *
 * <p>Both methods only read, in the running transaction: payments and modules are seen at the same moment.
 */
public interface HandedOut {

    /** The code of the {@link Purpose}. */
    String purpose();

    /**
     * The next page of all that was ever handed out, in the order of payment numbers.
     *
     * @param outTradeNo behind which number it begins; empty for the first page
     * @return fewer than {@code limit} on the last page
     */
    List<Grant> after(String outTradeNo, int limit);

    /** What was handed out for these payments; nothing for those that it knows nothing of. */
    List<Grant> of(Collection<String> outTradeNos);

    /**
     * Something that was handed out.
     *
     * @param outTradeNo the payment that paid it
     * @param reference in the module's own numbering
     * @param amount what it cost
     * @param stillGranted false once all of it was taken back
     */
    record Grant(
            String outTradeNo, String reference, String userId, Money amount, Instant since, boolean stillGranted) {}
}
