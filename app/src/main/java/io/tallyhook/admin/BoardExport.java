package io.tallyhook.admin;

import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.board.Board;
import io.tallyhook.payment.board.BoardFilter;
import io.tallyhook.payment.board.BoardLine;
import io.tallyhook.wallet.export.Column;
import io.tallyhook.wallet.export.Extract;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/** The lines of the board as a file, in the reader's language: the oldest ones, up to a bound, and it says so if there are more. */
@Component
class BoardExport {

    /** More than this nobody works through line by line, and they are held at a time. */
    private static final int MOST = 10_000;

    private static final List<Column> COLUMNS = List.of(
            Column.text("board.kind"),
            Column.text("board.cause"),
            Column.time("board.since"),
            Column.text("board.payment"),
            Column.text("board.purpose"),
            Column.text("reference"),
            Column.text("user"),
            Column.total("board.amount"),
            Column.text("board.refund"),
            Column.text("board.delivery"),
            Column.text("board.detail"),
            Column.text("board.asked"));

    private final Board board;
    private final MessageSource messages;
    private final Sentences sentences;

    BoardExport(Board board, MessageSource messages, Sentences sentences) {
        this.board = board;
        this.messages = messages;
        this.sentences = sentences;
    }

    /** @param words what it is limited to, for the log */
    Extract.OfLines of(BoardFilter filter, String words) {
        return of(filter, words, MOST);
    }

    Extract.OfLines of(BoardFilter filter, String words, int most) {
        var lines = new ArrayList<List<@Nullable Object>>();
        @Nullable String cursor = null;
        Page<BoardLine> page;
        do {
            page = board.lines(filter, new Paging(Math.min(Paging.MAX_LIMIT, most - lines.size()), cursor));
            page.items().forEach(line -> lines.add(cells(line)));
            cursor = page.nextCursor();
        } while (cursor != null && lines.size() < most);
        if (cursor != null) {
            lines.add(thereIsMore(most));
        }
        return new Extract.OfLines("board", words, COLUMNS, lines);
    }

    private List<@Nullable Object> cells(BoardLine line) {
        var cells = new ArrayList<@Nullable Object>();
        cells.add(say("badge.board." + line.kind()));
        cells.add(say("board.cause." + line.cause()));
        cells.add(line.since());
        cells.add(line.outTradeNo());
        cells.add(messages.getMessage(
                "purpose." + line.purpose(), null, line.purpose(), LocaleContextHolder.getLocale()));
        cells.add(line.reference());
        cells.add(line.userId().value());
        cells.add(line.amount());
        cells.add(line.refundNo());
        cells.add(line.callbackId());
        cells.add(detail(line));
        cells.add(line.asked() == null ? null : say("board.asked." + line.asked()));
        return cells;
    }

    private @Nullable String detail(BoardLine line) {
        if (line.values().size() < 2) {
            return line.detail() == null ? null : sentences.say(line.detail());
        }
        var values = say("board.values", sentences.each(line.values()).toArray());
        return line.detail() == null ? values : say("check." + line.detail()) + ": " + values;
    }

    private List<@Nullable Object> thereIsMore(int most) {
        var cells = new ArrayList<@Nullable Object>(Collections.nCopies(COLUMNS.size(), null));
        cells.set(0, say("board.export.more", most));
        return cells;
    }

    private String say(String key, Object... arguments) {
        return Objects.requireNonNull(messages.getMessage(key, arguments, key, LocaleContextHolder.getLocale()));
    }
}
