@NullMarked
package io.tallyhook.wallet.audit.verify;

import org.jspecify.annotations.NullMarked;
