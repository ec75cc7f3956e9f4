package io.tallyhook.wallet;

/**
 * One code of the chart of accounts with its turnover, in minor units.
 *
 * @param balance debit less credit: over all lines it adds up to zero
 */
public record TrialBalanceLine(String code, String name, long debit, long credit, long balance) {}
