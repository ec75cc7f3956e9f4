@NullMarked
package io.tallyhook.wallet.ledger;

import org.jspecify.annotations.NullMarked;
