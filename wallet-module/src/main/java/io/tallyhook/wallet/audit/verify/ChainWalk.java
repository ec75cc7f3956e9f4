package io.tallyhook.wallet.audit.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks over the chain from its first block to its last, a bounded part at a time, and compares each with the rows. */
final class ChainWalk {

    /** How many bookings are compared at a time: some ten megabytes. */
    private static final long BOOKINGS_AT_A_TIME = 20_000;

    private static final int BLOCKS_AT_A_TIME = 2_000;
    private static final int BLOCKS_FETCHED = 50;

    private final Connection connection;
    private final SealedRows rows;
    private final Bookings bookings;
    private final Findings findings;
    private final Optional<ExpectedHead> expected;
    private final Consumer<String> progress;

    private @Nullable SealedBlock last;
    private long journals;
    private long postings;
    private boolean expectedFound;
    private Optional<String> insteadOfExpected = Optional.empty();

    ChainWalk(Connection connection, Findings findings, Optional<ExpectedHead> expected, Consumer<String> progress) {
        this.connection = connection;
        this.rows = new SealedRows(connection);
        this.bookings = new Bookings(connection);
        this.findings = findings;
        this.expected = expected;
        this.progress = progress;
    }

    /**
     * How far the chain reaches, and what it holds.
     *
     * @param unsealed bookings of finished transactions behind the last block
     */
    record Walked(long blocks, long journals, long postings, String head, long unsealed) {}

    Walked walk(long horizon) throws SQLException {
        long seen = Long.MIN_VALUE;
        long blocks = 0;
        try (var statement = connection.createStatement()) {
            statement.setFetchSize(BLOCKS_FETCHED);
            try (var chain = statement.executeQuery(SealedBlock.SELECT + " ORDER BY block_no")) {
                var group = new ArrayList<SealedBlock>();
                long size = 0;
                while (chain.next()) {
                    var block = SealedBlock.of(chain);
                    group.add(block);
                    size += block.entries();
                    if (size >= BOOKINGS_AT_A_TIME || group.size() >= BLOCKS_AT_A_TIME) {
                        blocks += group.size();
                        seen = compare(group, seen);
                        group.clear();
                        size = 0;
                    }
                }
                blocks += group.size();
                seen = compare(group, seen);
            }
        }
        var unsealed = behind(seen, horizon);
        expected.filter(any -> !expectedFound).ifPresent(head -> findings.add(head.missing(insteadOfExpected)));
        return new Walked(
                blocks, journals, postings, last == null ? "" : HexFormat.of().formatHex(last.sha256()), unsealed);
    }

    /** Compares one part of the chain with the rows of its windows, those between them included. @return how far it reaches */
    private long compare(List<SealedBlock> group, long from) throws SQLException {
        if (group.isEmpty()) {
            return from;
        }
        var windows = new TreeMap<Long, Window>();
        for (var block : group) {
            checkHead(block);
            windows.put(block.fromXid(), new Window(block, new WindowContent()));
        }
        var outside = new TreeSet<Long>();
        long upto = Math.max(from, group.getLast().uptoXid());
        rows.read(from, upto, row -> {
            var window = windows.floorEntry(row.xid());
            if (window != null && row.xid() < window.getValue().block().uptoXid()) {
                window.getValue().content().add(row);
            } else {
                outside.add(row.number());
            }
        });
        for (var number : outside) {
            report("booking-outside", group.getFirst(), number, "lies in the window of no block");
        }
        for (var window : windows.values()) {
            compare(window.block(), window.content());
        }
        return upto;
    }

    private record Window(SealedBlock block, WindowContent content) {}

    private void checkHead(SealedBlock block) {
        var before = last;
        last = block;
        if (before == null ? block.number() != 1 : block.number() != before.number() + 1) {
            findings.add(Finding.ofBlock(
                    "block-missing",
                    block.number(),
                    "follows %s: blocks between them are gone"
                            .formatted(before == null ? "nothing" : "block " + before.number())));
        } else if (before == null ? block.fromXid() != 0 : block.fromXid() != before.uptoXid()) {
            findings.add(
                    Finding.ofBlock("chain-broken", block.number(), "does not begin where the block before it ends"));
        }
        if (!Arrays.equals(block.previous(), before == null ? new byte[Sha256.LENGTH] : before.sha256())) {
            findings.add(
                    Finding.ofBlock("chain-broken", block.number(), "does not carry the hash of the block before it"));
        }
        if (block.journalsSoFar()
                != (before == null ? 0 : before.journalsSoFar())
                        + block.content().journals()) {
            findings.add(Finding.ofBlock("chain-broken", block.number(), "counts the journals so far wrongly"));
        }
        if (!block.headIsWhole()) {
            findings.add(
                    Finding.ofBlock("block-changed", block.number(), "was changed: its hash is not that of its head"));
        }
        lookForExpected(block);
    }

    private void lookForExpected(SealedBlock block) {
        expected.ifPresent(head -> {
            expectedFound |= head.isAt(block);
            if (head.block() != null && head.block() == block.number()) {
                insteadOfExpected = Optional.of(HexFormat.of().formatHex(block.sha256()));
            }
        });
    }

    private void compare(SealedBlock block, WindowContent now) throws SQLException {
        journals += now.content().journals();
        postings += now.content().postings();
        if (!block.leavesAreWhole()) {
            findings.add(Finding.ofBlock(
                    "block-changed", block.number(), "was changed: its list of bookings is not what was sealed"));
        }
        var sealed = block.sealedLeaves();
        var leaves = now.leaves();
        for (var leaf : leaves.entrySet()) {
            var before = sealed.remove(leaf.getKey());
            if (before == null) {
                report("booking-added", block, leaf.getKey(), "was added after the block was sealed");
            } else if (!Arrays.equals(before, leaf.getValue())) {
                report("booking-changed", block, leaf.getKey(), "was changed after it was sealed");
            }
        }
        for (var gone : sealed.keySet()) {
            report("booking-removed", block, gone, "was removed after it was sealed");
        }
        if (block.entries() != leaves.size() || !block.content().equals(now.content())) {
            findings.add(Finding.ofBlock(
                    "block-differs",
                    block.number(),
                    "was sealed with %d bookings and %s; now there are %d and %s"
                            .formatted(block.entries(), block.content(), leaves.size(), now.content())));
        }
        progress.accept("block %d, %d journals so far".formatted(block.number(), journals));
    }

    private void report(String kind, SealedBlock block, long number, String what) throws SQLException {
        findings.add(
                findings.hasRoom()
                        ? bookings.describe(kind, block, number, what)
                        : new Finding(kind, block.number(), number, null, what));
    }

    /** What is not sealed yet; and what pretends to be of a transaction that there has not been. */
    private long behind(long seen, long horizon) throws SQLException {
        var unsealed = new TreeSet<Long>();
        rows.read(seen, horizon, row -> unsealed.add(row.number()));
        rows.read(
                Math.max(seen, horizon),
                Long.MAX_VALUE,
                row -> findings.add(new Finding(
                        "booking-outside",
                        null,
                        row.number(),
                        null,
                        "Journal %d is said to be of transaction %d, which has not begun"
                                .formatted(row.number(), row.xid()))));
        return unsealed.size();
    }
}
