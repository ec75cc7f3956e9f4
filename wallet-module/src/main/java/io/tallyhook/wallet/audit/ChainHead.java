package io.tallyhook.wallet.audit;

import io.tallyhook.wallet.Proof;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The last block of the chain. Whoever keeps its hash outside of the database can tell later whether anything before it was
 * changed, by anybody.
 *
 * @param block its number; 0: nothing is sealed yet
 * @param journals how many journals the chain holds up to it
 * @param sha256 its hash in hex; empty: nothing is sealed yet
 * @param sealedAt when it was sealed; absent: nothing is sealed yet
 */
public record ChainHead(
        long block, long journals, String sha256, @Nullable Instant sealedAt) {

    static final ChainHead NOTHING = new ChainHead(0, 0, "", null);

    /** As {@code GET /ledger/proof} shows it. */
    public Proof.Sealed sealed() {
        return new Proof.Sealed(block, journals, sha256);
    }
}
