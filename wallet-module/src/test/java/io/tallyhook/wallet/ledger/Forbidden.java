package io.tallyhook.wallet.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.util.PSQLException;

/**
 * What the tables refuse by themselves, whoever writes.
 *
 * @param guard the trigger or constraint that refuses it
 * @param table its table
 * @param sql what is refused
 * @param by what the refusal says: a part of its message, or the name of the constraint
 */
record Forbidden(String guard, String table, String sql, String by) {

    /** A lot has columns that are made of others and cannot be written. */
    private static final String OF_A_LOT =
            "shard, lot_id, owner_id, request_key, channel, principal, bonus, expires_at, xid, principal_left, bonus_left";

    /** What triggers refuse. Each is written so that no other guard would refuse it with the same words. */
    static final List<Forbidden> BY_TRIGGERS = List.of(
            change("owner_frozen", "owner", "UPDATE wallet.owner SET user_id = 'x'"),
            change(
                    "account_frozen",
                    "account",
                    "UPDATE wallet.account SET channel = 'x/y' WHERE gl_code LIKE '1012.%'"),
            change("journal_frozen", "journal", "UPDATE wallet.journal SET memo = 'x'"),
            change("posting_frozen", "posting", "DELETE FROM wallet.posting"),
            change("request_frozen", "request", "UPDATE wallet.request SET outcome = 'NOTHING_DUE'"),
            change("lot_use_frozen", "lot_use", "DELETE FROM wallet.lot_use"),
            change("block_frozen", "block", "DELETE FROM wallet.block"),
            change("owner_not_emptied", "owner", "TRUNCATE wallet.owner"),
            change("account_not_emptied", "account", "TRUNCATE wallet.account CASCADE"),
            change("journal_not_emptied", "journal", "TRUNCATE wallet.journal"),
            change("posting_not_emptied", "posting", "TRUNCATE wallet.posting"),
            change("request_not_emptied", "request", "TRUNCATE wallet.request"),
            change("lot_use_not_emptied", "lot_use", "TRUNCATE wallet.lot_use"),
            change("lots_not_emptied", "wallet_lot", "TRUNCATE wallet.wallet_lot"),
            change("holds_not_emptied", "hold", "TRUNCATE wallet.hold"),
            change("balances_not_emptied", "account_balance", "TRUNCATE wallet.account_balance"),
            change("block_not_emptied", "block", "TRUNCATE wallet.block"),
            change("lot_terms", "wallet_lot", "UPDATE wallet.wallet_lot SET expires_at = now()"),
            change("lot_kept", "wallet_lot", "DELETE FROM wallet.wallet_lot"),
            change("hold_terms", "hold", "UPDATE wallet.hold SET principal_left = principal_left + 1"),
            change("hold_terms", "hold", "UPDATE wallet.hold SET expires_at = now()"),
            change("hold_kept", "hold", "DELETE FROM wallet.hold"),
            change(
                    "balance_terms",
                    "account_balance",
                    "UPDATE wallet.account_balance SET normal = 'DEBIT', seq = seq + 1, booked_at = 'infinity'"),
            change("balance_rises", "account_balance", "UPDATE wallet.account_balance SET credit = credit + 1"),
            change(
                    "balance_rises",
                    "account_balance",
                    "UPDATE wallet.account_balance SET seq = seq + 1, credit = credit - 1, booked_at = 'infinity' WHERE gl_code = '2204.01'"),
            change("balance_rises", "account_balance", "UPDATE wallet.account_balance SET seq = seq + 1"),
            change("balance_kept", "account_balance", "DELETE FROM wallet.account_balance"),
            change(
                    "adjustment_decided_once",
                    "adjustment",
                    "UPDATE wallet.adjustment SET note = 'x' WHERE state = 'BOOKED'"),
            change("export_log_ends_once", "export_log", "UPDATE wallet.export_log SET exported_by = 'x'"),
            change("export_log_kept", "export_log", "DELETE FROM wallet.export_log"),
            change("export_log_not_emptied", "export_log", "TRUNCATE wallet.export_log"),
            change("recharge_refund_terms", "recharge_refund", "UPDATE wallet.recharge_refund SET amount = amount - 1"),
            change("recharge_refund_kept", "recharge_refund", "DELETE FROM wallet.recharge_refund"),
            change("recharge_refund_not_emptied", "recharge_refund", "TRUNCATE wallet.recharge_refund"),
            change("adjustment_kept", "adjustment", "DELETE FROM wallet.adjustment WHERE state = 'PROPOSED'"),
            change(
                    "adjustment_terms",
                    "adjustment",
                    "UPDATE wallet.adjustment SET amount = amount + 1 WHERE state = 'PROPOSED'"),
            new Forbidden(
                    "period_only_closes",
                    "accounting_period",
                    "DELETE FROM wallet.accounting_period",
                    "the order CLOSING"),
            new Forbidden(
                    "period_only_closes",
                    "accounting_period",
                    "INSERT INTO wallet.accounting_period (month, state, closing_by, closing_at, closed_at, horizon_xid, sha256)"
                            + " VALUES ('2020-02-01', 'CLOSED', 'x', now(), now(), 1, '')",
                    "the order CLOSING"),
            new Forbidden(
                    "posting_balances",
                    "posting",
                    "INSERT INTO wallet.posting SELECT acct_date, shard, journal_id, 15, 1, 7 FROM wallet.posting LIMIT 1",
                    "does not balance"),
            new Forbidden(
                    "recharge_beginning",
                    "recharge",
                    "INSERT INTO wallet.recharge SELECT (jsonb_populate_record(r, '{\"recharge_no\": \"R00000000000000000000000002\"}')).*"
                            + " FROM wallet.recharge r",
                    "must begin as"),
            new Forbidden(
                    "recharge_transition",
                    "recharge",
                    "UPDATE wallet.recharge SET state = 'AWAITING_PAYMENT'",
                    "cannot go from"),
            new Forbidden(
                    "recharge_terms",
                    "recharge",
                    "UPDATE wallet.recharge SET amount = amount + 1",
                    "cannot be changed"),
            new Forbidden("recharge_payer", "recharge", """
                    INSERT INTO wallet.recharge (recharge_no, user_id, shard, amount, bonus, currency, created_at)
                    VALUES ('R00000000000000000000000003', 'u', 1, 100, 0, 'CNY', now());
                    UPDATE wallet.recharge SET state = 'CREDITED', paid_by = 'P00003', credited_at = now()
                    WHERE recharge_no = 'R00000000000000000000000003';
                    UPDATE wallet.recharge SET paid_by = 'P00004' WHERE paid_by = 'P00003'""", "cannot be changed"));

    /** A change of rows is refused in the partition's name too; emptying, in exactly the table's. */
    private static Forbidden change(String trigger, String table, String sql) {
        return new Forbidden(trigger, table, sql, "on " + table + (sql.startsWith("TRUNCATE") ? "\n" : ""));
    }

    /** The same of a partition, which its own triggers guard when it is written to directly. */
    Forbidden ofPartition(String partition) {
        return new Forbidden(
                guard,
                partition,
                sql.replaceFirst("wallet\\." + table, "wallet." + partition),
                by.replace("on " + table, "on " + partition));
    }

    /** What constraints refuse: a row of the table with these changes. */
    static Forbidden row(String table, String constraint, String changes) {
        return new Forbidden(
                constraint,
                table,
                "INSERT INTO wallet.%1$s %4$s OVERRIDING SYSTEM VALUE SELECT %5$s FROM (SELECT (jsonb_populate_record(r, '%2$s')).* FROM wallet.%1$s r %3$s LIMIT 1) x"
                        .formatted(table, changes, which(table), written(table), values(table)),
                constraint);
    }

    private static String written(String table) {
        return table.equals("wallet_lot") ? "(" + OF_A_LOT + ")" : "";
    }

    private static String values(String table) {
        return table.equals("wallet_lot") ? OF_A_LOT : "*";
    }

    private static String which(String table) {
        return switch (table) {
            case "account_balance" -> "WHERE gl_code = '2204.01'";
            case "account" -> "WHERE owner_id = 0";
            case "adjustment" -> "WHERE state = 'BOOKED'";
            case "posting" -> "WHERE seq IS NOT NULL";
            default -> "";
        };
    }

    /** Tries it, and undoes what it did. Answers what refused it, or nothing. */
    Optional<String> refusedBy(Connection connection) throws SQLException {
        var before = connection.setSavepoint();
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
            return Optional.empty();
        } catch (PSQLException e) {
            return Optional.of(said(e));
        } finally {
            connection.rollback(before);
        }
    }

    private static String said(PSQLException e) {
        var error = e.getServerErrorMessage();
        return error != null && error.getConstraint() != null
                // A partition's own index is named after the partition.
                ? error.getConstraint().replaceFirst("_\\d{4}_\\d{2}", "")
                : String.valueOf(e.getMessage());
    }

    boolean isMeantBy(String said) {
        return said.contains(by);
    }
}
