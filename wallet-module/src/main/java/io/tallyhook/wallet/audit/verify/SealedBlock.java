package io.tallyhook.wallet.audit.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.TreeMap;

/** A row of the chain, as it is stored. */
record SealedBlock(
        long number,
        long fromXid,
        long uptoXid,
        long entries,
        Content content,
        long journalsSoFar,
        String sealedAt,
        byte[] leaves,
        byte[] body,
        byte[] previous,
        byte[] sha256) {

    static final String SELECT = """
            SELECT block_no, from_xid, upto_xid, entries, journals, journals_so_far, postings, debit, credit,
                   %s AS sealed_at, leaves, body_sha256, prev_sha256, sha256
            FROM wallet.block
            """.formatted(SealedRows.moment("sealed_at"));

    private static final int NUMBER_BYTES = 8;
    private static final int LEAF_BYTES = NUMBER_BYTES + Sha256.LENGTH;

    /** What is counted and added up over the rows of a window. */
    record Content(long journals, long postings, long debit, long credit) {}

    static SealedBlock of(ResultSet row) throws SQLException {
        return new SealedBlock(
                row.getLong("block_no"),
                row.getLong("from_xid"),
                row.getLong("upto_xid"),
                row.getLong("entries"),
                new Content(
                        row.getLong("journals"), row.getLong("postings"), row.getLong("debit"), row.getLong("credit")),
                row.getLong("journals_so_far"),
                row.getString("sealed_at"),
                row.getBytes("leaves"),
                row.getBytes("body_sha256"),
                row.getBytes("prev_sha256"),
                row.getBytes("sha256"));
    }

    /** Whether the block's hash is that of what it says. */
    boolean headIsWhole() {
        var head = "%d|%d|%d|%d|%d|%d|%d|%d|%d|%s"
                .formatted(
                        number,
                        fromXid,
                        uptoXid,
                        entries,
                        content.journals,
                        journalsSoFar,
                        content.postings,
                        content.debit,
                        content.credit,
                        sealedAt);
        return Arrays.equals(sha256, Sha256.of(head.getBytes(StandardCharsets.UTF_8), body, previous));
    }

    boolean leavesAreWhole() {
        return leaves.length % LEAF_BYTES == 0 && Arrays.equals(body, Sha256.of(leaves));
    }

    /** The hash of each booking when it was sealed, by its number. */
    TreeMap<Long, byte[]> sealedLeaves() {
        var byNumber = new TreeMap<Long, byte[]>();
        for (int at = 0; at + LEAF_BYTES <= leaves.length; at += LEAF_BYTES) {
            byNumber.put(
                    ByteBuffer.wrap(leaves, at, NUMBER_BYTES).getLong(),
                    Arrays.copyOfRange(leaves, at + NUMBER_BYTES, at + LEAF_BYTES));
        }
        return byNumber;
    }
}
