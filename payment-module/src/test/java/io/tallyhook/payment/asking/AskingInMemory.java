package io.tallyhook.payment.asking;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tallyhook.payment.asking.Errand.Account;
import io.tallyhook.payment.asking.Question.Why;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.provider.PaymentGateway;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import tallyhook.testing.Nowhere;

/** The real asking, over rows in memory. */
public final class AskingInMemory {

    private static final SimpleMeterRegistry METRICS = new SimpleMeterRegistry();

    private final Payments payments;
    private final AskingSettings settings;
    private final AskProvider provider;
    private final ClaimErrands claims;
    private final RunErrand errands;
    private Map<String, Awaited> awaited = new LinkedHashMap<>();

    public AskingInMemory(
            Payments payments,
            AskingSettings settings,
            PaymentGateway gateway,
            Intake intake,
            PlatformTransactionManager transactions,
            Clock clock,
            RandomGenerator random) {
        this.payments = payments;
        this.settings = settings;
        this.provider = new AskProvider(List.of(gateway), intake);
        var due = new Due(settings);
        var questions = new Unwritten();
        this.claims = new ClaimErrands(due, new Enough(settings), questions, transactions, clock);
        this.errands = new RunErrand(provider, pending(), due, questions, settings, METRICS, clock, random);
    }

    /** The payments beside the rows. */
    public interface Payments {

        Account accountOf(String outTradeNo);

        boolean isPending(String outTradeNo);

        boolean isExpired(String outTradeNo, Instant now);

        /** When, or absent. */
        @Nullable
        Instant expiresAt(String outTradeNo);

        boolean hasPaidSibling(String outTradeNo);

        boolean close(String outTradeNo);

        /** One of our accounts. */
        record Account(String provider, String name) {}
    }

    /** A row. */
    public record Awaited(boolean askable, Instant nextAskAt, int asked, int closings) {

        Awaited at(Instant next) {
            return new Awaited(askable, next, asked, closings);
        }
    }

    public Runnable remember() {
        var before = new LinkedHashMap<>(awaited);
        return () -> awaited = before;
    }

    public void await(String outTradeNo, boolean askable, Instant now) {
        var expires = payments.expiresAt(outTradeNo);
        if (!askable && expires == null) {
            return;
        }
        var first = now.plus(settings.firstGap());
        var next = askable && (expires == null || first.isBefore(expires)) ? first : Objects.requireNonNull(expires);
        awaited.put(outTradeNo, new Awaited(askable, next, 0, 0));
    }

    public @Nullable Awaited awaited(String outTradeNo) {
        return awaited.get(outTradeNo);
    }

    /** Is due now, if there is somebody to ask. */
    public void hurry(String outTradeNo, Instant now) {
        awaited.computeIfPresent(outTradeNo, (number, row) -> row.askable() ? row.at(now) : row);
    }

    /** Does all that is due, one after the other. */
    public void asks() {
        for (var account : claims.accounts()) {
            claims.claim(account, settings.parallel()).stream()
                    .sorted(Comparator.comparing(Errand::outTradeNo))
                    .toList()
                    .forEach(errands::run);
        }
    }

    /** Claims all that is due and is killed before it does any of it. */
    public void isKilledAfterClaiming() {
        claims.accounts().forEach(account -> claims.claim(account, settings.parallel()));
    }

    /** A person asks. */
    public void askNow(String providerName, String account, String outTradeNo) {
        provider.query(providerName, account, outTradeNo);
    }

    /** A person closes it: at its provider first, if there is somebody to ask. */
    public void closeNow(String providerName, String account, String outTradeNo, boolean ordered) {
        if (!ordered || provider.close(providerName, account, outTradeNo).says() == ProviderSays.CLOSED) {
            payments.close(outTradeNo);
        }
    }

    private PendingPayments pending() {
        return new PendingPayments(Nowhere.jdbc(), settings) {
            @Override
            public boolean close(String outTradeNo) {
                return payments.close(outTradeNo);
            }
        };
    }

    private final class Due extends DueErrands {

        Due(AskingSettings settings) {
            super(Nowhere.jdbc(), settings);
        }

        @Override
        List<Account> accounts(Instant now) {
            return awaited.entrySet().stream()
                    .filter(row -> !row.getValue().nextAskAt().isAfter(now))
                    .map(row -> account(row.getKey()))
                    .distinct()
                    .toList();
        }

        private static Account account(Payments.Account account) {
            return new Account(account.provider(), account.name());
        }

        private Account account(String outTradeNo) {
            return account(payments.accountOf(outTradeNo));
        }

        @Override
        Looked look(Account account, Instant now) {
            var pending = new ArrayList<Errand>();
            var over = new ArrayList<String>();
            awaited.entrySet().stream()
                    .filter(row -> !row.getValue().nextAskAt().isAfter(now)
                            && account(row.getKey()).equals(account))
                    .sorted(Comparator.comparing(row -> row.getValue().nextAskAt()))
                    .forEach(row -> {
                        if (payments.isPending(row.getKey())) {
                            pending.add(errand(row.getKey(), row.getValue(), account, now));
                        } else {
                            over.add(row.getKey());
                        }
                    });
            return new Looked(pending, over);
        }

        private Errand errand(String outTradeNo, Awaited row, Account account, Instant now) {
            var why = payments.isExpired(outTradeNo, now)
                    ? Why.EXPIRED
                    : row.askable() && payments.hasPaidSibling(outTradeNo) ? Why.SIBLING_PAID : Why.USUAL;
            return new Errand(
                    outTradeNo,
                    account,
                    why,
                    row.askable(),
                    why == Why.USUAL ? row.asked() : row.closings(),
                    false,
                    settings.firstGap(),
                    now,
                    now.plus(settings.lease()));
        }

        @Override
        void lease(List<Errand> errands) {
            for (var errand : errands) {
                awaited.computeIfPresent(
                        errand.outTradeNo(),
                        (number, row) -> new Awaited(
                                row.askable(),
                                errand.lease(),
                                row.asked() + (errand.closes() ? 0 : 1),
                                row.closings() + (errand.closes() ? 1 : 0)));
            }
        }

        @Override
        void remove(List<String> over) {
            over.forEach(awaited::remove);
        }

        @Override
        void done(Errand errand, Instant again) {
            var row = Optional.ofNullable(awaited.get(errand.outTradeNo()));
            if (!payments.isPending(errand.outTradeNo())) {
                awaited.remove(errand.outTradeNo());
            } else if (row.filter(mine -> mine.nextAskAt().equals(errand.lease()))
                    .isPresent()) {
                var expires = payments.expiresAt(errand.outTradeNo());
                var next = !errand.closes() && expires != null && expires.isBefore(again) ? expires : again;
                awaited.put(errand.outTradeNo(), row.get().at(next));
            }
        }
    }

    /** Stories do not look at what was asked. */
    private static final class Unwritten extends Questions {

        Unwritten() {
            super(Nowhere.jdbc());
        }

        @Override
        void asked(List<Errand> errands) {}

        @Override
        void answered(String outTradeNo, Instant askedAt, Answer answer, Instant now) {}
    }

    /** In a story time stands still for many steps. */
    private static final class Enough extends Budgets {

        Enough(AskingSettings settings) {
            super(Nowhere.jdbc(), settings);
        }

        @Override
        int left(Account account, Instant now) {
            return Integer.MAX_VALUE;
        }

        @Override
        void take(Account account, int n) {}
    }
}
