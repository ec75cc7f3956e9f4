@NullMarked
package io.tallyhook.wallet.audit;

import org.jspecify.annotations.NullMarked;
