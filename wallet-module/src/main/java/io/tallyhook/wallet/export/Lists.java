package io.tallyhook.wallet.export;

import static io.tallyhook.wallet.export.Column.day;
import static io.tallyhook.wallet.export.Column.money;
import static io.tallyhook.wallet.export.Column.number;
import static io.tallyhook.wallet.export.Column.text;
import static io.tallyhook.wallet.export.Column.time;
import static io.tallyhook.wallet.export.Column.total;

import io.tallyhook.wallet.books.AccountLine;
import io.tallyhook.wallet.books.Books;
import io.tallyhook.wallet.books.Extracts;
import io.tallyhook.wallet.books.HoldLine;
import io.tallyhook.wallet.books.StatementLine;
import io.tallyhook.wallet.books.TrialBalance.CodeLine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Which columns each list has as a file, and what stands in them. */
@Component
class Lists {

    private static final List<Column> STATEMENT = List.of(
            text("part"),
            number("seq"),
            time("bookedAt"),
            time("eventAt"),
            text("kind"),
            text("reference"),
            text("requestKey"),
            text("voucher"),
            total("debit"),
            total("credit"),
            money("balance"));

    private static final List<Column> TRIAL_BALANCE =
            List.of(text("code"), text("account"), total("opening"), total("debit"), total("credit"), total("closing"));

    private static final List<Column> ACCOUNT = List.of(
            day("acctDate"),
            time("bookedAt"),
            time("eventAt"),
            text("kind"),
            text("reference"),
            text("requestKey"),
            text("voucher"),
            total("debit"),
            total("credit"));

    private static final List<Column> HOLDS = List.of(
            text("hold"),
            text("user"),
            text("reference"),
            time("bookedAt"),
            time("expiresAt"),
            total("principal"),
            total("bonus"),
            total("principalLeft"),
            total("bonusLeft"));

    private final Books books;
    private final Extracts extracts;

    Lists(Books books, Extracts extracts) {
        this.books = books;
        this.extracts = extracts;
    }

    static List<Column> columns(Extract extract) {
        return switch (extract) {
            case Extract.OfStatement _ -> STATEMENT;
            case Extract.OfTrialBalance _ -> TRIAL_BALANCE;
            case Extract.OfAccount _ -> ACCOUNT;
            case Extract.OfOpenHolds _ -> HOLDS;
            case Extract.OfLines lines -> lines.columns();
        };
    }

    void read(Extract extract, Words words, Counted rows) {
        switch (extract) {
            case Extract.OfStatement(var user, var filter) ->
                extracts.statement(user, filter, line -> rows.row(cells(line, words)));
            case Extract.OfTrialBalance(var from, var to) ->
                books.trialBalance(from, to).codes().forEach(line -> rows.row(cells(line, words)));
            case Extract.OfAccount account ->
                extracts.account(
                        account.accountId(), account.from(), account.to(), line -> rows.row(cells(line, words)));
            case Extract.OfOpenHolds(var order) -> extracts.openHolds(order, line -> rows.row(cells(line)));
            case Extract.OfLines lines -> lines.lines().forEach(rows::row);
        }
    }

    private static List<@Nullable Object> cells(StatementLine line, Words words) {
        return cells(
                words.say("wallet.part." + line.purse()),
                line.seq(),
                line.bookedAt(),
                line.eventAt(),
                words.say("wallet.kind." + line.kind()),
                line.reference(),
                line.requestKey(),
                Long.toString(line.journalId()),
                line.debit() ? line.size() : null,
                line.debit() ? null : line.size(),
                line.balance());
    }

    private static List<@Nullable Object> cells(CodeLine line, Words words) {
        var turnover = line.turnover();
        return cells(
                line.code(),
                words.say("account." + line.code()),
                turnover.opening(),
                turnover.debit(),
                turnover.credit(),
                turnover.closing());
    }

    private static List<@Nullable Object> cells(AccountLine line, Words words) {
        return cells(
                line.acctDate(),
                line.bookedAt(),
                line.eventAt(),
                words.say("wallet.kind." + line.kind()),
                line.reference(),
                line.requestKey(),
                Long.toString(line.journalId()),
                line.debit() ? line.size() : null,
                line.debit() ? null : line.size());
    }

    private static List<@Nullable Object> cells(HoldLine line) {
        return cells(
                line.holdNo(),
                line.userId().value(),
                line.reference(),
                line.bookedAt(),
                line.expiresAt(),
                line.principal(),
                line.bonus(),
                line.principalLeft(),
                line.bonusLeft());
    }

    private static List<@Nullable Object> cells(@Nullable Object... cells) {
        var list = new ArrayList<@Nullable Object>(cells.length);
        for (var cell : cells) {
            list.add(cell);
        }
        return list;
    }
}
