package io.tallyhook.wallet.ledger;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A guard in the functions or statements, taken out.
 *
 * @param name what is missing then
 * @param edits of functions of the database
 * @param statements edits of the statements that Java sends
 * @param noticedBy which check must fail
 */
record Mutation(String name, List<Edit> edits, UnaryOperator<String> statements, String noticedBy) {

    /** In one function, one text for another. */
    record Edit(String function, String text, String instead) {}

    static Mutation of(String name, String noticedBy, Edit... edits) {
        return new Mutation(name, List.of(edits), UnaryOperator.identity(), noticedBy);
    }

    static Mutation in(String function, String text, String instead, String noticedBy) {
        return of(function + " without: " + text, noticedBy, new Edit(function, text, instead));
    }

    static Mutation ofStatements(String text, String instead, String noticedBy) {
        return new Mutation(
                "statements without: " + text.strip(), List.of(), sql -> sql.replace(text, instead), noticedBy);
    }

    /** Edits the functions. Answers the statements that put them back. */
    List<String> apply(Teller teller) {
        var originals = new ArrayList<String>();
        for (var edit : edits) {
            var definition = definition(teller, edit.function());
            if (!definition.contains(edit.text())) {
                throw new AssertionError("%s does not say %s any more".formatted(edit.function(), edit.text()));
            }
            originals.add(definition);
            execute(teller, definition.replace(edit.text(), edit.instead()));
        }
        return originals.reversed();
    }

    static void restore(Teller teller, List<String> definitions) {
        definitions.forEach(definition -> execute(teller, definition));
    }

    private static String definition(Teller teller, String function) {
        return new Auditor(teller.jdbc())
                .lines("SELECT pg_get_functiondef(('wallet.' || ?)::regproc)", function)
                .getFirst();
    }

    private static void execute(Teller teller, String sql) {
        try (var statement = teller.connection().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All guards that are not triggers or constraints. */
    static List<Mutation> all() {
        var all = new ArrayList<Mutation>();
        var repeats = "IF answer.outcome IS NOT NULL THEN RETURN answer; END IF;";
        for (var function : List.of("spend", "hold", "adjust")) {
            all.add(in(function, repeats, "", "repeats"));
        }
        var keyNet = new Edit(
                "keep", "IF NOT FOUND THEN RETURN wallet.answered(p_shard, p_kind, p_key, p_sha256); END IF;", "");
        for (var function :
                List.of("capture", "release", "refund_spend", "refund_recharge", "end_refund", "charge_back")) {
            all.add(of(
                    function + " without its look for the key, and without the net under it",
                    "repeats",
                    new Edit(function, repeats, ""),
                    keyNet));
        }
        all.addAll(Arrays.asList(
                of("keep without the net under the key", "races", keyNet),
                in("answered", "known.sha256 <> p_sha256", "false", "repeats"),
                in("lock_wallet", "FOR NO KEY UPDATE OF b", "", "races"),
                in("take", "IF lot.all_principal + lot.all_bonus < p_amount THEN RETURN; END IF;", "", "stories"),
                in("take", "OR l.expires_at <= p_now", "", "stories"),
                in("take", "ORDER BY o.expires_at, o.lot_id", "ORDER BY o.lot_id", "stories"),
                in(
                        "take",
                        "div(share * lot.principal::numeric, greatest(lot.principal + lot.bonus, 1))",
                        "floor(share * lot.principal::numeric / greatest(lot.principal + lot.bonus, 1))",
                        "cents"),
                in(
                        "bonus_forgone",
                        "div(p_bonus_left * (p_principal_left - p_amount)::numeric, greatest(p_principal_left, 1))",
                        "(p_bonus_left * (p_principal_left - p_amount)::numeric / greatest(p_principal_left, 1))",
                        "stories"),
                in("post", "written <> expected", "false", "nets"),
                in("post", "greatest(p_now, max(b.booked_at) + interval '1 microsecond')", "p_now", "stories"),
                in("capture", "held.expires_at <= p_now", "false", "ends"),
                in("capture", "held.principal_left + held.bonus_left < p_amount", "false", "stories"),
                in("capture", "owner_id = owner AND", "", "neighbours"),
                in("lower_hold", "AND principal_left >= p_principal AND bonus_left >= p_bonus", "", "nets"),
                in("release", "OR held.principal_left + held.bonus_left = 0", "", "ends"),
                in("release", "owner_id = owner AND", "", "neighbours"),
                in(
                        "release",
                        "PERFORM wallet.expire_given_back(p_shard, owner, answer.journal_id, p_now);",
                        "",
                        "ends"),
                in("expire_lot", "AND expires_at <= p_now", "", "nets"),
                in("expire_lot", "bonus_left > 0", "true", "nets"),
                in("refund_spend", "spent.amount < p_amount", "false", "stories"),
                in("refund_spend", "AND l.owner_id = owner", "", "neighbours"),
                in(
                        "refund_spend",
                        "PERFORM wallet.expire_given_back(p_shard, owner, answer.journal_id, p_now);",
                        "",
                        "ends"),
                in("unearn", "ORDER BY e.last DESC", "ORDER BY e.last", "revenues"),
                in("gone_back", "coalesce(-sum(p.amount), 0)", "0", "collected"),
                in(
                        "refund_recharge",
                        "lot.principal - wallet.gone_back(p_shard, lot.lot_id)",
                        "lot.principal",
                        "collected"),
                in("refund_recharge", "lot.principal_left,", "lot.principal,", "ends"),
                in("refund_recharge", "AND owner_id = owner", "", "neighbours"),
                in(
                        "end_refund",
                        "EXISTS (SELECT FROM wallet.journal e WHERE e.shard = p_shard AND e.regards = asked.journal_id)",
                        "false",
                        "ends"),
                in("end_refund", "AND l.owner_id = owner", "", "neighbours"),
                in(
                        "end_refund",
                        "PERFORM wallet.expire_given_back(p_shard, owner, answer.journal_id, p_now);",
                        "",
                        "ends"),
                in(
                        "charge_back",
                        "lot.principal - wallet.gone_back(p_shard, lot.lot_id) < p_amount",
                        "lot.principal < p_amount",
                        "collected"),
                in("charge_back", "AND owner_id = owner", "", "neighbours"),
                in("adjust", "gl_code = '1221.01'), 0) < p_amount", "gl_code = '1221.01'), 0) < 0", "stories"),
                in("approve", "FOR NO KEY UPDATE", "", "races"),
                in("approve", "OR proposal.state <> 'PROPOSED'", "", "races"),
                in(
                        "seal",
                        "next.upto_xid    := wallet.horizon();",
                        "next.upto_xid := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;",
                        "late"),
                in(
                        "roll_up",
                        "upto := wallet.horizon();",
                        "upto := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;",
                        "late"),
                in("roll_up", "p.xid >= since AND", "", "late"),
                in(
                        "since_xid",
                        "current_setting('tallyhook.since_xid', true)::bigint ELSE 0 END",
                        "9000000000000000000 ELSE 9000000000000000000 END",
                        "damage"),
                in("require_balanced", "w.total <> 0 OR", "", "journals"),
                in("require_balanced", "AND w.first = pg_current_xact_id()::text::bigint", "", "journals"),
                in("require_balanced", "j.xid = w.first AND", "", "journals"),
                in("require_balanced", "OR period.month IS NOT NULL", "", "journals"),
                in("require_balanced", "OR stop.fault IS NOT NULL", "", "journals"),
                in(
                        "require_balanced",
                        "current_setting('transaction_isolation') <> 'read committed'",
                        "false",
                        "journals"),
                ofStatements("FOR NO KEY UPDATE OF b", "", "races"),
                ofStatements("ORDER BY b.shard, b.account_id\n", "ORDER BY b.shard DESC, b.account_id DESC\n", "races"),
                ofStatements("ORDER BY shard, out_trade_no ", "ORDER BY shard DESC, out_trade_no DESC ", "races"),
                ofStatements("ORDER BY w.shard, w.user_id ", "ORDER BY w.shard DESC, w.user_id DESC ", "races"),
                ofStatements("ON CONFLICT DO NOTHING\n  RETURNING request_key", "RETURNING request_key", "repeats")));
        return all;
    }
}
