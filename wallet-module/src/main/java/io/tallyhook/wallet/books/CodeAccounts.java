package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.TrialBalance.CodeLine;
import io.tallyhook.wallet.books.TrialBalance.Turnover;
import java.time.LocalDate;
import java.util.List;

/**
 * One code of the trial balance, and the platform's accounts that it consists of. The users' accounts of a code are
 * another list: {@link Books#users}.
 */
public record CodeAccounts(LocalDate from, LocalDate to, CodeLine code, List<PlatformAccount> accounts) {

    /**
     * An account that is no user's.
     *
     * @param channel of a clearing account, such as {@code wechat/main}; else empty
     */
    public record PlatformAccount(long accountId, String channel, Turnover turnover) {}

    /**
     * A user's account.
     *
     * @param balance as it is now, in the account's own direction, so never negative
     * @param closing as it was at the end of the day that was asked for
     * @param lines how many lines its statement has
     */
    public record UserAccount(UserId userId, long accountId, Money balance, Money closing, long lines) {}
}
