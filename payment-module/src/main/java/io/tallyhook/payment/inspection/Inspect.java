package io.tallyhook.payment.inspection;

import io.tallyhook.payment.HandedOut;
import io.tallyhook.payment.HandedOut.Grant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Looks at one page. Payments and modules are read in one snapshot, so that what changes meanwhile is seen on both sides or on
 * neither, and nothing is found that was never so.
 */
@Component
class Inspect {

    static final int PAGE = 500;

    private final InspectedPayments payments;
    private final Findings findings;
    private final TransactionTemplate snapshot;

    Inspect(InspectedPayments payments, Findings findings, PlatformTransactionManager transactions) {
        this.payments = payments;
        this.findings = findings;
        this.snapshot = new TransactionTemplate(transactions);
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.snapshot.setReadOnly(true);
    }

    /** What one page said. @param last the number behind which the next one begins; empty if there is none */
    private record Seen(List<Finding> found, Optional<String> last) {}

    /** Is all that this module has handed out paid? @return where the next page begins, if there is one */
    Optional<String> grants(HandedOut module, String after) {
        return page(() -> {
            var grants = module.after(after, PAGE);
            var standing = payments.of(grants.stream().map(Grant::outTradeNo).toList());
            var found = new ArrayList<Finding>();
            for (var grant : grants) {
                Contradiction.between(grant, paying(module, standing.get(grant.outTradeNo())))
                        .ifPresent(cause -> found.add(Finding.of(cause, module.purpose(), grant)));
            }
            return new Seen(found, last(grants.stream().map(Grant::outTradeNo).toList()));
        });
    }

    /** Do the modules know of all that was handed out? @return where the next page begins, if there is one */
    Optional<String> payments(Map<String, HandedOut> modules, String after) {
        return page(() -> {
            var page = payments.after(after, PAGE);
            var found = new ArrayList<Finding>();
            page.stream()
                    .filter(payment -> modules.containsKey(payment.purpose()))
                    .collect(Collectors.groupingBy(Standing::purpose))
                    .forEach((purpose, some) ->
                            found.addAll(unknown(Objects.requireNonNull(modules.get(purpose)), some)));
            return new Seen(found, last(page.stream().map(Standing::outTradeNo).toList()));
        });
    }

    private static List<Finding> unknown(HandedOut module, List<Standing> some) {
        var grants = byNumber(module.of(some.stream().map(Standing::outTradeNo).toList()));
        return some.stream()
                .filter(payment -> !grants.containsKey(payment.outTradeNo()))
                .flatMap(payment ->
                        Contradiction.between(null, payment).map(cause -> Finding.of(cause, payment)).stream())
                .toList();
    }

    /** Removes what was found of this module and is not so any more. */
    void again(HandedOut module) {
        var known = findings.known(module.purpose());
        var gone = new ArrayList<String>();
        snapshot.executeWithoutResult(status -> {
            var grants = byNumber(module.of(known));
            var standing = payments.of(known);
            known.stream()
                    .filter(no -> Contradiction.between(grants.get(no), paying(module, standing.get(no)))
                            .isEmpty())
                    .forEach(gone::add);
        });
        findings.gone(gone);
    }

    /** What has become of its money elsewhere pays nothing of this module's. */
    private static @Nullable Standing paying(HandedOut module, @Nullable Standing payment) {
        return payment != null && payment.purpose().equals(module.purpose()) ? payment : null;
    }

    private Optional<String> page(Supplier<Seen> look) {
        var seen = snapshot.execute(status -> look.get());
        findings.write(seen.found());
        return seen.last();
    }

    private static Optional<String> last(List<String> numbers) {
        return numbers.size() < PAGE ? Optional.empty() : Optional.of(numbers.getLast());
    }

    private static Map<String, Grant> byNumber(Collection<Grant> grants) {
        return grants.stream()
                .collect(Collectors.toMap(Grant::outTradeNo, Function.identity(), (one, same) -> one, HashMap::new));
    }
}
