package io.tallyhook.wallet.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.wallet.ledger.Traffic.Acknowledged;
import io.tallyhook.wallet.ledger.Traffic.Reply;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds what writers were told against what is in the books. */
final class TrafficAudit {

    private final Teller teller;
    private final Auditor auditor;
    private final Traffic traffic;

    TrafficAudit(Teller teller, Traffic traffic) {
        this.teller = teller;
        this.auditor = new Auditor(teller.jdbc());
        this.traffic = traffic;
    }

    void everythingHolds() {
        everyKeyWasAnsweredTheSameEachTime();
        everyAcknowledgedKeyIsThereOnce();
        numbersOfStatementsFollowRealTime();
        teller.sealEverything();
        auditor.holds();
        auditor.allIsSealedOnce();
    }

    private void everyKeyWasAnsweredTheSameEachTime() {
        var first = new HashMap<String, Reply>();
        var differing = new ArrayList<String>();
        for (var each : traffic.acknowledged()) {
            var reply = each.reply();
            var before = first.putIfAbsent(place(reply), reply);
            if (before != null && !before.told().equals(reply.told())) {
                differing.add(before + " and then " + reply);
            }
        }
        assertThat(differing).as("keys that were answered differently").isEmpty();
    }

    private void everyAcknowledgedKeyIsThereOnce() {
        var inTheBooks = new HashMap<String, String>();
        auditor.lines("""
                        SELECT r.shard || ' ' || r.kind || ' ' || r.request_key || '=' || r.outcome || ' ' || count(j.journal_id)
                        FROM wallet.request r
                        LEFT JOIN wallet.journal j ON j.shard = r.shard AND j.kind = r.kind AND j.request_key = r.request_key
                        GROUP BY r.shard, r.kind, r.request_key
                        """).forEach(line -> inTheBooks.put(line.replaceFirst("=.*", ""), line.replaceFirst(".*=", "")));
        var missing = new ArrayList<String>();
        for (var each : traffic.acknowledged()) {
            var reply = each.reply();
            var expected = Character.isDigit(reply.told().charAt(0)) ? "POSTED 1" : reply.told() + " 0";
            if (!expected.equals(inTheBooks.get(place(reply)))) {
                missing.add(reply + " but the books say " + inTheBooks.get(place(reply)));
            }
        }
        assertThat(missing)
                .as("acknowledged keys that are not there exactly once")
                .isEmpty();
    }

    /** What was acknowledged before something else was sent has the smaller number on every account that both moved. */
    private void numbersOfStatementsFollowRealTime() {
        var byKey = new HashMap<String, Acknowledged>();
        traffic.acknowledged().stream()
                .filter(each -> !each.reply().replayed())
                .forEach(each -> byKey.put(place(each.reply()), each));
        var byAccount = new HashMap<String, List<Acknowledged>>();
        teller.jdbc().sql("""
                        SELECT p.account_id, j.shard || ' ' || j.kind || ' ' || j.request_key
                        FROM wallet.posting p
                        JOIN wallet.journal j ON j.acct_date = p.acct_date AND j.shard = p.shard AND j.journal_id = p.journal_id
                        WHERE p.seq IS NOT NULL ORDER BY p.account_id, p.seq
                        """).query(row -> {
            var acknowledged = byKey.get(row.getString(2));
            if (acknowledged != null) {
                byAccount
                        .computeIfAbsent(row.getString(1), any -> new ArrayList<>())
                        .add(acknowledged);
            }
        });
        assertThat(byAccount.values().stream()
                        .mapToLong(TrafficAudit::disorders)
                        .sum())
                .as("lines that are numbered against the order in which they were asked for")
                .isZero();
        assertThat(byAccount).isNotEmpty();
    }

    private static long disorders(List<Acknowledged> inOrderOfNumbers) {
        long disorders = 0;
        long receivedLater = Long.MAX_VALUE;
        for (var each : inOrderOfNumbers.reversed()) {
            if (receivedLater < each.sent()) {
                disorders++;
            }
            receivedLater = Math.min(receivedLater, each.received());
        }
        return disorders;
    }

    private static String place(Reply reply) {
        return reply.user().shard() + " " + reply.kind() + " " + reply.key();
    }

    /** How often what was asked for. */
    Map<String, Long> figures() {
        var figures = new java.util.TreeMap<String, Long>();
        traffic.acknowledged().stream()
                .sorted(Comparator.comparingLong(Acknowledged::sent))
                .forEach(each ->
                        figures.merge(each.reply().kind() + (each.reply().replayed() ? " again" : ""), 1L, Long::sum));
        return figures;
    }
}
