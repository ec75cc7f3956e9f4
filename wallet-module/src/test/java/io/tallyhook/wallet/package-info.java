@NullMarked
package io.tallyhook.wallet;

import org.jspecify.annotations.NullMarked;
