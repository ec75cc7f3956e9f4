@NullMarked
package io.tallyhook.wallet.export;

import org.jspecify.annotations.NullMarked;
