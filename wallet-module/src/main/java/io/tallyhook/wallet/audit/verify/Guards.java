package io.tallyhook.wallet.audit.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The triggers and tables that must be there, as this program knows them, not as the database tells it. */
final class Guards {

    /**
     * A trigger.
     *
     * @param always whether it must also fire in a session that replays replication
     */
    record Guard(String table, String trigger, boolean always) {}

    static final List<Guard> EXPECTED = List.of(
            new Guard("owner", "owner_frozen", true),
            new Guard("owner", "owner_not_emptied", true),
            new Guard("account", "account_frozen", true),
            new Guard("account", "account_not_emptied", true),
            new Guard("journal", "journal_frozen", true),
            new Guard("journal", "journal_not_emptied", true),
            new Guard("posting", "posting_frozen", true),
            new Guard("posting", "posting_not_emptied", true),
            new Guard("posting", "posting_balances", true),
            new Guard("request", "request_frozen", true),
            new Guard("request", "request_not_emptied", true),
            new Guard("lot_use", "lot_use_frozen", true),
            new Guard("lot_use", "lot_use_not_emptied", true),
            new Guard("wallet_lot", "lot_terms", false),
            new Guard("wallet_lot", "lot_kept", false),
            new Guard("wallet_lot", "lots_not_emptied", false),
            new Guard("hold", "hold_terms", false),
            new Guard("hold", "hold_kept", false),
            new Guard("hold", "holds_not_emptied", false),
            new Guard("account_balance", "balance_terms", false),
            new Guard("account_balance", "balance_rises", false),
            new Guard("account_balance", "balance_kept", false),
            new Guard("account_balance", "balances_not_emptied", false),
            new Guard("accounting_period", "period_only_closes", true),
            new Guard("block", "block_frozen", true),
            new Guard("block", "block_not_emptied", true),
            new Guard("adjustment", "adjustment_decided_once", false),
            new Guard("adjustment", "adjustment_kept", false),
            new Guard("adjustment", "adjustment_terms", false),
            new Guard("recharge_refund", "recharge_refund_terms", false),
            new Guard("recharge_refund", "recharge_refund_kept", false),
            new Guard("recharge_refund", "recharge_refund_not_emptied", false),
            new Guard("export_log", "export_log_ends_once", false),
            new Guard("export_log", "export_log_kept", false),
            new Guard("export_log", "export_log_not_emptied", false));

    /** Each table with its partitions: all must have its triggers. */
    private static final String TABLES = """
            SELECT coalesce(parent.relname, c.relname) AS guarded, c.relname AS name, c.relkind::text AS kind,
                   c.relrowsecurity OR c.relhasrules AS veiled
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'wallet'
            LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
            LEFT JOIN pg_class parent ON parent.oid = i.inhparent
            WHERE c.relkind NOT IN ('i', 'I', 'S', 'c', 't')
            """;

    private static final String TRIGGERS = """
            SELECT c.relname || '.' || t.tgname AS name, t.tgenabled::text AS enabled
            FROM pg_trigger t
            JOIN pg_class c     ON c.oid = t.tgrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'wallet'
            WHERE NOT t.tgisinternal
            """;

    private final Connection connection;

    Guards(Connection connection) {
        this.connection = connection;
    }

    /** @return how many triggers are as they should be */
    long check(Findings findings) throws SQLException {
        var enabled = triggers();
        long whole = 0;
        for (var guarded : tables(findings).entrySet()) {
            for (var guard : EXPECTED) {
                if (guard.table().equals(guarded.getValue())) {
                    var state = enabled.getOrDefault(guarded.getKey() + "." + guard.trigger(), "");
                    if (state.equals("A") || (state.equals("O") && !guard.always())) {
                        whole++;
                    } else {
                        findings.add(Finding.of("guard-missing", missing(guarded.getKey(), guard, state)));
                    }
                }
            }
        }
        return whole;
    }

    private static String missing(String table, Guard guard, String state) {
        return "The trigger %s on wallet.%s is %s"
                .formatted(guard.trigger(), table, state.isEmpty() ? "not there" : "not enabled as it should be");
    }

    /** The tables that are there, with the table whose triggers each must have; those that are not what they seem are told of. */
    private Map<String, String> tables(Findings findings) throws SQLException {
        var found = new HashMap<String, String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                var name = rows.getString("name");
                var guarded = rows.getString("guarded");
                found.put(name, guarded);
                var isTable = List.of("r", "p").contains(rows.getString("kind"));
                if (isGuarded(guarded) && (!isTable || rows.getBoolean("veiled"))) {
                    findings.add(Finding.of(
                            "table-replaced", "wallet.%s is not a plain table: rows could be hidden".formatted(name)));
                }
            }
        }
        EXPECTED.stream()
                .map(Guard::table)
                .distinct()
                .filter(table -> !found.containsKey(table))
                .forEach(
                        table -> findings.add(Finding.of("table-replaced", "wallet.%s is not there".formatted(table))));
        return found;
    }

    private static boolean isGuarded(String table) {
        return EXPECTED.stream().anyMatch(guard -> guard.table().equals(table));
    }

    private Map<String, String> triggers() throws SQLException {
        var enabled = new HashMap<String, String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(TRIGGERS)) {
            while (rows.next()) {
                enabled.put(rows.getString("name"), rows.getString("enabled"));
            }
        }
        return enabled;
    }
}
