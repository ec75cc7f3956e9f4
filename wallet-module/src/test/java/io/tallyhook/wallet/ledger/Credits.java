package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Credits for tests: {@code aCredit("P1", user, 100, 20)}. */
final class Credits {

    private static final AtomicInteger USERS = new AtomicInteger();
    private static final AtomicInteger KEYS = new AtomicInteger();

    private Credits() {}

    static UserId newUser() {
        return new UserId("owner-" + USERS.incrementAndGet());
    }

    static String newKey() {
        return "KEY-" + KEYS.incrementAndGet();
    }

    static Credit aCredit(String key, UserId user, long principal, long bonus) {
        return aCredit(key, user, principal, bonus, "wechat", "main");
    }

    static Credit aCredit(String key, UserId user, long principal, long bonus, String provider, String account) {
        return new Credit(
                key,
                "R-" + key,
                user,
                Money.fen(principal),
                Money.fen(bonus),
                Optional.of(30),
                provider,
                account,
                Instant.parse("2026-11-22T15:59:59Z"));
    }
}
