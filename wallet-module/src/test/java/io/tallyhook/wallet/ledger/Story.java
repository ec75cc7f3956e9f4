package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A few wallets in the database and in the model, both told the same steps; they must agree after each. */
final class Story {

    static final int USERS = 2;

    private static final String LOOK = """
            WITH me AS MATERIALIZED (SELECT * FROM wallet.owner WHERE user_id = ANY (:users))
            (SELECT j.journal_id,
                    j.kind || ' ' || CASE j.kind WHEN 'EXPIRY' THEN j.reference ELSE j.request_key END
                    || ' @' || (extract(epoch FROM j.booked_at) * 1000000)::bigint
                    || string_agg(' | ' || a.gl_code || coalesce('/' || nullif(a.channel, ''), '') || ' ' || p.amount
                                  || coalesce(' #' || p.seq || '=' || p.balance, ''), '' ORDER BY p.line)
             FROM wallet.journal j
             JOIN wallet.posting p ON p.acct_date = j.acct_date AND p.shard = j.shard AND p.journal_id = j.journal_id
             JOIN wallet.account a ON a.account_id = p.account_id
             WHERE j.journal_id > :after
             GROUP BY j.acct_date, j.shard, j.journal_id ORDER BY j.journal_id)
            UNION ALL
            SELECT 0, o.user_id || ' ' || b.gl_code || ' ' || abs(b.credit - b.debit)
            FROM me o JOIN wallet.account_balance b ON b.shard = o.shard AND b.owner_id = o.owner_id
            WHERE b.credit <> b.debit
            UNION ALL
            SELECT 0, o.user_id || ' lot ' || l.request_key || ' ' || l.principal_left || '+' || l.bonus_left || ' of '
                   || l.principal || '+' || l.bonus || ' until '
                   || CASE WHEN isfinite(l.expires_at) THEN ((extract(epoch FROM l.expires_at) * 1000000)::bigint)::text
                           ELSE 'ever' END
            FROM me o JOIN wallet.wallet_lot l ON l.shard = o.shard AND l.owner_id = o.owner_id
            UNION ALL
            SELECT 0, o.user_id || ' hold ' || h.hold_no || ' ' || h.principal_left || '+' || h.bonus_left
            FROM me o JOIN wallet.hold h ON h.shard = o.shard AND h.owner_id = o.owner_id
            """;

    private record Seen(List<String> journals, List<String> state) {}

    private final Teller teller;
    private final StoppedClock clock;
    private final Instant start;
    private final String name;
    private final List<UserId> users;
    private final BankModel model;
    private final List<Step> told = new ArrayList<>();
    private long lastJournal;

    /** @param name of capital letters and digits, ending in a letter that is in no key; no two stories have the same */
    Story(Teller teller, StoppedClock clock, Instant start, String name) {
        this.teller = teller;
        this.clock = clock;
        this.start = start;
        this.name = name;
        this.users = IntStream.range(0, USERS)
                .mapToObj(user -> new UserId(name + "u" + user))
                .toList();
        this.model = new BankModel(users, start);
        this.lastJournal = new Auditor(teller.jdbc()).number("SELECT coalesce(max(journal_id), 0) FROM wallet.journal");
        clock.set(start);
    }

    BankModel model() {
        return model;
    }

    List<Step> told() {
        return told;
    }

    void tell(Step step) {
        told.add(step);
        var answer = perform(step);
        same("answer", model.perform(step, clock.instant()), answer);
        var seen = look();
        same("journals", model.newJournals(), seen.journals());
        same("state", model.state(), seen.state());
    }

    private static void same(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError("%s%n  must be %s%n  but is  %s".formatted(what, expected, actual));
        }
    }

    private String perform(Step step) {
        try {
            return switch (step) {
                case Step.Recharge it -> recharge(it.batch());
                case Step.Spend it ->
                    Example.told(
                            teller.under(it.policy()).spend(key(it.key()), user(it.user()), it.amount(), it.purpose()));
                case Step.GiveBack it ->
                    Example.told(teller.giveBack(key(it.key()), user(it.user()), key(it.spent()), it.amount()));
                case Step.Hold it ->
                    Example.told(
                            teller.under(it.policy()).hold(key(it.key()), user(it.user()), it.amount(), it.lasting()));
                case Step.Capture it ->
                    Example.told(
                            teller.capture(key(it.key()), user(it.user()), key(it.hold()), it.amount(), it.purpose()));
                case Step.Release it -> Example.told(teller.release(key(it.key()), user(it.user()), key(it.hold())));
                case Step.Refund it ->
                    Example.told(
                            teller.refundRecharge(key(it.key()), user(it.user()), key(it.recharge()), it.amount()));
                case Step.End it ->
                    Example.told(
                            it.paidOut()
                                    ? teller.settled(key(it.key()), user(it.user()))
                                    : teller.failed(key(it.key()), user(it.user())));
                case Step.Adjust it -> Example.told(adjust(it));
                case Step.ExpireBonuses() -> "expired " + teller.expireBonuses(users);
                case Step.ReleaseOverdue() ->
                    "released "
                            + teller.releaseOverdue(users).stream()
                                    .map(this::shortened)
                                    .toList();
                case Step.Tick it -> {
                    clock.move(it.by());
                    yield "moved by " + it.by();
                }
            };
        } catch (RequestConflict conflict) {
            return "CONFLICT";
        }
    }

    private String recharge(List<Step.Terms> batch) {
        return teller
                .recharge(batch.stream()
                        .map(terms -> Teller.credit(
                                key(terms.key()),
                                user(terms.user()),
                                terms.principal(),
                                terms.bonus(),
                                terms.bonusDays(),
                                terms.channel()))
                        .toList())
                .stream()
                .map(booked -> shortened(booked.requestKey()) + (booked.replayed() ? " again" : ""))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private Answer adjust(Step.Adjust it) {
        return teller.adjust(
                key(it.key()),
                user(it.user()),
                it.kind(),
                it.amount(),
                it.subject() == null ? null : key(it.subject()),
                expiry(it));
    }

    private @Nullable Instant expiry(Step.Adjust it) {
        return it.bonusUntil() == null ? null : start.plus(it.bonusUntil());
    }

    /** What the database says of these users: the journals since this was asked last, and all that they have. */
    private Seen look() {
        var names = users.stream().map(UserId::value).toArray(String[]::new);
        var journals = new ArrayList<String>();
        var state = new ArrayList<String>();
        teller.jdbc()
                .sql(LOOK)
                .param("after", lastJournal)
                .param("users", names)
                .query(row -> {
                    lastJournal = Math.max(lastJournal, row.getLong(1));
                    (row.getLong(1) > 0 ? journals : state).add(shortened(row.getString(2)));
                });
        return new Seen(journals, state.stream().sorted().toList());
    }

    private UserId user(int number) {
        return users.get(number);
    }

    /** A key that no other story has. That of an adjustment has a form of its own. */
    private String key(String key) {
        return key.startsWith("A") ? Teller.adjustmentNo(name + key) : name + key;
    }

    private String shortened(String text) {
        return text.replaceAll("A0*" + name, "").replace(name, "");
    }
}
