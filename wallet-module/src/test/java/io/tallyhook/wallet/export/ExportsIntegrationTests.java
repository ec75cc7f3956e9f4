package io.tallyhook.wallet.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.WalletModuleTest;
import io.tallyhook.wallet.books.Books;
import io.tallyhook.wallet.books.HoldOrder;
import io.tallyhook.wallet.books.StatementFilter;
import io.tallyhook.wallet.ledger.Credit;
import io.tallyhook.wallet.ledger.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Lists as files, from one snapshot, and the log of who took them. */
@WalletModuleTest
class ExportsIntegrationTests {

    private final Exports exports;
    private final Books books;
    private final Ledger ledger;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;

    ExportsIntegrationTests(
            Exports exports, Books books, Ledger ledger, TransactionTemplate transaction, JdbcClient jdbc) {
        this.exports = exports;
        this.books = books;
        this.ledger = ledger;
        this.transaction = transaction;
        this.jdbc = jdbc;
    }

    @Test
    void aStatementIsExportedWholeWithItsTotals() {
        var user = new UserId("export-1");
        recharge(user, 1203, 7);

        var rows = StrictCsv.read(csv(new Extract.OfStatement(user, StatementFilter.EVERYTHING)));

        assertThat(rows).hasSize(1 + 1203 + 1203 + 1);
        assertThat(rows.getLast().getFirst()).isEqualTo("export.total (2406)");
        assertThat(rows.getLast()).contains("216.54", "21654");
        assertThat(rows.get(1)).hasSameSizeAs(rows.getFirst()).contains("wallet.kind.RECHARGE");
    }

    @Test
    void theTrialBalanceIsExportedAsThePageShowsIt() {
        recharge(new UserId("export-2"), 1, 0);
        var today = books.today();

        var rows = StrictCsv.read(csv(new Extract.OfTrialBalance(today, today)));

        var trial = books.trialBalance(today, today);
        assertThat(rows).hasSize(trial.codes().size() + 2);
        assertThat(rows.getLast())
                .containsExactly(
                        "export.total (23)",
                        "",
                        "0.00",
                        "0",
                        trial.total().debit().plain(),
                        Long.toString(trial.total().debit().minorUnits()),
                        trial.total().credit().plain(),
                        Long.toString(trial.total().credit().minorUnits()),
                        "0.00",
                        "0");
    }

    @Test
    void aWorkbookNamesTheHashOfTheCsvFileWithTheSameLines() {
        var user = new UserId("export-3");
        recharge(user, 3, 1);
        var extract = new Extract.OfStatement(user, StatementFilter.EVERYTHING);
        var csv = csv(extract);
        var out = new ByteArrayOutputStream();

        exports.write(extract, Format.XLSX, "mei", key -> key, out);

        var hash = sha256(csv);
        assertThat(Sheets.of(out.toByteArray()).rows(2))
                .anySatisfy(row ->
                        assertThat(row).extracting(Sheets.Cell::value).containsExactly("export.info.sha256", hash));
        var log = exports.log(new Paging(2, null)).items();
        assertThat(log).extracting(ExportRecord::format).containsExactly("XLSX", "CSV");
        assertThat(log).allSatisfy(one -> {
            assertThat(one.sha256()).contains(hash);
            assertThat(one.rows()).contains(6L);
            assertThat(one.exportedBy()).isEqualTo("mei");
            assertThat(one.filter()).contains("user=export-3", "PRINCIPAL+BONUS");
        });
    }

    @Test
    void anAccountAndTheOpenHoldsAreExportedToo() {
        recharge(new UserId("export-4"), 2, 0);
        var account = books.accounts("1012.80", books.today(), books.today())
                .accounts()
                .getFirst();

        var lines = StrictCsv.read(csv(new Extract.OfAccount(
                "1012.80", account.channel(), account.accountId(), books.today(), books.today())));
        var holds = StrictCsv.read(csv(new Extract.OfOpenHolds(HoldOrder.AGE)));

        assertThat(lines.getLast()).contains(account.turnover().debit().plain());
        assertThat(holds.getLast().getFirst()).startsWith("export.total (");
    }

    @Test
    void whatIsBookedWhileTheFileIsWrittenIsNotInIt() {
        var user = new UserId("export-5");
        recharge(user, 1500, 0);
        var out = new ByteArrayOutputStream();

        exports.write(
                new Extract.OfStatement(user, StatementFilter.EVERYTHING),
                Format.CSV,
                "mei",
                key -> key,
                new OutputStream() {
                    private boolean booked;

                    @Override
                    public void write(int one) {
                        out.write(one);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) {
                        if (!booked) {
                            booked = true;
                            elsewhere(() -> recharge(user, 1, 0));
                        }
                        out.write(bytes, from, length);
                    }
                });

        assertThat(StrictCsv.read(out.toString(StandardCharsets.UTF_8))).hasSize(1502);
        assertThat(StrictCsv.read(csv(new Extract.OfStatement(user, StatementFilter.EVERYTHING))))
                .hasSize(1503);
    }

    @Test
    void anExportThatBreaksOffIsInTheLogAsThat() {
        var user = new UserId("export-6");
        recharge(user, 1, 0);

        assertThatThrownBy(() -> exports.write(
                        new Extract.OfStatement(user, StatementFilter.EVERYTHING),
                        Format.CSV,
                        "jun",
                        key -> key,
                        new OutputStream() {
                            @Override
                            public void write(int one) throws IOException {
                                throw new IOException("the line went dead");
                            }
                        }))
                .isInstanceOf(UncheckedIOException.class);

        var logged = exports.log(new Paging(1, null)).items().getFirst();
        assertThat(logged.exportedBy()).isEqualTo("jun");
        assertThat(logged.finishedAt()).isEmpty();
        assertThat(logged.rows()).isEmpty();
    }

    @Test
    void theLogCannotBeRewritten() {
        csv(new Extract.OfOpenHolds(HoldOrder.AGE));

        for (var rewriting :
                List.of("UPDATE wallet.export_log SET exported_by = 'nobody'", "DELETE FROM wallet.export_log")) {
            assertThatThrownBy(() -> jdbc.sql(rewriting).update()).isInstanceOf(DataAccessException.class);
        }
    }

    @Test
    void aThirdExportAtOnceIsRefusedAndWritesNothing() throws Exception {
        var begun = new CountDownLatch(2);
        var goOn = new CountDownLatch(1);
        try (var people = Executors.newFixedThreadPool(2)) {
            var slow = IntStream.range(0, 2)
                    .mapToObj(i -> people.submit(() -> exports.write(
                            new Extract.OfOpenHolds(HoldOrder.AGE), Format.CSV, "slow", key -> key, new OutputStream() {
                                @Override
                                public void write(int one) throws IOException {
                                    begun.countDown();
                                    await(goOn);
                                }
                            })))
                    .toList();
            await(begun);
            var out = new ByteArrayOutputStream();

            assertThatThrownBy(() ->
                            exports.write(new Extract.OfOpenHolds(HoldOrder.AGE), Format.CSV, "mei", key -> key, out))
                    .isInstanceOfSatisfying(
                            Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("exports-busy"));

            assertThat(out.size()).isZero();
            goOn.countDown();
            for (var one : slow) {
                one.get();
            }
        }
        csv(new Extract.OfOpenHolds(HoldOrder.AGE));
    }

    private String csv(Extract extract) {
        var out = new ByteArrayOutputStream();
        exports.write(extract, Format.CSV, "mei", key -> key, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void recharge(UserId user, int times, long bonus) {
        var credits = IntStream.range(0, times)
                .mapToObj(i -> new Credit(
                        "%s-%d-%d".formatted(user, System.nanoTime(), i),
                        "R-" + i,
                        user,
                        Money.fen(11),
                        Money.fen(bonus),
                        Optional.empty(),
                        "bank",
                        "main",
                        Instant.parse("2026-01-01T00:00:00Z")))
                .toList();
        transaction.executeWithoutResult(status -> ledger.credit(credits));
    }

    private static void elsewhere(Runnable work) {
        try (var thread = Executors.newSingleThreadExecutor()) {
            thread.submit(work).get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, java.util.concurrent.TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
