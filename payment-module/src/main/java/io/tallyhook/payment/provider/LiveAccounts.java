package io.tallyhook.payment.provider;

import java.util.List;

/**
 * The accounts that take real money: all that are configured under {@code tallyhook.providers}. Accounts of the sandbox
 * are not among them.
 *
 * @param names as provider and account, such as {@code wechat/main}, sorted
 */
public record LiveAccounts(List<String> names) {

    public LiveAccounts {
        names = names.stream().sorted().toList();
    }

    public boolean exist() {
        return !names.isEmpty();
    }
}
