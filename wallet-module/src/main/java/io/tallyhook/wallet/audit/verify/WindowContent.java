package io.tallyhook.wallet.audit.verify;

import io.tallyhook.wallet.audit.verify.SealedBlock.Content;
import io.tallyhook.wallet.audit.verify.SealedRows.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** What the rows of one window say now. */
final class WindowContent {

    private final TreeMap<Long, List<byte[]>> hashesByNumber = new TreeMap<>();
    private long journals;
    private long postings;
    private long debit;
    private long credit;

    void add(Row row) {
        hashesByNumber.computeIfAbsent(row.number(), any -> new ArrayList<>(8)).add(row.sha256());
        switch (row.table()) {
            case 'J' -> journals++;
            case 'P' -> addPosting(row.amount());
            default -> {
                // Other rows are hashed only.
            }
        }
    }

    /** Damaged amounts may be of any size; then the sum is wrong too, and that is what is to be found. */
    private void addPosting(long amount) {
        postings++;
        if (amount > 0) {
            debit += amount;
        } else {
            credit -= amount;
        }
    }

    Content content() {
        return new Content(journals, postings, debit, credit);
    }

    /** The hash of each booking as it is now: over the hashes of its rows, these in order. */
    TreeMap<Long, byte[]> leaves() {
        var leaves = new TreeMap<Long, byte[]>();
        hashesByNumber.forEach((number, hashes) -> {
            hashes.sort(Arrays::compareUnsigned);
            leaves.put(number, Sha256.of(hashes));
        });
        return leaves;
    }
}
