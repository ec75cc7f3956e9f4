package io.tallyhook.wallet.ledger;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of all wallets of an installation.
 *
 * @param drawDown which part is spent first; a change holds for what is spent from then on
 */
@ConfigurationProperties("tallyhook.wallet")
public record SpendingSettings(@DefaultValue("PRO_RATA") DrawDown drawDown) {}
