package io.tallyhook.wallet.audit;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Seals what was finished since the last block, and goes on while there is a whole block's worth of it. */
@Component
class SealBlocks implements Job {

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final HeadLog headLog;
    private final AuditSettings settings;
    private final Clock clock;

    SealBlocks(JdbcClient jdbc, Transactions transactions, HeadLog headLog, AuditSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.headLog = headLog;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "seal";
    }

    @Override
    public Instant dueAfter(Instant now) {
        return now.plus(settings.sealEvery());
    }

    @Override
    public String run() {
        int blocks = 0;
        try {
            var sealed = seal();
            while (sealed.isPresent()) {
                blocks++;
                headLog.sealed(sealed.get().block());
                sealed = sealed.get().isFull(settings.sealAtMost()) ? seal() : Optional.empty();
            }
        } catch (DuplicateKeyException e) {
            return "another instance seals";
        }
        return "%d blocks sealed".formatted(blocks);
    }

    private Optional<Sealed> seal() {
        return transactions.write(
                lease(),
                () -> jdbc.sql("SELECT wallet.seal(:now, :most)")
                        .param("now", Timestamp.from(BooksTime.now(clock)))
                        .param("most", settings.sealAtMost())
                        .query(Long.class)
                        .optional()
                        .map(this::sealed));
    }

    /** In a statement of its own: the one that seals does not see its block. */
    private Sealed sealed(long block) {
        return jdbc.sql("SELECT entries FROM wallet.block WHERE block_no = :block")
                .param("block", block)
                .query((row, number) -> new Sealed(block, row.getLong("entries")))
                .single();
    }

    private record Sealed(long block, long entries) {

        /** A block ends between two transactions, so that a full one may be somewhat short of the bound. */
        boolean isFull(int most) {
            return entries * 2 >= most;
        }
    }
}
