package io.tallyhook.benchmarks;

import io.tallyhook.benchmarks.Notice.Kind;
import io.tallyhook.benchmarks.OpenPayments.Purpose;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A shop's day in small: goods and recharges by both providers, most of them paid, some late, and much that is wrong. */
final class Traffic {

    private final JdbcClient jdbc;
    private final Random random;
    private final List<Provider> providers;
    private final OpenPayments payments;

    Traffic(JdbcClient jdbc, Random random, List<Provider> providers) {
        this.jdbc = jdbc;
        this.random = random;
        this.providers = providers;
        this.payments = new OpenPayments(jdbc, Clock.systemUTC(), new Users("buyer", 200));
    }

    /** Some more, opened and ready to be told of. */
    List<Notice> some(int count) {
        var notices = new ArrayList<Notice>();
        for (var provider : providers) {
            for (var purpose : Purpose.values()) {
                payments.open(count / 4, purpose, provider.name())
                        .forEach(payment -> notices.addAll(about(payment, provider)));
            }
        }
        var late = notices.stream()
                .filter(notice -> notice.kind() == Kind.LATE)
                .map(notice -> notice.payment().outTradeNo())
                .toArray(String[]::new);
        jdbc.sql("""
                        UPDATE payment.payment SET state = 'CLOSED', closed_at = now(), version = version + 1
                        WHERE out_trade_no = ANY (:late)
                        """).param("late", late).update();
        Collections.shuffle(notices, random);
        return notices;
    }

    private List<Notice> about(OpenPayment payment, Provider provider) {
        int chance = random.nextInt(100);
        if (chance < 5) {
            return List.of(new Notice(Kind.FORGED, provider, payment, 3, 0));
        }
        if (chance < 10) {
            return List.of(new Notice(Kind.WRONG_AMOUNT, provider, payment, 3, 0));
        }
        if (chance < 13) {
            return List.of(new Notice(Kind.NOBODYS, provider, payment, 2, 0));
        }
        var kind = chance < 20 ? Kind.LATE : Kind.PAID;
        int tries = chance > 94 ? 1 : Notice.UNTIL_ACKNOWLEDGED;
        var notice = new Notice(kind, provider, payment, tries, random.nextInt(4) == 0 ? 2 : 0);
        // The same from two of the provider's machines at once, and a forger who guesses.
        return switch (random.nextInt(10)) {
            case 0 -> List.of(notice, notice);
            case 1 -> List.of(notice, new Notice(Kind.FORGED, provider, payment, 2, 0));
            default -> List.of(notice);
        };
    }
}
