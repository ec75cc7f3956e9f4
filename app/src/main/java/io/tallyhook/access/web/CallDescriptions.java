package io.tallyhook.access.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import java.util.Map;
import java.util.Optional;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** What a call does, where its address does not say it all. */
@Component
class CallDescriptions implements OpenApiCustomizer {

    private record Text(String summary, String description) {}

    private static final Map<String, Text> TEXTS = Map.of(
            "GET /api/v1/ledger/proof",
            new Text("Whether the ledger can be believed", """
                    Checks now, in one snapshot, what was moved since the last check of everything; `lastFullRun` names that one, and
                    `holds` says whether both hold. For each invariant: for how many things it was checked, and how many violate it.
                    A violation stops the shard it lies in. Callers at the same time share one check. `sealed` is the head of the
                    chain of hashes: keep it, and `verify-ledger` tells later whether anything before it was changed."""),
            "GET /api/v1/ledger/trial-balance",
            new Text("The chart of accounts with its turnover", """
                    `asOf` is an accounting date in Beijing time (`2026-11-23`: what the books said at the end of that day) or a moment
                    of booking (`2026-11-23T18:00:00+08:00`: up to and with it); without it, up to now. `debit` and `credit` are
                    turnover, `balance` is debit less credit, so that all lines add up to zero."""),
            "GET /api/v1/money-without-goods",
            new Text("What is wrong between money and goods", """
                    Oldest first; a line goes when its cause is gone. `kind` is what is wrong, `cause` why, `since` when it began, `amount` what is
                    at stake, `repairs` what a person may safely do about it in the admin pages. `detail` is what a module or a provider said.
                    `asked` says why the policy of its purpose has left it to a person; it is absent where no policy has decided yet."""),
            "GET /api/v1/payments/{outTradeNo}",
            new Text("How a payment stands", """
                    `state` says where the money is, `fulfilment` whether what it pays for was handed out. Where the money has bought nothing and
                    became balance of the payer's wallet instead, `fulfilment` is `SUCCEEDED`, `creditedToWallet` is true and `creditedAs` the
                    number of its recharge; what it was to pay for was left as it was, and refunds are taken out of the wallet.
                    `amount` is what was asked for. `receivedAmount` is what was paid, and absent until then: the same, unless two people, or a
                    policy that gives it back, have released a delivery of another amount. Refunds never exceed `receivedAmount`."""),
            "GET /api/v1/recharges/{rechargeNo}",
            new Text("How a recharge stands", """
                    `meantFor` is there if nobody has ordered it: the money came for something else (`purpose`, `reference`), and `decidedBy` has
                    credited it, `because` of this. Such a recharge is `CREDITED` from the beginning, by the payment in `paidBy`."""),
            "POST /api/v1/payments/{outTradeNo}/refunds",
            new Text("Gives money of a payment back", """
                    All of it or a part, several times, and never more than was paid. What was handed out is taken back first; if it
                    is used up, the answer is 409 and nothing happens. `refundNo` is yours: 6 to 32 characters of `0-9A-Za-z_-`, used once for
                    ever; the same one with the same amount is the same refund. `state` tells how far it is: `REQUESTED` (the provider gave no clear
                    answer yet; it is sent again by itself under the same number), `PROCESSING` (the provider has it), `SUCCEEDED`, or `FAILED`
                    (the provider refused; what was taken back is given back)."""));

    @Override
    public void customise(OpenAPI description) {
        Optional.ofNullable(description.getPaths()).ifPresent(paths -> paths.forEach(CallDescriptions::describe));
    }

    private static void describe(String path, PathItem item) {
        item.readOperationsMap()
                .forEach((method, operation) -> Optional.ofNullable(TEXTS.get(method + " " + path))
                        .ifPresent(text -> describe(operation, text)));
    }

    private static void describe(Operation operation, Text text) {
        var scope = Optional.ofNullable(operation.getDescription())
                .map(said -> "\n\n" + said)
                .orElse("");
        operation.setSummary(text.summary());
        operation.setDescription(text.description() + scope);
    }
}
