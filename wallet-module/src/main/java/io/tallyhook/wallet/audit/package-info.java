/**
 * Why the ledger can be believed: proofs over its invariants, sealed blocks, stops where something is wrong, and months that
 * are closed. Also the jobs that any instance may do and one does.
 *
 * <p>The way in is {@link io.tallyhook.wallet.audit.Audit}. What an auditor runs, which trusts none of this, is in {@code
 * verify}.
 */
@NullMarked
@NamedInterface("audit")
package io.tallyhook.wallet.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
