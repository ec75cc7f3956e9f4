package io.tallyhook.wallet.books;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Finds out what a proposal would do by doing it, with the ledger's own operations, in a transaction that is always rolled
 * back. It uses up numbers and holds the wallet's lock for some milliseconds; nobody ever sees what it wrote.
 */
@Component
class Preview {

    private final AdjustmentRows rows;
    private final BalancesAt balances;
    private final Vouchers vouchers;
    private final TransactionOperations transaction;
    private final JdbcClient jdbc;

    Preview(
            AdjustmentRows rows,
            BalancesAt balances,
            Vouchers vouchers,
            TransactionOperations transaction,
            JdbcClient jdbc) {
        this.rows = rows;
        this.balances = balances;
        this.vouchers = vouchers;
        this.transaction = transaction;
        this.jdbc = jdbc;
    }

    Effect of(String number, Proposal proposal, Instant now) {
        return Objects.requireNonNull(transaction.execute(status -> {
            status.setRollbackOnly();
            boolean newWallet = !known(proposal);
            var before = balances.of(proposal.userId(), null);
            rows.insert(number, proposal, "one", now);
            var booked = rows.approve(rows.lock(number).orElseThrow(), "another", null, now);
            var lines = booked.journalId().map(journal -> vouchers.get(journal).lines());
            return new Effect(
                    booked.outcome().orElseThrow(),
                    lines.orElse(List.of()),
                    before,
                    balances.of(proposal.userId(), null),
                    newWallet);
        }));
    }

    private boolean known(Proposal proposal) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM wallet.owner WHERE shard = :shard AND user_id = :userId)")
                .param("shard", proposal.userId().shard())
                .param("userId", proposal.userId().value())
                .query(Boolean.class)
                .single();
    }
}
