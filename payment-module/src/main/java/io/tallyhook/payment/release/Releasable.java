package io.tallyhook.payment.release;

import io.tallyhook.payment.Money;
import java.util.List;

/**
 * A delivery that could be released now.
 *
 * @param asked what was asked for
 * @param received what the delivery says was paid
 * @param late whether the payment is closed, so that what is handed out is decided as for every late one
 * @param actions what can be done with the money, the safest first
 */
public record Releasable(String outTradeNo, Money asked, Money received, boolean late, List<Release.Action> actions) {

    /** Whether what was ordered can be handed out for it. */
    public boolean canHandOut() {
        return actions.contains(Release.Action.REOPEN);
    }
}
