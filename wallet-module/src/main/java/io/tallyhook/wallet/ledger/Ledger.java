package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Books money. Every method runs in the caller's transaction, which must be {@code READ COMMITTED}, so that a booking and
 * what it is for commit together; and every booking has a key under which it happens once.
 */
@Component
public class Ledger {

    /** How much one statement takes; an event carries less. More would only hold its locks longer. */
    static final int MAX_BATCH = 500;

    private static final String ACCOUNTS_MISSING = sql("accounts-missing.sql");
    private static final String OPEN_ACCOUNTS = sql("open-accounts.sql");
    private static final String CREDIT_RECHARGES = sql("credit-recharges.sql");

    private final JdbcClient jdbc;
    private final Clock clock;

    Ledger(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Credits recharges to their wallets, which are opened where they do not exist. What was credited before is not
     * credited again.
     *
     * @return where each is booked, in no particular order
     * @throws RequestConflict if a payment was credited before with other terms; nothing is booked then
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public List<Booked> credit(Collection<Credit> recharges) {
        var batch = distinct(recharges);
        var booked = new ArrayList<Booked>(batch.size());
        for (int from = 0; from < batch.size(); from += MAX_BATCH) {
            booked.addAll(creditAtOnce(batch.subList(from, Math.min(from + MAX_BATCH, batch.size()))));
        }
        return booked;
    }

    private List<Booked> creditAtOnce(List<Credit> batch) {
        var columns = columns(batch);
        if (jdbc.sql(ACCOUNTS_MISSING).params(columns).query(Boolean.class).single()) {
            jdbc.sql(OPEN_ACCOUNTS).params(columns).update();
        }
        var booked = new ArrayList<>(post(columns));
        if (booked.size() < batch.size()) {
            booked.addAll(replayed(batch, booked));
        }
        return booked;
    }

    private List<Booked> post(Map<String, Object> columns) {
        try {
            return jdbc.sql(CREDIT_RECHARGES)
                    .params(columns)
                    .param("now", Timestamp.from(clock.instant()))
                    .query(Ledger::fresh)
                    .list();
        } catch (DataAccessException e) {
            throw WalletOperations.translated(e, "a batch of recharges");
        }
    }

    /** Which of these shards take no postings. */
    public Set<Integer> stopped(Collection<Integer> shards) {
        return Set.copyOf(jdbc.sql(
                        "SELECT shard FROM wallet.stop WHERE resumed_at IS NULL AND shard = ANY (:shards::smallint[])")
                .param("shards", shards.stream().map(Integer::shortValue).toArray(Short[]::new))
                .query(Integer.class)
                .list());
    }

    private static Booked fresh(ResultSet row, int number) throws SQLException {
        var booked = new Booked(row.getString("out_trade_no"), row.getLong("journal_id"), false);
        if (!row.getBoolean("complete")) {
            throw new IllegalStateException(
                    "The wallet of %s has lost an account or its balance row".formatted(booked.requestKey()));
        }
        return booked;
    }

    /** What this batch did not book must have been booked before, and the same. */
    private List<Booked> replayed(List<Credit> batch, List<Booked> fresh) {
        var open = new HashMap<String, Credit>();
        batch.forEach(credit -> open.put(credit.outTradeNo(), credit));
        fresh.forEach(booked -> open.remove(booked.requestKey()));
        var found = jdbc.sql("""
                        SELECT r.request_key, r.journal_id, r.sha256
                        FROM unnest(:shards::smallint[], :outTradeNos::text[]) AS k (shard, request_key)
                        JOIN wallet.request r ON r.shard = k.shard AND r.kind = 'RECHARGE' AND r.request_key = k.request_key
                        """)
                .param("shards", shards(List.copyOf(open.values())))
                .param("outTradeNos", texts(List.copyOf(open.values()), Credit::outTradeNo))
                .query((row, number) -> {
                    var booked = new Booked(row.getString(1), row.getLong(2), true);
                    var asked = open.remove(booked.requestKey());
                    if (asked == null || !Arrays.equals(asked.sha256(), row.getBytes(3))) {
                        throw new RequestConflict(booked.requestKey());
                    }
                    return booked;
                })
                .list();
        if (!open.isEmpty()) {
            throw new IllegalStateException("The ledger neither books nor knows " + open.keySet());
        }
        return found;
    }

    private static List<Credit> distinct(Collection<Credit> recharges) {
        var byKey = new LinkedHashMap<String, Credit>();
        for (var recharge : recharges) {
            var before = byKey.putIfAbsent(recharge.outTradeNo(), recharge);
            if (before != null && !Arrays.equals(before.sha256(), recharge.sha256())) {
                throw new RequestConflict(recharge.outTradeNo());
            }
        }
        return List.copyOf(byKey.values());
    }

    private static Map<String, Object> columns(List<Credit> batch) {
        return Map.ofEntries(
                Map.entry("outTradeNos", texts(batch, Credit::outTradeNo)),
                Map.entry("sha256s", batch.stream().map(Credit::sha256).toArray(byte[][]::new)),
                Map.entry("references", texts(batch, Credit::reference)),
                Map.entry("shards", shards(batch)),
                Map.entry("userIds", texts(batch, credit -> credit.userId().value())),
                Map.entry(
                        "principals",
                        batch.stream()
                                .mapToLong(credit -> credit.principal().minorUnits())
                                .toArray()),
                Map.entry(
                        "bonuses",
                        batch.stream()
                                .mapToLong(credit -> credit.bonus().minorUnits())
                                .toArray()),
                Map.entry(
                        "expiresAfterDays",
                        batch.stream()
                                .map(credit -> credit.bonusExpiresAfterDays().orElse(null))
                                .toArray(Integer[]::new)),
                Map.entry("providers", texts(batch, Credit::provider)),
                Map.entry("accounts", texts(batch, Credit::account)),
                Map.entry("eventAts", texts(batch, credit -> credit.paidAt().toString())));
    }

    private static String[] texts(List<Credit> batch, Function<Credit, String> column) {
        return batch.stream().map(column).toArray(String[]::new);
    }

    private static Short[] shards(List<Credit> batch) {
        return batch.stream()
                .map(Credit::userId)
                .map(UserId::shard)
                .map(Integer::shortValue)
                .toArray(Short[]::new);
    }

    private static String sql(String name) {
        try {
            return new ClassPathResource(name, Ledger.class).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
