package io.tallyhook.wallet.audit;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The chain of sealed blocks. */
@Repository
class Chain {

    private final JdbcClient jdbc;

    Chain(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    ChainHead head() {
        return find("ORDER BY block_no DESC LIMIT 1", 0).orElse(ChainHead.NOTHING);
    }

    Optional<ChainHead> block(long number) {
        return find("WHERE block_no = :number", number);
    }

    private Optional<ChainHead> find(String which, long number) {
        return jdbc.sql("""
                        SELECT block_no, journals_so_far, encode(sha256, 'hex') AS sha256, sealed_at
                        FROM wallet.block %s
                        """.formatted(which))
                .param("number", number)
                .query((row, n) -> new ChainHead(
                        row.getLong("block_no"),
                        row.getLong("journals_so_far"),
                        row.getString("sha256"),
                        row.getTimestamp("sealed_at").toInstant()))
                .optional();
    }
}
