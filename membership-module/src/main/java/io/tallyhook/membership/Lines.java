package io.tallyhook.membership;

import io.tallyhook.payment.UserId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Makes the lines of grants longer in the database. */
@Repository
class Lines {

    private final JdbcClient jdbc;

    Lines(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Locks the lines of these users, in the users' order, and answers them as they stand then: whoever grants to one of
     * them at the same time waits, and continues the line from where this transaction leaves it.
     */
    Map<UserId, Line> lock(SortedSet<String> users) {
        var names = users.toArray(String[]::new);
        jdbc.sql("""
                        INSERT INTO membership.member (user_id, shard)
                        SELECT user_id, shard FROM unnest(:users::text[], :shards::int[]) AS u (user_id, shard)
                        ORDER BY user_id COLLATE "C"
                        ON CONFLICT (user_id) DO NOTHING
                        """)
                .param("users", names)
                .param(
                        "shards",
                        users.stream().map(user -> new UserId(user).shard()).toArray(Integer[]::new))
                .update();
        jdbc.sql("""
                        SELECT id FROM membership.member WHERE user_id = ANY (:users)
                        ORDER BY user_id COLLATE "C" FOR NO KEY UPDATE
                        """).param("users", names).query(row -> {});
        // A statement of its own: only one that begins after the locks are held sees what was granted until then.
        var lines = new HashMap<UserId, Line>();
        jdbc.sql("""
                        SELECT m.user_id, m.id, coalesce(last.seq, 0) AS seq, last.ends_at
                        FROM membership.member m
                        LEFT JOIN LATERAL (
                          SELECT seq, ends_at FROM membership.membership_grant
                          WHERE member_id = m.id ORDER BY seq DESC LIMIT 1) last ON true
                        WHERE m.user_id = ANY (:users)
                        """).param("users", names).query(row -> {
            lines.put(
                    new UserId(row.getString("user_id")),
                    new Line(row.getLong("id"), row.getInt("seq"), instant(row.getTimestamp("ends_at"))));
        });
        return lines;
    }

    /** Locks one line, as above. */
    Line lockOne(UserId user) {
        return Objects.requireNonNull(lock(new TreeSet<>(List.of(user.value()))).get(user));
    }

    /** A new grant with its place in the line. */
    record Addition(Grant grant, Line.Stretch stretch) {}

    void add(Collection<Addition> additions, Instant now) {
        jdbc.sql("""
                        INSERT INTO membership.membership_grant
                          (member_id, seq, out_trade_no, purchase_no, plan_code, plan_name, days, starts_at, ends_at,
                           previous_ends_at, granted_at)
                        SELECT member_id, seq, out_trade_no, purchase_no, plan_code, plan_name, days,
                               starts_at::timestamptz, ends_at::timestamptz, previous_ends_at::timestamptz, :now
                        FROM unnest(:memberIds::bigint[], :seqs::int[], :outTradeNos::text[], :purchaseNos::text[],
                                    :planCodes::text[], :planNames::text[], :days::int[],
                                    :startsAt::text[], :endsAt::text[], :previousEndsAt::text[])
                          AS g (member_id, seq, out_trade_no, purchase_no, plan_code, plan_name, days,
                                starts_at, ends_at, previous_ends_at)
                        """)
                .param("now", Timestamp.from(now))
                .param(
                        "memberIds",
                        additions.stream().map(a -> a.stretch().memberId()).toArray(Long[]::new))
                .param("seqs", additions.stream().map(a -> a.stretch().seq()).toArray(Integer[]::new))
                .param(
                        "outTradeNos",
                        additions.stream().map(a -> a.grant().outTradeNo()).toArray(String[]::new))
                .param(
                        "purchaseNos",
                        additions.stream().map(a -> a.grant().purchaseNo()).toArray(String[]::new))
                .param(
                        "planCodes",
                        additions.stream().map(a -> a.grant().planCode()).toArray(String[]::new))
                .param(
                        "planNames",
                        additions.stream().map(a -> a.grant().planName()).toArray(String[]::new))
                .param("days", additions.stream().map(a -> a.grant().days()).toArray(Integer[]::new))
                .param(
                        "startsAt",
                        additions.stream()
                                .map(a -> a.stretch().startsAt().toString())
                                .toArray(String[]::new))
                .param(
                        "endsAt",
                        additions.stream()
                                .map(a -> a.stretch().endsAt().toString())
                                .toArray(String[]::new))
                .param("previousEndsAt", previousEnds(additions))
                .update();
    }

    private static @Nullable String[] previousEnds(Collection<Addition> additions) {
        var ends = new @Nullable String[additions.size()];
        int i = 0;
        for (var addition : additions) {
            var previous = addition.stretch().previousEndsAt();
            ends[i++] = previous == null ? null : previous.toString();
        }
        return ends;
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
