package io.tallyhook.wallet.ledger;

/** Rows that constraints refuse, and no other: an existing row with the change that is written beside the constraint. */
final class ForbiddenRows {

    /** Where nothing is written, the row is there already. */
    private static final String CHANGES = """
            account_check                  {"account_id": -1, "owner_id": 5, "channel": "x/y"}
            account_check1                 {"account_id": -1, "shard": 3}
            account_currency_check         {"currency": "USD"}
            account_xid_check              {"xid": 0}
            account_gl_code_fkey           {"account_id": -1, "gl_code": "9999.99"}
            account_pkey                   {"channel": "new/one"}
            account_shard_owner_id_gl_code_channel_currency_key {"account_id": -1}
            account_balance_credit_check   {"credit": -1, "debit": -1}
            account_balance_debit_check    {"debit": -1}
            account_balance_normal_check   {"normal": "X"}
            account_balance_seq_check      {"seq": -1}
            never_below_zero               {"debit": 1000000}
            account_balance_account_id_fkey {"account_id": -1, "owner_id": -1}
            account_balance_pkey           {"owner_id": -1}
            account_balance_shard_owner_id_gl_code_key {"account_id": -1}
            accounting_period_check        {"state": "CLOSED"}
            accounting_period_check1       {"debit": 1, "credit": 2}
            accounting_period_month_check  {"month": "2020-01-02"}
            accounting_period_state_check  {"state": "OPEN"}
            accounting_period_pkey         {}
            adjustment_adjustment_no_check {"adjustment_no": "B1"}
            adjustment_amount_check        {"amount": 0}
            adjustment_check               {"kind": "TAKE_BONUS", "bonus_expires_at": "2030-01-01"}
            adjustment_check1              {"subject": "P1"}
            adjustment_kind_check          {"kind": "GIVE"}
            adjustment_note_check          {"note": "LONG"}
            adjustment_reason_check        {"reason": "  why  "}
            adjustment_shard_check         {"shard": 1024}
            adjustment_state_check         {"state": "DONE"}
            adjustment_user_id_check       {"user_id": "a b"}
            adjustment_pkey                {}
            booked_with_journal            {"journal_id": null}
            decided_by_somebody            {"decided_at": null}
            two_persons                    {"decided_by": "ann"}
            withdrawn_by_author            {"state": "WITHDRAWN", "journal_id": null}
            block_block_no_check           {"block_no": 0}
            block_check                    {"upto_xid": -1}
            block_check1                   {"credit": -7}
            block_entries_check            {"entries": 0}
            block_pkey                     {"from_xid": -1, "prev_sha256": "\\\\x01", "sha256": "\\\\x02"}
            block_from_xid_key             {"block_no": 99, "prev_sha256": "\\\\x01", "sha256": "\\\\x02"}
            block_prev_sha256_key          {"block_no": 99, "from_xid": -1, "sha256": "\\\\x02"}
            block_sha256_key               {"block_no": 99, "from_xid": -1, "prev_sha256": "\\\\x01"}
            daily_total_credit_check       {"credit": -1}
            daily_total_debit_check        {"debit": -1}
            daily_total_lines_check        {"lines": 0}
            daily_total_gl_code_fkey       {"gl_code": "9999.99"}
            daily_total_pkey               {}
            export_log_check               {"rows": null}
            export_log_format_check        {"format": "PDF"}
            export_log_rows_check          {"rows": -1}
            export_log_sha256_check        {"sha256": "\\\\x01"}
            export_log_pkey                {}
            hold_check                     {"principal_left": -1}
            hold_check1                    {"bonus_left": -1}
            hold_check2                    {"principal": 0, "bonus": 0, "principal_left": 0, "bonus_left": 0}
            hold_xid_check                 {"xid": 0}
            hold_pkey                      {"hold_no": "H9"}
            hold_shard_hold_no_key         {"hold_id": -1}
            journal_currency_check         {"currency": "USD"}
            journal_xid_check              {"xid": 0}
            journal_pkey                   {}
            lot_use_check                  {"principal": 0, "bonus": 0, "held_principal": 0, "held_bonus": 0}
            lot_use_xid_check              {"xid": 0}
            lot_use_pkey                   {}
            owner_owner_id_check           {"owner_id": -1, "user_id": "other"}
            owner_shard_check              {"shard": 1024}
            owner_xid_check                {"xid": 0}
            owner_pkey                     {"owner_id": 999999}
            owner_owner_id_key             {"user_id": "other"}
            posting_amount_check           {"amount": 0}
            posting_balance_check          {"balance": -1}
            posting_check                  {"seq": null}
            posting_line_check             {"line": 17}
            posting_seq_check              {"seq": 0}
            posting_xid_check              {"xid": 0}
            posting_pkey                   {}
            posting_statement              {"line": 16}
            request_outcome_check          {"request_key": "other", "outcome": "PERHAPS"}
            request_request_key_check      {"request_key": ""}
            request_sha256_check           {"sha256": "\\\\x01"}
            request_xid_check              {"xid": 0}
            request_pkey                   {}
            rolled_up_once                 {}
            stop_check                     {"note": "looked at"}
            stop_shard_check               {"shard": 1024}
            stop_pkey                      {"shard": 1001}
            stop_standing                  {"stop_id": -1}
            wallet_lot_bonus_check         {"bonus": -1}
            wallet_lot_check               {"principal_left": -1}
            wallet_lot_check1              {"bonus_left": -1}
            wallet_lot_check2              {"principal": 0, "bonus": 0, "principal_left": 0, "bonus_left": 0}
            wallet_lot_xid_check           {"xid": 0}
            wallet_lot_pkey                {}
            """;

    private ForbiddenRows() {}

    static Forbidden of(String table, String constraint) {
        var changes = CHANGES.lines()
                .filter(line -> line.startsWith(constraint + " "))
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError("No row is known that only %s of %s refuses".formatted(constraint, table)))
                .replaceFirst("\\S+\\s+", "")
                .replace("LONG", "x".repeat(501));
        // The unique index of a partition is named after its columns.
        var by = constraint.equals("posting_statement") ? "posting_account_id_seq_acct_date_idx" : constraint;
        var row = Forbidden.row(table, constraint, changes);
        return new Forbidden(row.guard(), row.table(), row.sql(), by);
    }
}
