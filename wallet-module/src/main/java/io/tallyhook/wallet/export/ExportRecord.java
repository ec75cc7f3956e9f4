package io.tallyhook.wallet.export;

import java.time.Instant;
import java.util.Optional;

/**
 * That somebody took a list as a file.
 *
 * @param what which list; {@code export.what.<what>} in the message bundles
 * @param finishedAt absent: it broke off, and what was sent of it until then may have arrived
 * @param sha256 of the CSV file with the same lines, in hex
 */
public record ExportRecord(
        long exportId,
        String what,
        String filter,
        String format,
        String exportedBy,
        Instant startedAt,
        Optional<Instant> finishedAt,
        Optional<Long> rows,
        Optional<String> sha256) {}
