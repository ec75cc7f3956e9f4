package io.tallyhook.wallet.audit.verify;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A head that somebody kept outside of the database. If it is still in the chain, nothing before it was changed, not even by
 * somebody who rewrote the whole chain.
 *
 * @param block absent: wherever it is
 */
record ExpectedHead(@Nullable Long block, String sha256) {

    ExpectedHead {
        sha256 = sha256.toLowerCase(Locale.ROOT);
    }

    boolean isAt(SealedBlock candidate) {
        return (block == null || block == candidate.number())
                && sha256.equals(HexFormat.of().formatHex(candidate.sha256()));
    }

    Finding missing(Optional<String> instead) {
        var where = block == null ? "no block" : "not block %d".formatted(block);
        return Finding.of(
                "head-differs",
                "The head that you kept, %s, is %s of this chain%s. The chain was cut or written anew."
                        .formatted(
                                sha256,
                                where,
                                instead.map(hash -> ", which has " + hash).orElse("")));
    }
}
