/**
 * What an auditor runs: {@code verify-ledger}. It needs nothing but the right to read, and trusts nothing that the database
 * computes: it reads the rows, hashes them here, and compares with the chain. It shares no code with what seals.
 */
@NullMarked
package io.tallyhook.wallet.audit.verify;

import org.jspecify.annotations.NullMarked;
